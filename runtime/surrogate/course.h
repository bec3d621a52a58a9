// course.h: one training as it goes: what the plugin is given, told and asked for. Private to
// runtime/surrogate.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/surrogate/plugin.h"
#include "runtime/surrogate/train.h"
#include "runtime/surrogate/training_rows.h"
#include "runtime/surrogate/watcher.h"

namespace rondo {

// The layers' values, as a plugin reads and writes them.
std::vector<plugin::Layer> borrowed(std::vector<DenseLayer>& layers);

// A training between two epochs, as bytes: epochs done, whether weights were kept, two lengths, then the
// result so far (with the history) and the network as it is.
struct Checkpoint {
    int epochs_done = 0, kept = 0;
    Surrogate result, now;
};

class Course {
  public:
    // The arguments of train(), which outlive it; found: where it goes on, as checkpoint() left it.
    Course(const Table& data, const Table& validation, const Box& box,
           const std::vector<std::string>& targets, const Mlp&, const TrainOptions&, const Executor&,
           const std::optional<std::string>& found);
    Course(const Course&) = delete;
    Course& operator=(const Course&) = delete;

    const TrainPlugin& plugin() const { return plugin_; }
    plugin::Training& training() { return training_; }
    Watcher& watcher() { return *watcher_; }
    // Where it is; the plugin has written that.
    std::string checkpoint();
    // The plugin has returned `failed`: what it learned, its epochs told to the keeper. Throws what the
    // watcher has caught.
    Surrogate end(int failed, const TrainKeeper&);

  private:
    bool resample(std::span<const double> losses, int epochs_done);

    const TrainOptions& options_;
    Checkpoint state_;
    int found_epochs_;
    TrainingRows rows_;
    std::vector<Samples> held_out_;
    std::vector<plugin::Rows> held_out_rows_;
    TrainPlugin plugin_;
    std::vector<plugin::Layer> layers_, now_;
    std::vector<double> rates_;
    std::optional<Watcher> watcher_;
    plugin::Training training_{};
};

}  // namespace rondo
