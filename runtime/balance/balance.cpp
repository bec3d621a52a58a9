// balance.cpp: the linear programme, solved by COIN-OR's CLP.
#include "runtime/balance/balance.h"

#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <cmath>
#include <limits>

#include "runtime/balance/problem.h"

namespace rondo {

namespace {

// CLP's infinity is the largest number.
std::vector<double> finite(std::vector<double> bounds) {
    for (double& bound : bounds)
        if (std::isinf(bound)) bound = std::copysign(COIN_DBL_MAX, bound);
    return bounds;
}

std::string reason(int status) {
    if (status == 1) return "no rates keep every amount as it is within their bounds";
    if (status == 2) return "the objective has no limit; bound the reactions it grows with";
    return "the solver stopped with status " + std::to_string(status);
}

}  // namespace

Balance balance(const Model& model) {
    const Problem problem = flux_problem(model);
    const std::vector<double> lower = finite(problem.lower), upper = finite(problem.upper);
    const std::vector<double> zero(static_cast<std::size_t>(problem.rows), 0.0);
    CoinPackedMatrix matrix(true, problem.row.data(), problem.column.data(), problem.entry.data(),
                            static_cast<CoinBigIndex>(problem.entry.size()));
    matrix.setDimensions(problem.rows, static_cast<int>(lower.size()));
    ClpSimplex solver;
    solver.setLogLevel(0);
    solver.loadProblem(matrix, lower.data(), upper.data(), problem.cost.data(), zero.data(), zero.data());
    solver.setOptimizationDirection(problem.objective->maximize ? -1 : 1);
    solver.primal();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (solver.status() != 0)
        return {problem.objective->id, nan, std::vector<double>(lower.size(), nan), reason(solver.status())};
    const double* rates = solver.primalColumnSolution();
    Balance best{problem.objective->id, 0, {rates, rates + lower.size()}, ""};
    for (std::size_t i = 0; i < best.rates.size(); ++i) best.value += problem.cost[i] * best.rates[i];
    return best;
}

}  // namespace rondo
