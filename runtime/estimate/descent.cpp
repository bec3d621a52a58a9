#include "runtime/estimate/descent.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "runtime/table/columns.h"

namespace rondo {
namespace {

using Vector = Eigen::VectorXd;

// A local model with the bounds of a search space, in units of a tenth of each coordinate's range: what a
// logarithm over ten decades has as one decade.
class Region {
  public:
    Region(const LocalModel& at, std::span<const double> z, const SearchSpace& space,
           const std::vector<bool>& fixed)
        : gradient_(static_cast<Eigen::Index>(z.size())),
          curvature_(gradient_.size(), gradient_.size()),
          lower_(gradient_.size()),
          upper_(gradient_.size()),
          settled_(z.size()) {
        for (std::size_t k = 0; k < z.size(); ++k) {
            const Coordinate& coordinate = space.coordinates[k];
            const auto i = static_cast<Eigen::Index>(k);
            gradient_[i] = at.gradient[k] * unit(coordinate);
            lower_[i] = (coordinate.lower - z[k]) / unit(coordinate);
            upper_[i] = (coordinate.upper - z[k]) / unit(coordinate);
            settled_[k] = (!fixed.empty() && fixed[k]) || (lower_[i] >= 0 && gradient_[i] > 0) ||
                          (upper_[i] <= 0 && gradient_[i] < 0);
            for (std::size_t l = 0; l < z.size(); ++l)
                curvature_(i, static_cast<Eigen::Index>(l)) =
                    at.curvature[k * z.size() + l] * unit(coordinate) * unit(space.coordinates[l]);
        }
    }

    // The step to the least value within the bounds that is about as long as `radius` at most. The longer the
    // step, the smaller the damping, which is found on its logarithm. Bounds may turn a step with little
    // damping into one that is too long or leads up; with enough of it, it goes down.
    Vector step(double radius) const {
        const auto fits = [&](const Vector& step) { return step.norm() <= radius && gain(step) > 0; };
        const double least = 1e-14 * std::max(curvature_.diagonal().maxCoeff(), 1e-300);
        Vector found = damped_step(least);
        if (fits(found)) return found;
        double low = std::log(least), high = std::max(low, std::log(gradient_.norm() / radius));
        found = damped_step(std::exp(high));
        for (int i = 0; i < 30 && !fits(found); ++i) {
            low = high;
            high += std::numbers::ln10;
            found = damped_step(std::exp(high));
        }
        for (int i = 0; i < 40 && found.norm() < 0.9 * radius; ++i) {
            const double middle = (low + high) / 2;
            Vector tried = damped_step(std::exp(middle));
            const bool fitting = fits(tried);
            if (fitting) found = std::move(tried);
            (fitting ? high : low) = middle;
        }
        return found;
    }

    // What the model promises of a step.
    double gain(const Vector& step) const { return -gradient_.dot(step) - 0.5 * step.dot(curvature_ * step); }

    static double unit(const Coordinate& coordinate) { return (coordinate.upper - coordinate.lower) / 10; }

  private:
    // The step that makes the model with (curvature + damping) least. Coordinates that are fixed, or at a
    // bound that the gradient pushes against, stay; what would leave the bounds goes as far as it may, and
    // the others make the best of that. What the others then pull back from its bound is let go again.
    Vector damped_step(double damping) const {
        constexpr int most_rounds = 4;
        Eigen::MatrixXd damped = curvature_;
        damped.diagonal().array() += damping;
        Vector step = Vector::Zero(gradient_.size());
        std::vector<bool> settled = settled_;
        for (int round = 0; round < most_rounds; ++round) {
            while (true) {
                step = solve(damped, settled, step);
                if (!clamp(step, settled)) break;
            }
            if (!release(damped, step, settled)) break;
        }
        return step;
    }

    // The least where what is settled stays where `step` has it.
    Vector solve(const Eigen::MatrixXd& damped, const std::vector<bool>& settled, const Vector& step) const {
        Eigen::MatrixXd normal = damped;
        Vector right = -gradient_;
        for (Eigen::Index i = 0; i < step.size(); ++i) {
            if (!settled[static_cast<std::size_t>(i)]) continue;
            right -= damped.col(i) * step[i];
            normal.row(i).setZero();
            normal.col(i).setZero();
            normal(i, i) = 1;
        }
        for (Eigen::Index i = 0; i < step.size(); ++i)
            if (settled[static_cast<std::size_t>(i)]) right[i] = step[i];
        return normal.ldlt().solve(right);
    }

    // Whether anything had to be settled at its bound.
    bool clamp(Vector& step, std::vector<bool>& settled) const {
        bool any = false;
        for (Eigen::Index i = 0; i < step.size(); ++i) {
            const double within = std::clamp(step[i], lower_[i], upper_[i]);
            if (settled[static_cast<std::size_t>(i)] || within == step[i]) continue;
            step[i] = within;
            settled[static_cast<std::size_t>(i)] = any = true;
        }
        return any;
    }

    bool release(const Eigen::MatrixXd& damped, const Vector& step, std::vector<bool>& settled) const {
        const Vector slope = gradient_ + damped * step;
        bool any = false;
        for (Eigen::Index i = 0; i < step.size(); ++i) {
            const auto k = static_cast<std::size_t>(i);
            if (settled_[k] || !settled[k]) continue;
            if (step[i] == lower_[i] ? slope[i] >= 0 : slope[i] <= 0) continue;
            settled[k] = false;
            any = true;
        }
        return any;
    }

    Vector gradient_;
    Eigen::MatrixXd curvature_;
    Vector lower_, upper_;
    std::vector<bool> settled_;
};

}  // namespace

Descent descend(Valley& valley, std::vector<double> start, const DescentOptions& options,
                const std::vector<bool>& fixed) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Descent result{start, start, infinity, 1, 0, false};
    auto here = valley.at(start, infinity);
    result.calls = here.calls;
    if (!here.finished) return result;
    const SearchSpace& space = valley.space();
    double radius = 1;
    while (result.trials < options.iterations && !result.converged) {
        const Region region(here, result.z, space, fixed);
        const Vector step = region.step(radius);
        std::vector<double> next = result.z;
        double longest = 0;
        for (std::size_t i = 0; i < next.size(); ++i) {
            next[i] += step[static_cast<Eigen::Index>(i)] * Region::unit(space.coordinates[i]);
            longest = std::max(longest, std::abs(next[i] - result.z[i]));
        }
        space.clip(next);
        const double promised = region.gain(step);
        // Not worth a run: where values are only as good as their runs, it would tell nothing.
        if (!(longest > options.tolerance) || !(promised > options.tolerance * std::abs(here.value))) {
            result.converged = true;
            break;
        }
        auto there = valley.at(next, here.value);
        ++result.trials;
        result.calls += there.calls;
        const double gain = there.finished ? here.value - there.value : -infinity;
        if (gain < promised / 4) radius = step.norm() / 4;
        if (gain > 0.5 * promised) radius = std::max(radius, 2 * step.norm());
        if (gain > 0) {
            result.converged = gain <= options.tolerance * std::abs(here.value);
            here = std::move(there);
            result.z = std::move(next);
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
