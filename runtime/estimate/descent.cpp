#include "runtime/estimate/descent.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/table/columns.h"

namespace rondo {
namespace {

using Vector = Eigen::VectorXd;

// The step that makes the model with (curvature + damping * its diagonal) least. Coordinates that are fixed,
// or at a bound that the gradient pushes against, stay; what would leave the bounds goes as far as it may,
// and the others make the best of that.
Vector damped_step(const LocalModel& at, std::span<const double> z, const SearchSpace& space,
                   const std::vector<bool>& fixed, double damping) {
    const auto p = static_cast<Eigen::Index>(z.size());
    const Eigen::Map<const Vector> gradient(at.gradient.data(), p);
    Eigen::MatrixXd damped = Eigen::Map<const Eigen::MatrixXd>(at.curvature.data(), p, p);
    const double largest = std::max(damped.diagonal().maxCoeff(), 1e-300);
    for (Eigen::Index i = 0; i < p; ++i) damped(i, i) += damping * std::max(damped(i, i), 1e-12 * largest);
    Vector step = Vector::Zero(p);
    std::vector<bool> settled(z.size());
    for (std::size_t k = 0; k < z.size(); ++k) {
        const Coordinate& coordinate = space.coordinates[k];
        const double slope = at.gradient[k];
        settled[k] = (!fixed.empty() && fixed[k]) || (z[k] <= coordinate.lower && slope > 0) ||
                     (z[k] >= coordinate.upper && slope < 0);
    }
    for (bool again = true; again;) {
        again = false;
        Eigen::MatrixXd normal = damped;
        Vector right = -gradient;
        for (Eigen::Index i = 0; i < p; ++i) {
            if (!settled[static_cast<std::size_t>(i)]) continue;
            right -= damped.col(i) * step[i];
            normal.row(i).setZero();
            normal.col(i).setZero();
            normal(i, i) = 1;
        }
        for (Eigen::Index i = 0; i < p; ++i)
            if (settled[static_cast<std::size_t>(i)]) right[i] = step[i];
        step = normal.ldlt().solve(right);
        for (std::size_t k = 0; k < z.size(); ++k) {
            const Coordinate& coordinate = space.coordinates[k];
            const auto i = static_cast<Eigen::Index>(k);
            const double within = std::clamp(z[k] + step[i], coordinate.lower, coordinate.upper) - z[k];
            if (settled[k] || within == step[i] || z[k] + step[i] == z[k] + within) continue;
            step[i] = within;
            settled[k] = again = true;
        }
    }
    return step;
}

// What the local model promises of a step.
double promised_gain(const LocalModel& at, const Vector& step) {
    const auto p = step.size();
    const Eigen::Map<const Vector> gradient(at.gradient.data(), p);
    const Eigen::Map<const Eigen::MatrixXd> curvature(at.curvature.data(), p, p);
    return -gradient.dot(step) - 0.5 * step.dot(curvature * step);
}

}  // namespace

Descent descend(Valley& valley, std::vector<double> start, const DescentOptions& options,
                const std::vector<bool>& fixed) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Descent result{start, start, infinity, 1, 0, false};
    auto here = valley.at(start, infinity);
    result.calls = here.calls;
    if (!here.finished) return result;
    const SearchSpace& space = valley.space();
    double damping = 1e-3;
    while (result.trials < options.iterations && !result.converged) {
        const Vector step = damped_step(here, result.z, space, fixed, damping);
        std::vector<double> next = result.z;
        Vector moved(step.size());
        for (std::size_t i = 0; i < next.size(); ++i) next[i] += step[static_cast<Eigen::Index>(i)];
        space.clip(next);
        for (std::size_t i = 0; i < next.size(); ++i)
            moved[static_cast<Eigen::Index>(i)] = next[i] - result.z[i];
        // Not worth a run: where values are only as good as their runs, it would tell nothing.
        if (!(moved.cwiseAbs().maxCoeff() > options.tolerance) ||
            !(promised_gain(here, moved) > options.tolerance * std::abs(here.value))) {
            result.converged = true;
            break;
        }
        auto there = valley.at(next, here.value);
        ++result.trials;
        result.calls += there.calls;
        if (there.finished && there.value < here.value) {
            result.converged = here.value - there.value <= options.tolerance * std::abs(here.value);
            here = std::move(there);
            result.z = std::move(next);
            damping = std::max(damping / 5, 1e-12);
        } else {
            damping *= 4;
            if (damping > 1e12) result.converged = true;
        }
    }
    result.value = here.value;
    return result;
}

Table descents_table(std::span<const Descent> descents) {
    Table table;
    set_column(table, "start", descents, &Descent::start);
    set_column(table, "z", descents, &Descent::z);
    set_column(table, "value", descents, &Descent::value);
    set_column(table, "trials", descents, &Descent::trials);
    set_column(table, "calls", descents, &Descent::calls);
    set_column(table, "converged", descents, &Descent::converged);
    return table;
}

std::vector<Descent> descend_all(const Table& items, const std::function<Descent(std::size_t row)>& make,
                                 const std::string& setup, const Executor& executor,
                                 const RowKeeper& keeper) {
    std::vector<Descent> result(items.rows());
    RowMap map{.what = "descending", .points = items, .block = 10};
    map.give = [&](RowMap::Rows rows) { return descents_table(chosen(result, rows)); };
    map.take = [&](RowMap::Rows rows, const Table& kept) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            result[rows[i]] = {.start = unpacked_numbers(kept, "start", i),
                               .z = unpacked_numbers(kept, "z", i),
                               .value = kept.numbers("value")[i],
                               .trials = static_cast<std::size_t>(kept.numbers("trials")[i]),
                               .calls = static_cast<long>(kept.numbers("calls")[i]),
                               .converged = kept.numbers("converged")[i] != 0};
    };
    map.serve = one_by_one([&](std::size_t row) { result[row] = make(row); });
    map.setup = setup;
    run_rows(map, executor, keeper);
    return result;
}

}  // namespace rondo
