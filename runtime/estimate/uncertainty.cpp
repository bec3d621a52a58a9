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

// Standard errors of z: the root of the diagonal of variance * curvature^-1; infinite where the data say
// nothing.
std::vector<double> standard_errors(const LocalModel& at, double variance) {
    const auto p = std::ssize(at.gradient);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(
        Eigen::Map<const Matrix>(at.curvature.data(), p, p));
    const double largest = eigen.eigenvalues().maxCoeff();
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

// Outwards from the optimum until the rise is clear, the bounds end, or 40 steps are made.
void walk(const Evidence& evidence, Valley& valley, const std::vector<double>& z, double least,
          std::size_t held, double step, double& end, Profile& profile) {
    const Coordinate& coordinate = valley.space().coordinates[held];
    std::vector<bool> fixed(z.size());
    fixed[held] = true;
    auto at = z;
    double rise_before = 0;
    for (int i = 1; i <= 40; ++i) {
        const double before = at[held];
        at[held] = std::clamp(z[held] + i * step, coordinate.lower, coordinate.upper);
        if (at[held] == before) return;
        const Descent found = descend(valley, at, {30, 1e-7}, fixed);
        profile.calls += found.calls;
        if (!std::isfinite(found.value)) return;
        const double held_at = at[held], rise = evidence.rise(found.value, least);
        at = found.z;
        at[held] = held_at;
        profile.points.push_back({held, evidence.value(held, held_at), rise});
        if (rise >= chi_squared_95) {
            end = evidence.value(
                held, before + (held_at - before) * (chi_squared_95 - rise_before) / (rise - rise_before));
            return;
        }
        rise_before = rise;
    }
}

}  // namespace

Evidence evidence(const Sensitivities& model) {
    const FitProblem& problem = model.problem();
    const auto& values = problem.data().values;
    const auto measured = values.size() - static_cast<std::size_t>(std::ranges::count_if(
                                              values, [](double value) { return std::isnan(value); }));
    const std::size_t p = problem.space().size();
    if (measured <= p)
        throw Error(Fault::input, "there are " + std::to_string(measured) + " values for " +
                                      std::to_string(p) + " free parameters; intervals need more");
    const auto n = static_cast<double>(measured);
    Evidence result;
    result.valley = [&model] { return sum_of_squares(model); };
    // The curvature of squares is twice that of their likelihood times the errors' variance.
    result.variance = [n, p](double least) { return 2 * least / (n - static_cast<double>(p)); };
    result.rise = [n](double value, double least) { return n * std::log(value / least); };
    result.value = [&problem](std::size_t i, double z) {
        const Coordinate& coordinate = problem.space().coordinates[i];
        if (coordinate.kind != Coordinate::Kind::log || std::isinf(z)) return coordinate.value(z);
        return coordinate.value(std::clamp(z, -700.0, 700.0));
    };
    return result;
}

Evidence evidence(const LikelihoodSlopes& slopes, const Likelihood& likelihood) {
    Evidence result;
    result.valley = [&] {
        return std::make_unique<LikelihoodValley>(slopes, likelihood, likelihood.options().integrate);
    };
    result.variance = [](double) { return 1.0; };
    result.rise = [](double value, double least) { return 2 * (value - least); };
    result.value = [&](std::size_t k, double z) { return likelihood.problem().free[k].value(z); };
    return result;
}

Uncertainty uncertainty(const Evidence& evidence, const std::vector<double>& z, const Executor& executor) {
    const auto valley = evidence.valley();
    const SearchSpace& space = valley->space();
    const Descent best = descend(*valley, z, {100, 1e-10});
    const LocalModel at = valley->at(best.z, infinity);
    if (!at.finished) throw Error(Fault::numerics, "the point cannot be simulated to the end of the data");
    const auto errors = standard_errors(at, evidence.variance(at.value));
    Uncertainty result{best.z, {}, {}, best.calls + at.calls};
    std::vector<Profile> profiles(space.size());
    executor.map("profiling", space.size(), [&](int, std::size_t i) {
        const double width = space.coordinates[i].upper - space.coordinates[i].lower;
        const double step = std::min(0.25 * errors[i], width / 40);
        const auto own = evidence.valley();
        profiles[i].points.push_back({i, evidence.value(i, best.z[i]), 0});
        walk(evidence, *own, best.z, at.value, i, -step, profiles[i].lower, profiles[i]);
        std::ranges::reverse(profiles[i].points);
        walk(evidence, *own, best.z, at.value, i, step, profiles[i].upper, profiles[i]);
    });
    for (std::size_t i = 0; i < space.size(); ++i) {
        const double reach = quantile_95 * errors[i];
        result.intervals.push_back({evidence.value(i, best.z[i]), evidence.value(i, best.z[i] - reach),
                                    evidence.value(i, best.z[i] + reach), profiles[i].lower,
                                    profiles[i].upper});
        result.profiles.insert(result.profiles.end(), profiles[i].points.begin(), profiles[i].points.end());
        result.calls += profiles[i].calls;
    }
    return result;
}

}  // namespace rondo
