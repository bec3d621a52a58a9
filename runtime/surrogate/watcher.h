// watcher.h: hears of every epoch of a training: keeps the history, shows progress, and says when to stop and
// what to keep. Private to runtime/surrogate.
#pragma once
#include <chrono>
#include <exception>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "runtime/surrogate/plugin.h"
#include "runtime/surrogate/train.h"

namespace rondo {

class Watcher {
  public:
    // next(losses, epochs done): gives the plugin the rows of the next epoch; whether they are others.
    using Next = std::function<bool(std::span<const double> losses, int done)>;
    // The loss that the plateau rule watches.
    using Watched = std::function<double(const plugin::Epoch&)>;
    // rates: of all epochs; a plateau lowers those to come.
    Watcher(const TrainOptions& options, const Executor& executor, std::span<double> rates, Next next,
            Watched watched);
    ~Watcher();
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    // What the plugin calls; self: a Watcher. Nothing is thrown through the plugin: see rethrow().
    static unsigned on_epoch(void* self, const plugin::Epoch* epoch);
    static void on_checkpoint(void* self);
    void rethrow() const;

    // What it heard before the training was stopped.
    void remember(const Table& past);

    std::function<void()> keep;           // called at checkpoints, once the training has written what it is
    double seconds = 0;                   // between checkpoints
    std::size_t row_count = 0;            // whose losses are kept; 0: none are
    std::vector<double> row_losses = {};  // of the last epoch

    Table history() const;
    int epochs() const;

  private:
    std::string probe_column(std::size_t k) const;
    double rate(std::size_t epoch) const;
    unsigned hear(const plugin::Epoch& epoch);
    unsigned checkpoint_due(unsigned answer);
    void watch(double loss);
    void show(double train_loss, double validation_loss) const;
    unsigned judge(int epoch, double validation_loss);

    const TrainOptions& options_;
    const Executor& executor_;
    std::span<double> rates_;
    std::vector<double> epochs_, train_losses_, validation_losses_, watched_losses_;
    double best_loss_ = std::numeric_limits<double>::infinity();
    int best_epoch_ = 0;
    Next next_;
    Watched watched_;
    PlateauRule rule_;
    std::vector<std::vector<double>> probe_losses_;  // [probes]
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::exception_ptr thrown_;
};

}  // namespace rondo
