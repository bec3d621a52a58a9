// race.h: the best few of many points, found without finishing the others, and with nothing lost: a
// simulation is stopped once its bound S, which can only grow, exceeds an objective that decides.
#pragma once
#include <functional>
#include <vector>

#include "runtime/estimate/evaluate.h"

namespace rondo {

struct LosslessRule {
    // by_index: one block of points after the other. best_first: always those that look best so far, a short
    // stretch at a time; for runs that can be paused, which those of an ensemble cannot. automatic:
    // best_first where it can be.
    enum class Order : std::uint8_t { automatic, best_first, by_index } order = Order::automatic;
    // Points that advance side by side, in parallel, under one threshold. The costs depend on it, the results
    // do not; nor do the costs depend on the number of workers. 0: 1, which saves most; with an ensemble 8,
    // which fill its lanes. More are for models whose runs take milliseconds.
    std::size_t block = 0;
};

// The same with nothing left open. pausable: whether runs are (FitProblem::ensemble() is null).
LosslessRule settled(LosslessRule, bool pausable);

// The largest objective that still matters, given those finished so far (in no order; infinite ones failed).
using Threshold = std::function<double(const std::vector<double>& finished)>;

// [points]; a point is stopped only if its objective exceeds the threshold at the end. Throws Error(input)
// for best_first with an ensemble.
std::vector<Evaluated> race(const FitProblem&, const std::vector<std::vector<double>>& points,
                            const LosslessRule&, const Threshold&, const Executor&);

// The k-th smallest, from 1; infinite if there are fewer.
double kth_smallest(std::vector<double> values, std::size_t k);

}  // namespace rondo
