#include "runtime/label/rest.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "jit/graph/variation.h"

namespace rondo {
namespace {

using Matrix = Eigen::MatrixXd;
using Values = Eigen::VectorXd;

constexpr std::uint32_t none = 0xffffffff;

// The equations of some states of a model at one parameter set, in units of `scale`.
class Scaled {
  public:
    Scaled(const CompiledModel& model, const std::vector<std::uint32_t>& states,
           const std::vector<RestFinder::Entry>& entries, std::span<const double> p,
           std::span<const double> scale)
        : model_(model),
          states_(states),
          entries_(entries),
          p_(p),
          scale_(scale),
          slopes_(model.state_count()),
          derivatives_(model.system().row_index.size()) {}

    Values rhs(std::span<const double> y) {
        const double t = 0;
        model_.code().rhs(&t, y.data(), p_.data(), slopes_.data());
        return scaled(slopes_);
    }

    Matrix jacobian(std::span<const double> y) {
        const double t = 0;
        model_.code().jacobian(&t, y.data(), p_.data(), derivatives_.data());
        Matrix out = Matrix::Zero(static_cast<long>(states_.size()), static_cast<long>(states_.size()));
        for (const auto& entry : entries_)
            out(entry.row, entry.column) =
                derivatives_[entry.index] * scale_[states_[entry.column]] / scale_[states_[entry.row]];
        return out;
    }

    Values scaled(std::span<const double> y) const {
        Values out(static_cast<long>(states_.size()));
        for (std::size_t i = 0; i < states_.size(); ++i)
            out[static_cast<long>(i)] = y[states_[i]] / scale_[states_[i]];
        return out;
    }

