// descent.h: from a start to the bottom of a valley, by steps of Gauss and Newton within a trust region.
//
// A step is the least of the local model within the bounds and a radius, which grows where the model was
// right and shrinks where it was not (Nocedal and Wright, Numerical Optimization, algorithm 4.1); it begins
// as a tenth of the search space's width: longer first steps jump over valleys to the bounds. Some hundred
// lines on Eigen: the problems have few parameters, their values come from runs that may be stopped, and a
// start's bounds are those of the search space; a library (Ceres) would need a cost function that cannot say
// "worse than what you have", and knows sums of squares alone, which a likelihood with sigmas to be found is
// not.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "runtime/estimate/search_space.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

// A function near a point, to second order.
struct LocalModel {
    double value = 0;
    std::vector<double> gradient;  // [n]
    std::vector<double>
        curvature;          // [n][n]: positive semidefinite, what first derivatives tell of the second
    bool finished = false;  // false: the value is above the limit, or there is none
    long calls = 0;         // of right-hand sides
};

class Valley {
  public:
    virtual ~Valley() = default;
    virtual const SearchSpace& space() const = 0;
    // May end as soon as it is known that the value exceeds `limit`.
    virtual LocalModel at(std::span<const double> z, double limit) = 0;
};

struct DescentOptions {
    std::size_t iterations = 100;  // trials of a step
    double tolerance = 1e-8;       // of the relative gain, and of a step's length in z
};

struct Descent {
    std::vector<double> start, z;
    double value = 0;  // infinite if the start failed
    std::size_t trials = 0;
    long calls = 0;  // of right-hand sides, sensitivities included
    bool converged = false;
};

// `fixed`: coordinates that stay. A trial may stop once it is known to be worse, which changes nothing but
// the cost.
Descent descend(Valley&, std::vector<double> start, const DescentOptions&,
                const std::vector<bool>& fixed = {});

// One descent a row of `items`, side by side, kept as they end. setup: for helpers of executor.crew(), see
// RowMap; they answer descents_table().
std::vector<Descent> descend_all(const Table& items, const std::function<Descent(std::size_t row)>& make,
                                 const std::string& setup, const Executor&, const RowKeeper&);
Table descents_table(std::span<const Descent>);

}  // namespace rondo
