#include "runtime/integrate/project.h"

#include <Eigen/Dense>
#include <cmath>

namespace rondo {

bool project(const CompiledModel& model, const Situation& at) {
    const auto& constraints = model.system().constraints;
    if (constraints.empty()) return true;
    const auto n = static_cast<Eigen::Index>(constraints.size());
    std::size_t count = constraints.size() * (constraints.size() + 1);
    for (const auto& constraint : constraints) count += constraint.direction.size();
    std::vector<double> values(count);
    constexpr int most_steps = 100;
    double largest_before = std::numeric_limits<double>::infinity();
    for (int step = 0; step < most_steps; ++step) {
        model.code().constraints(&at.t, at.y.data(), at.p.data(), values.data());
        const Eigen::Map<const Eigen::VectorXd> residual(values.data(), n);
        const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> matrix(
            values.data() + n, n, n);
        const Eigen::VectorXd w = matrix.completeOrthogonalDecomposition().solve(-residual);
        if (!w.allFinite()) return false;
        double largest = 0;  // relative change of a state
        const double* coefficient = values.data() + n * (n + 1);
        for (Eigen::Index k = 0; k < n; ++k) {
            for (const auto& [state, node] : constraints[static_cast<std::size_t>(k)].direction) {
                const double change = *coefficient++ * w[k];
                largest = std::max(largest, std::abs(change) / std::max(std::abs(at.y[state]), 1e-300));
                at.y[state] += change;
            }
        }
        if (largest < 1e-14 || (largest < 1e-9 && largest >= largest_before)) return true;
        largest_before = largest;
    }
    return false;
}

}  // namespace rondo
