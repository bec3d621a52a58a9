#include "runtime/estimate/likelihood_valley.h"

#include <Eigen/Dense>
#include <cmath>

namespace rondo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

Eigen::Map<const Vector> vector(std::span<const double> values) {
    return {values.data(), std::ssize(values)};
}

// The curvature before, changed as little as makes it turn the step into the change of the gradient, as far
// as that leaves it positive definite.
std::vector<double> secant(std::span<const double> curvature, const Vector& step, const Vector& change) {
    const Eigen::Index p = step.size();
    Eigen::MatrixXd result = Eigen::Map<const Matrix>(curvature.data(), p, p);
    const Vector turned = result * step;
    const double length = step.dot(turned), seen = step.dot(change);
    if (length > 0) {
        const double share = seen >= 0.2 * length ? 1 : 0.8 * length / (length - seen);
        const Vector damped = share * change + (1 - share) * turned;
        result += damped * damped.transpose() / step.dot(damped) - turned * turned.transpose() / length;
    }
    return {result.data(), result.data() + result.size()};
}

}  // namespace

SearchSpace search_space(const LikelihoodProblem& problem) {
    SearchSpace space;
    for (const auto& parameter : problem.free)
        space.coordinates.push_back({Coordinate::Kind::linear, parameter.id, parameter.z(parameter.lower),
                                     parameter.z(parameter.upper)});
    return space;
}

LikelihoodValley::LikelihoodValley(const LikelihoodSlopes& slopes, const Likelihood& likelihood,
                                   const IntegrateOptions& options, GradientBy gradient_by)
    : runs_(slopes, likelihood, options),
      space_(search_space(likelihood.problem())),
      gradient_by_(gradient_by) {}

bool LikelihoodValley::is_below(std::span<const double> z, double limit, long& calls) {
    const LikelihoodValue found = runs_.evaluate(z, limit);
    calls += static_cast<long>(found.calls);
    return found.failure.empty() && !found.stopped && found.objective() <= limit;
}

LocalModel LikelihoodValley::at(std::span<const double> z, double limit) {
    LocalModel result;
    if (std::isfinite(limit) && !is_below(z, limit, result.calls)) return result;
    const long calls = result.calls;
    result = gradient_by_ == GradientBy::forward ? by_forward(z) : by_adjoint(z);
    result.calls += calls;
    return result;
}

LocalModel LikelihoodValley::by_forward(std::span<const double> z) {
    const LikelihoodValue found = runs_.evaluate_slopes(z);
    LocalModel result{found.objective(), found.gradient, {}, false, static_cast<long>(found.calls)};
    const auto p = std::ssize(z);
    const Eigen::Map<const Matrix> rows(found.information.data(), std::ssize(found.information) / p, p);
    Eigen::MatrixXd curvature = rows.transpose() * rows;
    curvature.diagonal() += vector(found.prior_information);
    result.finished = found.failure.empty() && std::isfinite(result.value) && curvature.allFinite();
    result.curvature.assign(curvature.data(), curvature.data() + curvature.size());
    return result;
}

LocalModel LikelihoodValley::by_adjoint(std::span<const double> z) {
    constexpr int most_secants = 9;
    LocalModel result;
    if (!last_.finished || since_information_ == most_secants) {
        result = by_forward(z);
        since_information_ = 0;
    } else {
        const LikelihoodValue found = runs_.evaluate_adjoint(z);
        result = {found.objective(), found.gradient, {}, false, static_cast<long>(found.calls)};
        const Vector gradient = vector(found.gradient);
        result.finished = found.failure.empty() && std::isfinite(result.value) && gradient.allFinite();
        if (!result.finished) return result;
        result.curvature = secant(last_.curvature, vector(z) - vector(z_), gradient - vector(last_.gradient));
        ++since_information_;
    }
    z_.assign(z.begin(), z.end());
    last_ = result;
    return result;
}

}  // namespace rondo
