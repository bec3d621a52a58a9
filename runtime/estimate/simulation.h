// simulation.h: one point's runs of all conditions, side by side from one time of the data to the next, and
// the objective so far.
#pragma once
#include <limits>
#include <vector>

#include "runtime/estimate/problem.h"
#include "runtime/parallel/executor.h"

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

// A point with what its evaluation gave.
struct Evaluated {
    std::vector<double> z;
    double fitness = std::numeric_limits<double>::infinity();  // J, if it was finished
    bool stopped = false;                                      // before its end, by a rule
    bool failed = false;                                       // the numbers did
    std::size_t stop = 0;                                      // times passed
    long calls = 0;
    std::vector<double> running;  // J_j; NaN beyond `stop`
    bool valid() const { return !stopped && !failed; }
};

// The point as its simulation, finished or left, has found it; `running` stays empty.
Evaluated outcome(const Simulation&, std::vector<double> z);

// Full, or up to the first time j > grace at which J_j > boundary[j] (empty: none).
Evaluated evaluate(const FitProblem&, std::vector<double> z, std::span<const double> boundary = {},
                   std::size_t grace = 0);

// All of them, in parallel. [points]
std::vector<Evaluated> evaluate_all(const FitProblem&, const std::vector<std::vector<double>>& points,
                                    const Executor&, std::span<const double> boundary = {},
                                    std::size_t grace = 0);

}  // namespace rondo
