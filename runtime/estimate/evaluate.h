// evaluate.h: what points are worth, one or many side by side, here and in other processes.
#pragma once
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "runtime/estimate/simulation.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

// A point with what its evaluation gave.
struct Evaluated {
    std::vector<double> z;
    double fitness = std::numeric_limits<double>::infinity();  // J, if it was finished
    bool stopped = false;                                      // before its end, by a rule
    bool failed = false;                                       // the numbers did
    std::size_t stop = 0;                                      // times passed
    long calls = 0;
    std::vector<double> running;  // J_j; NaN beyond `stop`; empty where a limit was given
    bool valid() const { return !stopped && !failed; }
};

// The point as its simulation, finished or left, has found it; `running` stays empty.
Evaluated outcome(const Simulation&, std::vector<double> z);

// When a simulation is left.
struct StopRule {
    // At the first time j > grace at which J_j > boundary[j]; empty: never.
    std::vector<double> boundary = {};
    std::size_t grace = 0;
    // Once S_j > limit; then, instead, and `running` is not asked for.
    std::optional<double> limit = {};
};

// Takes a score to its end, or to where the rule stops it, by `advance`: fitness, stop and, without a limit,
// running, of a point without z and calls.
Evaluated follow(RunningObjective&, const std::function<void()>& advance, const StopRule&);

Evaluated evaluate(const FitProblem&, std::vector<double> z, const StopRule& = {});

// All of them, in parallel, by the problem's solver; where runs take milliseconds, helpers of executor.crew()
// take part. [points]
std::vector<Evaluated> evaluate_all(const FitProblem&, const std::vector<std::vector<double>>& points,
                                    const Executor&, const StopRule& = {});

// What `make` gives for the points, unless it is kept already. What took but milliseconds is sooner made
// again.
std::vector<Evaluated> kept_or(const RowKeeper&, const std::vector<std::vector<double>>& points,
                               const std::function<std::vector<Evaluated>()>& make);

// What a helper makes of a setup of the task "evaluate".
std::function<Table(const Table& points, const Executor&)> evaluate_part(const Table& setup);

}  // namespace rondo
