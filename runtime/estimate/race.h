// race.h: the best few of many points, found without finishing the others, and with nothing lost: a
// simulation is stopped once its bound S, which can only grow, exceeds an objective that decides.
#pragma once
#include <functional>
#include <vector>

#include "runtime/estimate/evaluate.h"

namespace rondo {

struct LosslessRule {
    // by_index: one block of points after the other. best_first: always those that look best so far, a short
    // stretch at a time.
    enum class Order : std::uint8_t { by_index, best_first } order = Order::best_first;
    // Points that advance side by side, in parallel, under one threshold. The costs depend on it, the results
    // do not; nor do the costs depend on the number of workers. 1 saves most; more are for models whose runs
    // take milliseconds.
    std::size_t block = 1;
};

// The largest objective that still matters, given those finished so far (in no order; infinite ones failed).
using Threshold = std::function<double(const std::vector<double>& finished)>;

// [points]; a point is stopped only if its objective exceeds the threshold at the end.
std::vector<Evaluated> race(const FitProblem&, const std::vector<std::vector<double>>& points,
                            const LosslessRule&, const Threshold&, const Executor&);

// The k-th smallest, from 1; infinite if there are fewer.
double kth_smallest(std::vector<double> values, std::size_t k);

}  // namespace rondo
