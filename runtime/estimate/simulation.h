// simulation.h: one point's runs of all conditions, side by side from one time of the data to the next, and
// the objective so far.
#pragma once
#include <limits>
#include <vector>

#include "runtime/estimate/problem.h"

namespace rondo {

// May be left and taken up again between any two steps. The problem must outlive it.
class Simulation {
  public:
    Simulation(const FitProblem&, std::span<const double> z);

    bool finished() const { return index_ == problem_->times() || failed_; }
    bool failed() const { return failed_; }
    // To the next time, all conditions; not after finished().
    void advance();

    std::size_t index() const { return index_; }  // times passed, the one that failed included
    // J_j of those times; infinite after a failure.
    double running() const;
    // S_j, exactly: it never decreases, and it is the objective when finished. Infinite after a failure.
    double bound() const { return failed_ ? std::numeric_limits<double>::infinity() : bound_; }
    long calls() const;  // of right-hand sides

  private:
    bool compare(std::size_t c);
    const FitProblem* problem_;
    std::vector<DormandPrince> runs_;    // [conditions]
    std::vector<double> sums_, counts_;  // [conditions][observables], of the deviations so far
    std::vector<double> outputs_;        // [observables]
    std::size_t index_ = 0;
    double bound_ = 0;
    bool failed_ = false;
};

}  // namespace rondo
