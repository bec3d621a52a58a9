// cycle.h: the `cycle` rule as a reader of a run: it says stop as soon as the rhythm is known.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/integrate/stream.h"
#include "runtime/label/label.h"
#include "runtime/label/rest.h"
#include "runtime/label/returns.h"
#include "runtime/label/signals.h"

namespace rondo {

// What is known of one run. The rule and its constants: docs/labelling.md.
class CycleTrack {
  public:
    // model: one lane, also where runs go side by side. model and rests must outlive this.
    CycleTrack(const CompiledModel& model, const RestFinder& rests, const CycleOptions& options);

    void start(const Step& step, int lane);
    // True once the rhythm is decided.
    bool step(const Step& step, int lane);
    const Label& label() const { return label_; }

  private:
    // The range of the quantities over a growing stretch of the run: [begin, now].
    struct Stretch {
        double begin = 0;
        long steps = 0;
        std::vector<Range> ranges;
    };
    void read(const Step& step, int lane);
    double crossing(const Step& step, int lane);
    void use(const Section& section);
    void add_return(double t);
    std::optional<Rest> rest_near(std::span<const double> y) const;
    bool at(const Rest& rest) const;
    bool fades_as(const Rest& rest) const;

    bool decide(Rhythm rhythm, std::string reason = {});
    bool decide_by_cycle();
    bool decide_by_decay();
    bool decide_by_rest();
    bool decide_by_stillness();
    bool decide_still();

    const CompiledModel& model_;
    const RestFinder& rests_;
    CycleOptions options_;
    Label label_;

    double t0_ = 0, t_ = 0;  // of the run; now
    std::vector<double> p_;
    std::vector<double> y_, y_before_;  // now; a step ago
    std::vector<double> y_largest_;     // |y| so far
    std::vector<double> outputs_;       // scratch, [observed]
    Signals signals_;
    std::optional<Section> section_;
    Returns returns_{0, 0};
    std::vector<double> y_sum_, y_mean_;  // integral since the last crossing; mean over the last return
    double sum_time_ = 0;
    long steps_ = 0;
    long next_rest_ = 0;  // the step at which to look for a fixed point
    long rest_pause_ = 0;
    std::vector<double> y_looked_;  // then
    Stretch still_;
};

// Lanes side by side.
class CycleObserver : public Observer {
  public:
    CycleObserver(const CompiledModel& model, const RestFinder& rests, const CycleOptions& options,
                  int lanes);
    LaneMask start(const Step& step) override;
    LaneMask step(const Step& step) override;
    const Label& label(int lane) const { return tracks_[static_cast<std::size_t>(lane)].label(); }

  private:
    std::vector<CycleTrack> tracks_;  // [lanes]
};

}  // namespace rondo
