// problem.h: a model's flux balance as a linear programme. Private to balance/.
#pragma once
#include <vector>

#include "runtime/balance/balance.h"

namespace rondo {

// Optimise cost * x with lower <= x <= upper and matrix * x = 0; x: a rate for each reaction.
struct Problem {
    const FluxObjective* objective;
    std::vector<double> cost, lower, upper;  // [reactions]
    // The matrix, one entry an element, none twice.
    std::vector<int> row, column;
    std::vector<double> entry;
    int rows = 0;
};

Problem flux_problem(const Model&);

}  // namespace rondo
