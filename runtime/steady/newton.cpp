#include "runtime/steady/newton.h"

#include <algorithm>
#include <cmath>

#include "runtime/integrate/project.h"

namespace rondo {
namespace {

using Matrix = Eigen::MatrixXd;
using Values = Eigen::VectorXd;

Eigen::Index size_of(std::size_t count) {
    return static_cast<Eigen::Index>(count);
}

Eigen::Map<const Values> as_values(std::span<const double> y) {
    return {y.data(), size_of(y.size())};
}

}  // namespace

SteadyEquations::SteadyEquations(const CompiledModel& model, std::span<double> p)
    : model_(model), p_(p), totals_(conserved_totals(model.system()).value_or(std::vector<Total>{})) {}

Values SteadyEquations::rhs(std::span<const double> y) const {
    const double t = 0;
    Values out(size_of(y.size()));
    model_.code().rhs(&t, y.data(), p_.data(), out.data());
    return out;
}

Matrix SteadyEquations::jacobian(std::span<const double> y) const {
    const double t = 0;
    const OdeSystem& system = model_.system();
    std::vector<double> values(system.row_index.size());
    model_.code().jacobian(&t, y.data(), p_.data(), values.data());
    Matrix out = Matrix::Zero(size_of(y.size()), size_of(y.size()));
    for (std::size_t column = 0; column < y.size(); ++column)
        for (auto k = system.column_start[column]; k < system.column_start[column + 1]; ++k)
            out(system.row_index[k], size_of(column)) = values[k];
    return out;
}

Values SteadyEquations::magnitudes(std::span<const double> y) const {
    constexpr double least = 1e-6;
    const Values size = as_values(y).cwiseAbs();
    const double largest = size.size() ? size.maxCoeff() : 0;
    return size.cwiseMax(largest > 0 ? least * largest : 1.0);
}

// One row a total, of length 1.
Matrix SteadyEquations::scaled_totals(const Values& scale) const {
    Matrix out = Matrix::Zero(size_of(totals_.size()), scale.size());
    for (std::size_t i = 0; i < totals_.size(); ++i) {
        for (const auto& [state, weight] : totals_[i])
            out(size_of(i), state) = static_cast<double>(weight) * scale[state];
        out.row(size_of(i)).normalize();
    }
    return out;
}

// Equations of fast and slow states weigh the same. What the totals leave open (see Total; a rule may keep a
// quantity in other ways) does not move.
SteadyEquations::NewtonStep SteadyEquations::step(const Matrix& jacobian, const Matrix& totals,
                                                  const Values& rhs, const Values& missing) const {
    Matrix both(jacobian.rows() + totals.rows(), jacobian.cols());
    both << jacobian, totals;
    Values right(both.rows());
    right << -rhs, totals * missing;
    for (Eigen::Index i = 0; i < jacobian.rows(); ++i) {
        const double size = jacobian.row(i).norm();
        if (size == 0) continue;
        both.row(i) /= size;
        right[i] /= size;
    }
    const Values change = both.completeOrthogonalDecomposition().solve(right);
    return {change, (both * change - right).lpNorm<Eigen::Infinity>()};
}

std::optional<Zero> SteadyEquations::find(std::span<const double> start, std::span<const double> same,
                                          double tolerance) const {
    constexpr int most_steps = 50, most_halvings = 12;
    Zero zero{{start.begin(), start.end()}, 0, {}, false};
    if (start.empty()) return zero.stable = true, zero;
    for (int i = 0; i < most_steps; ++i) {
        const Values scale = magnitudes(zero.y);
        const Values rate = rhs(zero.y).cwiseQuotient(scale);
        const Matrix slope = scale.cwiseInverse().asDiagonal() * jacobian(zero.y) * scale.asDiagonal();
        if (!slope.allFinite() || !rate.allFinite()) return std::nullopt;
        // Fast equations, whose rates rounding keeps from falling, weigh no more than slow ones.
        const Values weight = slope.rowwise().norm().unaryExpr([](double v) { return v > 0 ? 1 / v : 1.0; });
        const double imbalance = rate.cwiseProduct(weight).norm();
        const Values missing = (as_values(same) - as_values(zero.y)).cwiseQuotient(scale);
        const auto [change, contradiction] = step(slope, scaled_totals(scale), rate, missing);
        if (!change.allFinite()) return std::nullopt;
        const double size = change.lpNorm<Eigen::Infinity>();
        std::vector<double> next(zero.y.size());
        double part = 1;
        for (int halvings = 0;; ++halvings, part /= 2) {
            for (std::size_t k = 0; k < next.size(); ++k)
                next[k] = zero.y[k] + part * change[size_of(k)] * scale[size_of(k)];
            if (!project(model_, {0, next, p_})) return std::nullopt;
            const Values after = rhs(next).cwiseQuotient(scale);
            if (size < tolerance || after.cwiseProduct(weight).norm() < imbalance) break;
            if (halvings == most_halvings) return std::nullopt;
        }
        zero.y = next;
        if (size >= tolerance) continue;
        if (contradiction > tolerance) return std::nullopt;
        assess(zero);
        return zero;
    }
    return std::nullopt;
}

// Deviations that keep the totals: in an orthonormal basis of what is orthogonal to them. An algebraic rule
// leaves one deviation less, which shows as an eigenvalue of 0.
void SteadyEquations::assess(Zero& zero) const {
    zero.residual = rhs(zero.y).lpNorm<Eigen::Infinity>();
    const Values scale = magnitudes(zero.y);
    Matrix slope = scale.cwiseInverse().asDiagonal() * jacobian(zero.y) * scale.asDiagonal();
    const Matrix totals = scaled_totals(scale);
    if (totals.rows() > 0) {
        const Matrix whole = Eigen::HouseholderQR<Matrix>(totals.transpose()).householderQ();
        const Matrix free = whole.rightCols(slope.cols() - totals.rows());
        slope = (free.transpose() * slope * free).eval();
    }
    const auto by_size = [](auto a, auto b) { return std::abs(a) < std::abs(b); };
    if (slope.size() > 0) {
        const Eigen::VectorXcd all = Eigen::EigenSolver<Matrix>(slope, false).eigenvalues();
        zero.eigenvalues.assign(all.begin(), all.end());
    }
    std::ranges::sort(zero.eigenvalues, by_size);
    const auto bound = std::ssize(model_.system().constraints);
    zero.eigenvalues.erase(
        zero.eigenvalues.begin(),
        zero.eigenvalues.begin() + std::min<std::ptrdiff_t>(bound, std::ssize(zero.eigenvalues)));
    std::ranges::sort(zero.eigenvalues, {}, [](auto value) { return -value.real(); });
    zero.stable = std::ranges::all_of(zero.eigenvalues, [](auto value) { return value.real() < 0; });
}

}  // namespace rondo
