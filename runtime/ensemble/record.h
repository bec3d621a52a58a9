// record.h: the outputs of many runs at given times.
#pragma once
#include <functional>
#include <vector>

#include "runtime/ensemble/ensemble.h"

namespace rondo {

// Reads CompileOptions::outputs from the dense output of the runs, so that the times have no influence on
// their steps; stops each after the last one.
class LaneRecorder : public LaneObserver {
  public:
    // Where a run's values go: one array [times] for each output. What a failed run does not reach is NaN.
    using Place = std::function<double*(std::size_t run, std::size_t output)>;
    using Done = std::function<void(std::size_t run, const Outcome& outcome)>;
    // Told of times [first, last) when their values are in place, in order; from 0 again where a run begins
    // again. True: the run stops there.
    using Judge = std::function<bool(std::size_t run, std::size_t first, std::size_t last)>;

    // model: one lane, also where runs go side by side. times: ascending, none before the runs' start. model
    // and times must outlive this. judge: may be empty.
    LaneRecorder(const CompiledModel& model, const std::vector<double>& times, int lanes, Place place,
                 Done done, Judge judge = {});

    void begin(int lane, std::size_t run) override;
    void take_over(int lane, LaneObserver& other, int there) override;
    LaneMask start(const Step& step) override;
    LaneMask step(const Step& step) override;
    void end(int lane, std::size_t run, const Outcome& outcome) override;

  private:
    struct Run {
        std::size_t index = 0;
        std::size_t next = 0;  // of times
        std::vector<double> p;
        std::vector<double*> columns;  // [outputs]
    };
    bool read(const Step& step, int lane);
    void take_states(const Step& step, int lane, Run& run, std::size_t count);
    void take_outputs(const Step& step, int lane, Run& run, std::size_t count);

    const CompiledModel& model_;
    const std::vector<double>& times_;
    Place place_;
    Done done_;
    Judge judge_;
    std::vector<std::uint32_t> states_;  // that are the outputs, where all of them are states
    std::vector<Run> runs_;              // [lanes]
    std::vector<double> next_time_;      // [lanes]
    std::vector<double> values_, y_, out_;
};

}  // namespace rondo
