#include "runtime/estimate/uncertainty.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "dsl/syntax/error.h"

namespace rondo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double quantile_95 = 1.959963984540054, chi_squared_95 = 3.841458820694124;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Standard errors of z: the root of the diagonal of s^2 (J^T J)^-1; infinite where the data say nothing.
std::vector<double> standard_errors(const Sensitivities::Residuals& at, std::size_t coordinates) {
    const auto p = static_cast<Eigen::Index>(coordinates), n = static_cast<Eigen::Index>(at.values.size());
    const Eigen::Map<const Matrix> slopes(at.slopes.data(), n, p);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(slopes.transpose() * slopes);
    const double variance = at.squares / static_cast<double>(n - p), largest = eigen.eigenvalues().maxCoeff();
    std::vector<double> errors;
    for (Eigen::Index i = 0; i < p; ++i) {
        double sum = 0;
        for (Eigen::Index k = 0; k < p; ++k) {
            const double share = eigen.eigenvectors()(i, k) * eigen.eigenvectors()(i, k);
            const double curvature = eigen.eigenvalues()[k];
            sum += curvature > 1e-14 * largest ? share / curvature : share > 1e-8 ? infinity : 0;
        }
        errors.push_back(std::sqrt(variance * sum));
    }
    return errors;
}

struct Profile {
    std::vector<ProfilePoint> points;
    double lower = -infinity, upper = infinity;
    long calls = 0;
};

// Outwards from the optimum until the rise is clear, the box ends, or 40 steps are made.
void walk(const Sensitivities& model, const std::vector<double>& z, double least, double count,
          std::size_t held, double step, double& end, Profile& profile) {
    const Coordinate& coordinate = model.problem().space().coordinates[held];
    std::vector<bool> fixed(z.size());
    fixed[held] = true;
    auto at = z;
    double rise_before = 0;
    for (int i = 1; i <= 40; ++i) {
        const double before = at[held];
        at[held] = std::clamp(z[held] + i * step, coordinate.lower, coordinate.upper);
        if (at[held] == before) return;
        const Descent found = descend(model, at, {30, 1e-7}, fixed);
        profile.calls += found.calls;
        if (!std::isfinite(found.value)) return;
        const double held_at = at[held], rise = count * std::log(found.value / least);
        at = found.z;
        at[held] = held_at;
        profile.points.push_back({held, coordinate.value(held_at), rise});
        if (rise >= chi_squared_95) {
            end = coordinate.value(before + (held_at - before) * (chi_squared_95 - rise_before) /
                                                (rise - rise_before));
            return;
        }
        rise_before = rise;
    }
}

}  // namespace

Uncertainty uncertainty(const Sensitivities& model, const std::vector<double>& z, const Executor& executor) {
    const SearchSpace& space = model.problem().space();
    const Descent best = descend(model, z, {100, 1e-10});
    const auto at = model.evaluate(best.z, infinity);
    if (!at.finished) throw Error(Fault::numerics, "the point cannot be simulated to the end of the data");
    if (at.values.size() <= space.size())
        throw Error(Fault::input, "there are " + std::to_string(at.values.size()) + " values for " +
                                      std::to_string(space.size()) + " free parameters; intervals need more");
    const auto errors = standard_errors(at, space.size());
    Uncertainty result{best.z, {}, {}, best.calls + at.calls};
    std::vector<Profile> profiles(space.size());
    const auto count = static_cast<double>(at.values.size());
    executor.map("profiling", space.size(), [&](int, std::size_t i) {
        const double width = space.coordinates[i].upper - space.coordinates[i].lower;
        const double step = std::min(0.25 * errors[i], width / 40);
        profiles[i].points.push_back({i, space.coordinates[i].value(best.z[i]), 0});
        walk(model, best.z, at.squares, count, i, -step, profiles[i].lower, profiles[i]);
        std::ranges::reverse(profiles[i].points);
        walk(model, best.z, at.squares, count, i, step, profiles[i].upper, profiles[i]);
    });
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Coordinate& c = space.coordinates[i];
        const double reach = quantile_95 * errors[i];
        const auto end = [&](double sign) {
            if (std::isinf(reach)) return c.kind == Coordinate::Kind::log && sign < 0 ? 0.0 : sign * infinity;
            return c.kind == Coordinate::Kind::log
                       ? c.value(std::clamp(best.z[i] + sign * reach, -700.0, 700.0))
                       : best.z[i] + sign * reach;
        };
        result.intervals.push_back(
            {c.value(best.z[i]), end(-1), end(1), profiles[i].lower, profiles[i].upper});
        result.profiles.insert(result.profiles.end(), profiles[i].points.begin(), profiles[i].points.end());
        result.calls += profiles[i].calls;
    }
    return result;
}

}  // namespace rondo
