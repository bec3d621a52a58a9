// tally.h: what the evaluations of a search have cost, and where they were stopped.
#pragma once
#include <map>
#include <vector>

#include "runtime/estimate/evaluate.h"

namespace rondo {

class Tally {
  public:
    explicit Tally(const FitProblem& problem) : problem_(&problem), stops_(problem.times() + 1) {}
    void add(const Evaluated&);
    void add(const Tally&);
    void add(const Table& packed);  // one that came from another process
    Table packed() const;

    // Of the candidates with one value of a whole coordinate.
    struct Group {
        long evaluated = 0, stopped = 0;
        double stop_sum = 0;  // of the stopped ones' fractions j / T
    };

    long evaluations() const { return evaluations_; }
    long stopped() const { return stopped_; }
    long failed() const { return failed_; }
    long calls() const { return calls_; }
    double mean_stop() const { return fraction_sum_ / static_cast<double>(evaluations_); }  // rho
    const std::vector<long>& stops() const {
        return stops_;
    }  // [times + 1] how many were stopped after so many times
    const std::map<double, Group>& groups() const {
        return groups_;
    }  // of the first whole coordinate, by value

  private:
    const FitProblem* problem_;
    long evaluations_ = 0, stopped_ = 0, failed_ = 0, calls_ = 0;
    double fraction_sum_ = 0;
    std::vector<long> stops_;
    std::map<double, Group> groups_;
};

}  // namespace rondo
