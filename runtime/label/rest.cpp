#include "runtime/label/rest.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

using Matrix = Eigen::MatrixXd;
using Values = Eigen::VectorXd;

// The equations of some states of a model at one parameter set, in units of `scale`.
struct Scaled {
    const CompiledModel& model;
    const std::vector<std::uint32_t>& states;
    std::span<const double> p, scale;

    Values rhs(std::span<const double> y) const {
        const double t = 0;
        std::vector<double> all(y.size());
        model.code().rhs(&t, y.data(), p.data(), all.data());
        Values out(static_cast<long>(states.size()));
        for (std::size_t i = 0; i < states.size(); ++i)
            out[static_cast<long>(i)] = all[states[i]] / scale[states[i]];
        return out;
    }

    Matrix jacobian(std::span<const double> y) const {
        const double t = 0;
        const OdeSystem& system = model.system();
        std::vector<double> values(system.row_index.size());
        model.code().jacobian(&t, y.data(), p.data(), values.data());
        std::vector<long> place(y.size(), -1);
        for (std::size_t i = 0; i < states.size(); ++i) place[states[i]] = static_cast<long>(i);
        Matrix out = Matrix::Zero(static_cast<long>(states.size()), static_cast<long>(states.size()));
        for (auto column : states)
            for (auto k = system.column_start[column]; k < system.column_start[column + 1]; ++k)
                if (const auto row = system.row_index[k]; place[row] >= 0)
                    out(place[row], place[column]) = values[k] * scale[column] / scale[row];
        return out;
    }
};

// Combinations of states that never change: rows of the left null space of the Jacobian.
Matrix conserved(const Matrix& jacobian) {
    Eigen::FullPivLU<Matrix> lu(jacobian.transpose());
    lu.setThreshold(1e-13 * static_cast<double>(jacobian.rows()));
    if (lu.isInvertible()) return Matrix(0, jacobian.cols());
    return lu.kernel().transpose();
}

// Newton's step that keeps the conserved totals.
Values newton_step(const Matrix& jacobian, const Matrix& totals, const Values& rhs) {
    if (totals.rows() == 0) return jacobian.partialPivLu().solve(-rhs);
    Matrix both(jacobian.rows() + totals.rows(), jacobian.cols());
    both << jacobian, totals;
    Values right = Values::Zero(both.rows());
    right.head(rhs.size()) = -rhs;
    return both.colPivHouseholderQr().solve(right);
}

// Without as many of the smallest as there are conserved totals, each of which has an eigenvalue of 0.
std::vector<std::complex<double>> moving_eigenvalues(const Matrix& jacobian, long totals) {
    const Eigen::VectorXcd all = Eigen::EigenSolver<Matrix>(jacobian, false).eigenvalues();
    std::vector<std::complex<double>> values(all.begin(), all.end());
    std::sort(values.begin(), values.end(), [](auto a, auto b) { return std::abs(a) > std::abs(b); });
    values.resize(values.size() - static_cast<std::size_t>(totals));
    return values;
}

}  // namespace

std::optional<Rest> RestFinder::find(std::span<const double> y, std::span<const double> p,
                                     std::span<const double> scale) const {
    if (driven_) return std::nullopt;
    constexpr int max_iterations = 30;
    constexpr double close = 1e-10;  // relative to scale; the next step would be near rounding
    const Scaled equations{*model_, states_, p, scale};
    Rest rest;
    rest.y.assign(y.begin(), y.end());
    for (int i = 0; i < max_iterations; ++i) {
        const Matrix jacobian = equations.jacobian(rest.y);
        const Values rhs = equations.rhs(rest.y);
        if (!jacobian.allFinite() || !rhs.allFinite()) return std::nullopt;
        const Matrix totals = conserved(jacobian);
        const Values step = newton_step(jacobian, totals, rhs);
        if (!step.allFinite()) return std::nullopt;
        for (std::size_t k = 0; k < states_.size(); ++k)
            rest.y[states_[k]] += step[static_cast<long>(k)] * scale[states_[k]];
        if (step.size() > 0 && step.lpNorm<Eigen::Infinity>() > close) continue;
        rest.eigenvalues = moving_eigenvalues(jacobian, totals.rows());
        rest.stable = std::all_of(rest.eigenvalues.begin(), rest.eigenvalues.end(),
                                  [](auto value) { return value.real() < 0; });
        return rest;
    }
    return std::nullopt;
}

}  // namespace rondo