  private:
    const CompiledModel& model_;
    const std::vector<std::uint32_t>& states_;
    const std::vector<RestFinder::Entry>& entries_;
    const std::span<const double> p_, scale_;
    std::vector<double> slopes_, derivatives_;
};

// Whether no combination of states is (next to) neutral: with none, finding out costs no more than solving.
bool is_regular(const Eigen::PartialPivLU<Matrix>& lu) {
    const Values pivots = lu.matrixLU().diagonal().cwiseAbs();
    return pivots.size() == 0 ||
           pivots.minCoeff() > 1e-13 * static_cast<double>(pivots.size()) * pivots.maxCoeff();
}

// Combinations of states that never change: rows of the left null space of the Jacobian.
Matrix conserved(const Matrix& jacobian) {
    Eigen::FullPivLU<Matrix> lu(jacobian.transpose());
    lu.setThreshold(1e-13 * static_cast<double>(jacobian.rows()));
    if (lu.isInvertible()) return Matrix(0, jacobian.cols());
    return lu.kernel().transpose();
}

// Newton's step that keeps the conserved totals.
Values newton_step(const Matrix& jacobian, Matrix& totals, const Values& rhs) {
    const Eigen::PartialPivLU<Matrix> lu(jacobian);
    totals = is_regular(lu) ? Matrix(0, jacobian.cols()) : conserved(jacobian);
    if (totals.rows() == 0) return lu.solve(-rhs);
    Matrix both(jacobian.rows() + totals.rows(), jacobian.cols());
    both << jacobian, totals;
    Values right = Values::Zero(both.rows());
    right.head(rhs.size()) = -rhs;
    return both.colPivHouseholderQr().solve(right);
}

// Without as many of the smallest eigenvalues as there are conserved totals, each of which has one of 0.
void find_modes(const Matrix& jacobian, long totals, Rest& rest) {
    const Eigen::EigenSolver<Matrix> solver(jacobian);
    const auto& all = solver.eigenvalues();
    const Matrix vectors = solver.pseudoEigenvectors(), inverse = vectors.inverse();
    // Of a pair, Re v and Im v are columns in a row.
    const auto length = [&](long k) {
        if (all[k].imag() == 0) return vectors.col(k).norm();
        const long first = all[k].imag() > 0 ? k : k - 1;
        return vectors.middleCols(first, 2).norm();
    };
    std::vector<long> order(static_cast<std::size_t>(all.size()));
    std::iota(order.begin(), order.end(), 0L);
    std::sort(order.begin(), order.end(),
              [&](long a, long b) { return std::norm(all[a]) > std::norm(all[b]); });
    order.resize(order.size() - static_cast<std::size_t>(totals));
    rest.jacobian = jacobian;
    rest.to_modes.resize(static_cast<long>(order.size()), all.size());
    rest.stable = true;
    for (std::size_t k = 0; k < order.size(); ++k) {
        const std::complex<double> value = all[order[k]];
        // For eigenvectors of length 1. The parts of z v + conj(z v) are 2 Re z and -2 Im z: |z|^2 counts
        // twice.
        const double weight = length(order[k]) * (value.imag() == 0 ? 1 : std::numbers::sqrt2 / 2);
        rest.eigenvalues.push_back(value);
        rest.to_modes.row(static_cast<long>(k)) = weight * inverse.row(order[k]);
        rest.stable &= value.real() < 0;
    }
}

// Whether what is left of the equations at y (in units of scale) is next to nothing beside the terms they
// consist of, or rounding. Newton's iteration also comes to a halt where the Jacobian is singular but for
// rounding, and where a state is far below its scale.
bool vanishes(const Values& rhs, const Matrix& jacobian, const Values& y) {
    constexpr double small_part = 1e-6, rounding = 1e-13;
    const Values terms = jacobian.cwiseAbs() * (small_part * y.cwiseAbs().array() + rounding).matrix();
    return (rhs.cwiseAbs().array() <= terms.array()).all();
}

double slowest_rate(const Rest& rest) {
    double rate = std::numeric_limits<double>::infinity();
    for (const auto value : rest.eigenvalues) rate = std::min(rate, std::abs(value.real()));
    return rate;
}

}  // namespace

RestFinder::RestFinder(const CompiledModel& model) : model_(&model) {
    const Dependence found = dependence(model.system(), model.outputs());
    states_ = found.states;
    driven_ = found.on_time;
    const OdeSystem& system = model.system();
    std::vector<std::uint32_t> place(model.state_count(), none);
    for (std::uint32_t i = 0; i < states_.size(); ++i) place[states_[i]] = i;
    for (std::uint32_t column = 0; column < states_.size(); ++column)
        for (auto k = system.column_start[states_[column]]; k < system.column_start[states_[column] + 1]; ++k)
            if (const auto row = place[system.row_index[k]]; row != none)
                entries_.push_back({k, row, column});
}

std::optional<Rest> RestFinder::find(std::span<const double> y, std::span<const double> p,
                                     std::span<const double> scale, std::span<const Rest> known) const {
    if (driven_) return std::nullopt;
    constexpr int max_iterations = 30;
    constexpr double close = 1e-10;  // relative to scale; the next step would be near rounding
    Scaled equations(*model_, states_, entries_, p, scale);
    Rest rest;
    rest.y.assign(y.begin(), y.end());
    for (int i = 0; i < max_iterations; ++i) {
        const Matrix jacobian = equations.jacobian(rest.y);
        const Values rhs = equations.rhs(rest.y);
        if (!jacobian.allFinite() || !rhs.allFinite()) return std::nullopt;
        Matrix totals;
        const Values step = newton_step(jacobian, totals, rhs);
        if (!step.allFinite()) return std::nullopt;
        const double share = deflated(step, rest.y, scale, known);
        for (std::size_t k = 0; k < states_.size(); ++k)
            rest.y[states_[k]] += share * step[static_cast<long>(k)] * scale[states_[k]];
        if (step.size() > 0 && step.lpNorm<Eigen::Infinity>() > close) continue;
        if (!vanishes(equations.rhs(rest.y), jacobian, equations.scaled(rest.y))) return std::nullopt;
        find_modes(jacobian, totals.rows(), rest);
        rest.scale.assign(scale.begin(), scale.end());
        return rest;
    }
    return std::nullopt;
}

// The equations times 1 + 1/d^2 for each known rest, d the distance relative to it, have Newton's step in the
// same direction.
double RestFinder::deflated(const Values& step, std::span<const double> y, std::span<const double> scale,
                            std::span<const Rest> known) const {
    double divisor = 1;
    for (const Rest& rest : known) {
        double square = 0, change = 0;
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const auto state = states_[i];
            const double unit = std::max(std::abs(rest.y[state]), 1e-12 * scale[state]);
            const double away = (y[state] - rest.y[state]) / unit;
            square += away * away;
            change += 2 * away * step[static_cast<long>(i)] * scale[state] / unit;
        }
        divisor += change / (square * (1 + square));
    }
    return 1 / divisor;
}

