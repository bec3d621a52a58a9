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
    const Eigen::VectorXcd all = solver.eigenvalues();
    const Eigen::MatrixXcd inverse = solver.eigenvectors().inverse();
    std::vector<long> order(static_cast<std::size_t>(all.size()));
    std::iota(order.begin(), order.end(), 0L);
    std::sort(order.begin(), order.end(),
              [&](long a, long b) { return std::abs(all[a]) > std::abs(all[b]); });
    order.resize(order.size() - static_cast<std::size_t>(totals));
    rest.jacobian = jacobian;
    rest.to_modes.resize(static_cast<long>(order.size()), all.size());
    rest.stable = true;
    for (std::size_t k = 0; k < order.size(); ++k) {
        rest.eigenvalues.push_back(all[order[k]]);
        rest.to_modes.row(static_cast<long>(k)) = inverse.row(order[k]);
        rest.stable &= all[order[k]].real() < 0;
    }
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
}

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
        Matrix totals;
        const Values step = newton_step(jacobian, totals, rhs);
        if (!step.allFinite()) return std::nullopt;
        for (std::size_t k = 0; k < states_.size(); ++k)
            rest.y[states_[k]] += step[static_cast<long>(k)] * scale[states_[k]];
        if (step.size() > 0 && step.lpNorm<Eigen::Infinity>() > close) continue;
        find_modes(jacobian, totals.rows(), rest);
        rest.scale.assign(scale.begin(), scale.end());
        return rest;
    }
    return std::nullopt;
}

bool RestFinder::attracts(const Rest& rest, std::span<const double> y, std::span<const double> p) const {
    constexpr double small_part = 0.2;
    const Scaled equations{*model_, states_, p, rest.scale};
    const auto n = static_cast<long>(states_.size());
    std::vector<double> there(y.begin(), y.end());
    const auto left_out = [&](const Values& deviation) {
        for (long i = 0; i < n; ++i) {
            const std::uint32_t state = states_[static_cast<std::size_t>(i)];
            there[state] = rest.y[state] + deviation[i] * rest.scale[state];
        }
        return (rest.to_modes * (equations.rhs(there) - rest.jacobian * deviation)).norm();
    };
    Values deviation(n);
    for (long i = 0; i < n; ++i) {
        const std::uint32_t state = states_[static_cast<std::size_t>(i)];
        deviation[i] = (y[state] - rest.y[state]) / rest.scale[state];
    }
    const double distance = (rest.to_modes * deviation).norm();
    const double allowed = small_part * slowest_rate(rest) * distance;
    if (!(left_out(deviation) <= allowed)) return false;
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
