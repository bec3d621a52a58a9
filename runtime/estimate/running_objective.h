// running_objective.h: the objective of one point as far as its simulation has come.
#pragma once
#include <cmath>
#include <limits>
#include <vector>

#include "runtime/estimate/problem.h"

namespace rondo {

// Of one condition: the mean over its observables of sum / count, leaving out those without any.
// [observables]
double mean_deviation(std::span<const double> sums, std::span<const double> counts);

// The problem must outlive it.
class RunningObjective {
  public:
    explicit RunningObjective(const FitProblem&);

    std::size_t times() const { return problem_->times(); }
    bool finished() const { return index_ == problem_->times() || failed_; }
    bool failed() const { return failed_; }
    std::size_t index() const { return index_; }  // times passed, the one that failed included
    // J_j of those times; infinite after a failure.
    double running() const;
    // S_j, exactly: it never decreases, and it is the objective when finished. Infinite after a failure.
    double bound() const { return failed_ ? std::numeric_limits<double>::infinity() : bound_; }

    // To the next time; not after finished(). observed(c): the observables of condition c there,
    // [observables]; null if its run has failed. Conditions behind one that failed are not asked for.
    template <class Observed>
    void take(Observed&& observed) {
        for (std::size_t c = 0; c < problem_->conditions() && !failed_; ++c) {
            const double* values = observed(c);
            failed_ = !values || !compare(c, values);
        }
        ++index_;
    }

  private:
    bool compare(std::size_t c, const double* values);
    const FitProblem* problem_;
    std::vector<double> sums_, counts_;  // [conditions][observables], of the deviations so far
    std::size_t index_ = 0;
    double bound_ = 0;
    bool failed_ = false;
};

}  // namespace rondo
