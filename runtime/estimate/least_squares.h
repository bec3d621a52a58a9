// least_squares.h: descent by gradients, from many starts.
//
// Levenberg and Marquardt's method with bounds, some fifty lines on Eigen: the problems have few parameters,
// their residuals come from runs that may be stopped, and a start's bounds are those of the search space; a
// library (Ceres) would need a cost function that cannot say "worse than what you have".
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/estimate/sensitivity.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

struct DescentOptions {
    std::size_t iterations = 100;  // trials of a step
    double tolerance = 1e-8;       // of the relative gain, and of a step's length in z
};

struct Descent {
    std::vector<double> start, z;
    double squares =
        0;  // mean squared deviation, in the weights of the objective; infinite if the start failed
    std::size_t trials = 0;
    long calls = 0;  // of right-hand sides, sensitivities included
    bool converged = false;
};

// Minimises the mean squared deviation. `fixed`: coordinates that stay. A trial is stopped once it is known
// to be worse, which changes nothing but the cost.
Descent descend(const Sensitivities&, std::vector<double> start, const DescentOptions&,
                const std::vector<bool>& fixed = {});

// From points drawn evenly: Random(seed, "fit starts", start). Helpers of executor.crew() take part.
std::vector<Descent> descend_from_many(const Sensitivities&, std::size_t starts, const DescentOptions&,
                                       std::uint64_t seed, const Executor&, const RowKeeper& = {});

// What a helper makes of a setup of the task "descend".
std::function<Table(const Table& points, const Executor&)> descend_part(const Table& setup);

}  // namespace rondo
