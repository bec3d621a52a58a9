// start.h: where a run begins. Private to runtime/ensemble.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/integrate/cvode.h"

namespace rondo {

// Of one run, computed by one lane's code, so that it is the same whatever the lanes.
class Start {
  public:
    explicit Start(const CompiledModel& model);

    // order: of the method. A reason if the run cannot begin.
    std::optional<std::string> make(std::span<const double> inputs, double t0, double t1,
                                    const IntegrateOptions& options, int order);
    // With p, y and atol as they are at t in the middle of a run.
    void go_on(double t, double t1, double rtol, int order);

    std::vector<double> p, y, slope, atol;
    double h = 0;  // the first step to try

  private:
    double first_step(double t0, double t1, double rtol, int order);
    const CompiledModel& model_;
    std::vector<double> y_then_, slope_then_;
};

}  // namespace rondo
