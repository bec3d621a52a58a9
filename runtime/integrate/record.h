// record.h: a run as a table: the model's selected outputs at given times.
#pragma once
#include <string>
#include <vector>

#include "runtime/integrate/stream.h"
#include "runtime/table/table.h"

namespace rondo {

// Reads CompileOptions::outputs of a model with one lane from the dense output of the run, so that the times
// have no influence on its steps. Stops the run after the last one.
class Recorder : public Observer {
  public:
    // names: [model.output_count()], the columns after `time`. times: ascending, none before the run's start.
    // Throws Error(input) for times that are not finite or not ascending.
    Recorder(std::vector<std::string> names, std::vector<double> times);

    LaneMask start(const Step& step) override;
    LaneMask step(const Step& step) override;

    // `time` and the outputs at the times reached: a run that failed leaves the rows until then.
    Table table() const;

  private:
    LaneMask read(const Step& step);
    std::vector<std::string> names_;
    std::vector<double> times_;
    std::size_t next_ = 0;        // of times_
    std::vector<double> values_;  // [rows][outputs]
    std::vector<double> state_;
};

}  // namespace rondo
