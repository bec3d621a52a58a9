#include "runtime/estimate/least_squares.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/estimate/travel.h"
#include "runtime/sample/random.h"
#include "runtime/table/bytes.h"

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

Table answer_of(std::span<const Descent> descents) {
    std::vector<std::vector<double>> z;
    std::vector<double> squares, trials, calls, converged;
    for (const Descent& descent : descents) {
        z.push_back(descent.z);
        squares.push_back(descent.squares);
        trials.push_back(static_cast<double>(descent.trials));
        calls.push_back(static_cast<double>(descent.calls));
        converged.push_back(descent.converged);
    }
    Table table;
    pack_rows(table, "z", z);
    table.set("squares", std::move(squares));
    table.set("trials", std::move(trials));
    table.set("calls", std::move(calls));
    table.set("converged", std::move(converged));
    return table;
}

Descent answered(const Table& answer, std::size_t row, std::vector<double> start) {
    return {.start = std::move(start),
            .z = unpacked_numbers(answer, "z", row),
            .squares = answer.numbers("squares")[row],
            .trials = static_cast<std::size_t>(answer.numbers("trials")[row]),
            .calls = static_cast<long>(answer.numbers("calls")[row]),
            .converged = answer.numbers("converged")[row] != 0};
}

std::vector<Descent> descend_from(const Sensitivities& model, const std::vector<std::vector<double>>& points,
                                  const DescentOptions& options, const Executor& executor,
                                  const RowKeeper& keeper) {
    std::vector<Descent> result(points.size());
    Table items;
    pack_rows(items, "z", points);
    RowMap map{.what = "descending", .points = items, .block = 10};
    map.give = [&](RowMap::Rows rows) {
        std::vector<Descent> given;
        for (const std::size_t row : rows) given.push_back(result[row]);
        return answer_of(given);
    };
    map.take = [&](RowMap::Rows rows, const Table& answer) {
        for (std::size_t i = 0; i < rows.size(); ++i) result[rows[i]] = answered(answer, i, points[rows[i]]);
    };
    map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
        while (const auto row = rows.next()) {
            result[*row] = descend(model, points[*row], options);
            done(*row);
            rows.done();
        }
    };
    if (executor.crew()) {
        if (auto setup = packed(model.problem(), "descend")) {
            pack(*setup, "descent",
                 std::vector<double>{static_cast<double>(options.iterations), options.tolerance});
            map.setup = to_bytes(*setup);
        }
    }
    run_rows(map, executor, keeper);
    return result;
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
                                       const Executor& executor, const RowKeeper& keeper) {
    std::vector<std::vector<double>> points;
    for (std::size_t i = 0; i < starts; ++i) {
        Random random(seed, "fit starts", i);
        points.push_back(model.problem().space().random(random));
    }
    return descend_from(model, points, options, executor, keeper);
}

std::function<Table(const Table&, const Executor&)> descend_part(const Table& setup) {
    struct Task {
        explicit Task(const Table& row) : problem(problem_from(row)), model(*problem) {
            const auto numbers = unpacked_numbers(row, "descent");
            options = {.iterations = static_cast<std::size_t>(numbers[0]), .tolerance = numbers[1]};
        }
        std::shared_ptr<const FitProblem> problem;
        Sensitivities model;
        DescentOptions options;
    };
    return [task = std::make_shared<const Task>(setup)](const Table& items, const Executor& executor) {
        return answer_of(descend_from(task->model, points_of(items), task->options, executor, {}));
    };
}

}  // namespace rondo
