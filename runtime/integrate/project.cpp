#include "runtime/integrate/project.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {

namespace {

double largest_of(std::span<const double> y) {
    double largest = 1e-300;
    for (const double value : y) largest = std::max(largest, std::abs(value));
    return largest;
}

}  // namespace

// Newton's method for algebraic rules. Along fast reactions the states first flow as the reactions would have
// them, in ever longer implicit steps of a time of their own, which become Newton's (Kelley and Keyes 1998):
// of several equilibria, this finds the one that the reactions lead to.
bool project(const CompiledModel& model, const Situation& at) {
    const auto& constraints = model.system().constraints;
    if (constraints.empty()) return true;
    const auto n = static_cast<Eigen::Index>(constraints.size());
    std::size_t count = constraints.size() * (constraints.size() + 1);
    for (const auto& constraint : constraints) count += constraint.direction.size();
    std::vector<double> values(count);
    const std::vector<double> begin(at.y.begin(), at.y.end());
    constexpr int most_steps = 300, flow_steps = 60;
    double step_size = 0, largest_before = std::numeric_limits<double>::infinity();
    for (int step = 0; step < most_steps; ++step) {
        model.code().constraints(&at.t, at.y.data(), at.p.data(), values.data());
        const Eigen::Map<const Eigen::VectorXd> residual(values.data(), n);
        using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        RowMajor matrix = Eigen::Map<const RowMajor>(values.data() + n, n, n);
        if (step_size == 0) {
            const double speed = residual.cwiseAbs().maxCoeff() / largest_of(at.y);
            step_size = 0.1 / std::max({matrix.cwiseAbs().maxCoeff(), speed, 1e-300});
        }
        for (Eigen::Index k = 0; k < n; ++k) {
            if (constraints[static_cast<std::size_t>(k)].fast) matrix(k, k) -= 1 / step_size;
        }
        step_size *= 2;
        const Eigen::VectorXd w = matrix.completeOrthogonalDecomposition().solve(-residual);
        if (!w.allFinite()) return false;
        double largest = 0;  // change of a state, in parts of what it is or has been
        const double* coefficient = values.data() + n * (n + 1);
        for (Eigen::Index k = 0; k < n; ++k) {
            for (const auto& [state, node] : constraints[static_cast<std::size_t>(k)].direction) {
                const double change = *coefficient++ * w[k];
                const double size = std::max({std::abs(at.y[state]), std::abs(begin[state]), 1e-300});
                largest = std::max(largest, std::abs(change) / size);
                at.y[state] += change;
            }
        }
        if (step < flow_steps && std::ranges::any_of(constraints, &ConstraintCode::fast)) continue;
        if (largest < 1e-14 || (largest < 1e-9 && largest >= largest_before)) return true;
        largest_before = largest;
    }
    return false;
}

}  // namespace rondo
