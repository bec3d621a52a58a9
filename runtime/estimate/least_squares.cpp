#include "runtime/estimate/least_squares.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/sample/random.h"

namespace rondo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

// The step that solves (J^T J + damping * its diagonal) step = -J^T r in the coordinates that may move: not
// the fixed ones, and not those at a bound that the gradient pushes against.
Vector damped_step(const Sensitivities::Residuals& at, std::span<const double> z, const SearchSpace& space,
                   const std::vector<bool>& fixed, double damping) {
    const auto p = static_cast<Eigen::Index>(z.size()), n = static_cast<Eigen::Index>(at.values.size());
    const Eigen::Map<const Matrix> slopes(at.slopes.data(), n, p);
    const Eigen::Map<const Vector> values(at.values.data(), n);
    Vector gradient = slopes.transpose() * values;
    Eigen::MatrixXd normal = slopes.transpose() * slopes;
    const double largest = std::max(normal.diagonal().maxCoeff(), 1e-300);
    for (Eigen::Index i = 0; i < p; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Coordinate& coordinate = space.coordinates[k];
        const bool stays = (!fixed.empty() && fixed[k]) || (z[k] <= coordinate.lower && gradient[i] > 0) ||
                           (z[k] >= coordinate.upper && gradient[i] < 0);
        if (stays) {
            normal.row(i).setZero();
            normal.col(i).setZero();
            normal(i, i) = 1;
            gradient[i] = 0;
        } else {
            normal(i, i) += damping * std::max(normal(i, i), 1e-12 * largest);
        }
    }
    return normal.ldlt().solve(-gradient);
}

}  // namespace

Descent descend(const Sensitivities& model, std::vector<double> start, const DescentOptions& options,
                const std::vector<bool>& fixed) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Descent result{start, start, infinity, 1, 0, false};
    auto here = model.evaluate(start, infinity);
    result.calls = here.calls;
    if (!here.finished) return result;
    const SearchSpace& space = model.problem().space();
    double damping = 1e-3;
    while (result.trials < options.iterations && !result.converged) {
        const Vector step = damped_step(here, result.z, space, fixed, damping);
        std::vector<double> next = result.z;
        double length = 0;
        for (std::size_t i = 0; i < next.size(); ++i) next[i] += step[static_cast<Eigen::Index>(i)];
        space.clip(next);
        for (std::size_t i = 0; i < next.size(); ++i)
            length = std::max(length, std::abs(next[i] - result.z[i]));
        if (!(length > options.tolerance)) {
            result.converged = true;
            break;
        }
        auto there = model.evaluate(next, here.squares);
        ++result.trials;
        result.calls += there.calls;
        if (there.finished && there.squares < here.squares) {
            result.converged = here.squares - there.squares <= options.tolerance * here.squares;
            here = std::move(there);
            result.z = std::move(next);
            damping = std::max(damping / 5, 1e-12);
        } else {
            damping *= 4;
            if (damping > 1e12) result.converged = true;
        }
    }
    result.squares = here.squares;
    return result;
}

std::vector<Descent> descend_from_many(const Sensitivities& model, std::size_t starts,
                                       const DescentOptions& options, std::uint64_t seed,
                                       const Executor& executor) {
    std::vector<Descent> result(starts);
    executor.map("descending", starts, [&](int, std::size_t i) {
        Random random(seed, "fit starts", i);
        result[i] = descend(model, model.problem().space().random(random), options);
    });
    return result;
}

}  // namespace rondo