Values RestFinder::deviation(const Rest& rest, std::span<const double> y) const {
    Values result(static_cast<long>(states_.size()));
    for (std::size_t i = 0; i < states_.size(); ++i)
        result[static_cast<long>(i)] = (y[states_[i]] - rest.y[states_[i]]) / rest.scale[states_[i]];
    return result;
}

void RestFinder::put(const Rest& rest, const Values& deviation, std::span<double> y) const {
    for (std::size_t i = 0; i < states_.size(); ++i)
        y[states_[i]] = rest.y[states_[i]] + deviation[static_cast<long>(i)] * rest.scale[states_[i]];
}

std::optional<std::vector<double>> RestFinder::way_out(const Rest& rest, std::span<const double> y) const {
    constexpr double left = 1e-3, rounding = 1e-10;
    const Eigen::EigenSolver<Matrix> solver(rest.jacobian);
    const Matrix vectors = solver.pseudoEigenvectors(), inverse = vectors.inverse();
    Matrix growing = Matrix::Zero(vectors.rows(), vectors.cols());  // of a deviation, the part that grows
    bool straight = false;
    for (long k = 0; k < growing.cols(); ++k) {
        const std::complex<double> value = solver.eigenvalues()[k];
        const bool conserved_total = std::norm(value) < std::norm(rest.eigenvalues.back());
        if (conserved_total || value.real() <= rounding * rest.jacobian.norm()) continue;
        growing += vectors.col(k) * inverse.row(k);
        straight |= value.imag() == 0;
    }
    Values out = growing * deviation(rest, y);
    if (out.isZero(0) && !straight) out = growing * Values::Ones(out.size());
    const double size = out.lpNorm<Eigen::Infinity>();
    if (!(size > 0)) return std::nullopt;
    std::vector<double> there(y.begin(), y.end());
    put(rest, left / size * out, there);
    return there;
}

bool RestFinder::attracts(const Rest& rest, std::span<const double> y, std::span<const double> p) const {
    constexpr double small_part = 0.2;
    Scaled equations(*model_, states_, entries_, p, rest.scale);
    const auto n = static_cast<long>(states_.size());
    std::vector<double> there(y.begin(), y.end());
    const auto left_out = [&](const Values& away) {
        put(rest, away, there);
        return (rest.to_modes * (equations.rhs(there) - rest.jacobian * away)).norm();
    };
    const Values away = deviation(rest, y);
    const double distance = (rest.to_modes * away).norm();
    const double allowed = small_part * slowest_rate(rest) * distance;
    if (!(left_out(away) <= allowed)) return false;
    for (long i = 0; i < n; ++i) {
        const double reach = distance / rest.to_modes.col(i).norm();
        for (const double side : {reach, -reach})
            if (!(left_out(side * Values::Unit(n, i)) <= allowed)) return false;
    }
    return true;
}

int RestFinder::swings_left(const Rest& rest, std::span<const double> y, double least) const {
    double distance = least, turns = 0, decay = std::numeric_limits<double>::infinity();
    for (const std::uint32_t state : states_)
        distance = std::max(distance, std::abs(y[state] - rest.y[state]) / rest.scale[state]);
    for (const auto value : rest.eigenvalues) {
        if (-value.real() >= decay) continue;
        decay = -value.real();
        turns = std::abs(value.imag()) / std::numbers::pi;
    }
    return static_cast<int>(std::min(turns / decay * std::log(distance / least), 1e6));
}

}  // namespace rondo
