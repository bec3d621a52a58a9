// simulation.h: one point's runs of all conditions by Dormand and Prince's method, side by side from one time
// of the data to the next, and the objective so far.
#pragma once
#include "runtime/estimate/dormand_prince.h"
#include "runtime/estimate/running_objective.h"

namespace rondo {

// May be left and taken up again between any two steps. The problem must outlive it.
class Simulation : public RunningObjective {
  public:
    Simulation(const FitProblem&, std::span<const double> z);

    // To the next time, all conditions; not after finished().
    void advance();
    long calls() const;  // of right-hand sides

  private:
    const double* observe(std::size_t c);
    const FitProblem* problem_;
    std::vector<DormandPrince> runs_;  // [conditions]
    std::vector<double> outputs_;      // [observables]
};

}  // namespace rondo
