// lane_group.h: runs side by side by one method. Private to runtime/ensemble.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "jit/steps.h"
#include "runtime/ensemble/ensemble.h"
#include "runtime/ensemble/start.h"

namespace rondo {

// [rows][lanes] doubles on a cache line.
class LaneRows {
  public:
    LaneRows(std::size_t rows, int lanes);
    double* data() { return data_.get(); }
    std::span<const double> rows(std::size_t first, std::size_t count) const {
        return {data_.get() + first * lanes_, count * lanes_};
    }
    void set(std::size_t row, int lane, double value) {
        data_.get()[row * lanes_ + static_cast<std::size_t>(lane)] = value;
    }
    double at(std::size_t row, int lane) const {
        return data_.get()[row * lanes_ + static_cast<std::size_t>(lane)];
    }
    void set_column(std::size_t first, int lane, std::span<const double> values) {
        for (std::size_t i = 0; i < values.size(); ++i) set(first + i, lane, values[i]);
    }

    void get_column(std::size_t first, int lane, std::span<double> values) const {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = at(first + i, lane);
    }

  private:
    struct Free {
        void operator()(double* data) const { std::free(data); }
    };
    std::size_t lanes_;
    std::unique_ptr<double[], Free> data_;
};

class LaneGroup {
  public:
    // switches: whether runs that turn out to be stiff wait to go on elsewhere.
    LaneGroup(const CompiledModel& model, const CompiledSteps& steps, const IntegrateOptions& options,
              bool switches, std::unique_ptr<LaneObserver> observer);
    LaneGroup(const LaneGroup&) = delete;
    ~LaneGroup();

    bool idle() const { return active_ == 0; }
    bool full() const { return (active_ | waiting_) == all_; }
    // Puts a run into a free lane. Its outcome may come at once.
    void begin(std::size_t run, std::span<const double> inputs, double t0, double t1);
    // Whether a run is to go on elsewhere. There must be no step before it does.
    bool waits() const { return waiting_ != 0; }
    // Goes on in a free lane with a run that waits in the other group.
    void take_over(LaneGroup& other);
    // One attempt in every lane.
    void step();

    // Called when a run is over. What has failed was not ended in the observer yet: the caller may begin it
    // again elsewhere, or call give_up().
    struct Ending {
        std::size_t run;
        int lane;
        Outcome outcome;
    };
    std::function<void(const Ending&)> on_trouble;  // failed
    std::function<void()> on_end;                   // finished or stopped; the observer knows
    void give_up(const Ending& ending) { observer_->end(ending.lane, ending.run, ending.outcome); }

  private:
    class LaneStep;
    int free_lane() const;
    void place(int lane, double t, double end, const Start& start);
    Outcome outcome(int lane, Outcome::Kind kind) const;
    void finish(int lane, Outcome::Kind kind);
    void fail(int lane, std::string reason, bool out_of_steps = false);
    void hand_on(LaneMask lanes);
    void look_after(LaneMask rejected);
    void check_limits();

    const CompiledModel& model_;
    const CompiledSteps& steps_;
    const IntegrateOptions options_;
    const bool switches_, autonomous_;
    const int lanes_;
    const LaneMask all_;
    std::unique_ptr<LaneObserver> observer_;
    Start start_;
    LaneRows control_, y_, p_, atol_, work_, dense_;
    std::unique_ptr<LaneStep> step_;
    LaneMask active_ = 0, waiting_ = 0;
    std::uint64_t attempts_ = 0;
    std::uint64_t next_limit_ =
        std::numeric_limits<std::uint64_t>::max();  // attempts at which a run has had all its
    struct Run {
        std::size_t index = 0;
        std::uint64_t begun = 0, rejected = 0;  // attempts of the group then; rejected ones since
        std::uint64_t attempts_before = 0;      // by the group that began it
        Outcome before = {};                    // the counts there
    };
    std::uint64_t limit_of(const Run& run) const;
    std::vector<Run> runs_;  // [lanes]
};

}  // namespace rondo
