// offspring.cpp: points between points, and around them.
#include "runtime/sample/offspring.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "dsl/syntax/error.h"
#include "runtime/sample/neighbours.h"
#include "runtime/sample/random.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

using Columns = std::vector<std::vector<double>>;

Table table_of(const Box& box, Columns columns) {
    Table table;
    for (std::size_t a = 0; a < box.axes.size(); ++a) table.set(box.axes[a].name, std::move(columns[a]));
    return table;
}

std::vector<std::span<const double>> coordinates(const Box& box, const Table& points) {
    std::vector<std::span<const double>> columns;
    for (const Axis& axis : box.axes) columns.push_back(points.numbers(axis.name));
    return columns;
}

void require_rows(const Table& table, std::size_t least, const std::string& what) {
    if (table.rows() >= least) return;
    throw Error(Fault::input, what + " has " + std::to_string(table.rows()) + " rows; at least " +
                                  std::to_string(least) + " are needed");
}

double between(const Axis& axis, double x, double y, double u) {
    if (axis.scale == Scale::linear) return std::lerp(x, y, u);
    return axis.value(std::lerp(axis.unit(x), axis.unit(y), u));
}

// n points, each between the two parents that `parents(random)` gives (row of the first, row of the second).
template <class Parents>
Table points_between(const Box& box, const Table& first, const Table& second, std::size_t n,
                     std::uint64_t seed, const char* verb, Parents parents) {
    check(box);
    const auto x = coordinates(box, first), y = coordinates(box, second);
    Columns columns(box.axes.size(), std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i) {
        Random random(seed, verb, i);
        const auto [one, other] = parents(random);
        for (std::size_t a = 0; a < columns.size(); ++a)
            columns[a][i] = between(box.axes[a], x[a][one], y[a][other], random.uniform());
    }
    return table_of(box, std::move(columns));
}

}  // namespace

Table crossover(const Box& box, const Table& parents, std::size_t n, std::uint64_t seed) {
    require_rows(parents, 2, "the table of parents");
    const std::uint64_t rows = parents.rows();
    return points_between(box, parents, parents, n, seed, "crossover", [&](Random& random) {
        const std::uint64_t one = random.below(rows), step = 1 + random.below(rows - 1);
        return std::pair(one, (one + step) % rows);
    });
}

Table mutate(const Box& box, const Table& high, const Table& medium, std::size_t n, std::uint64_t seed) {
    require_rows(high, 1, "the table of high rows");
    require_rows(medium, 1, "the table of medium rows");
    return points_between(box, high, medium, n, seed, "mutate", [&](Random& random) {
        const std::uint64_t one = random.below(high.rows());
        return std::pair(one, random.below(medium.rows()));
    });
}

Table smote(const Box& box, const Table& minority, std::size_t n, std::size_t k, std::uint64_t seed) {
    require_rows(minority, k + 1, "the minority");
    const Neighbours near = nearest(box, minority, k);
    std::vector<std::size_t> one(n), other(n);
    std::vector<double> part(n);
    for (std::size_t i = 0; i < n; ++i) {
        Random random(seed, "smote", i);
        one[i] = random.below(minority.rows());
        other[i] = near.row[one[i] * k + random.below(k)];
        part[i] = random.uniform();
    }
    Table table;
    for (const Column& column : minority.columns()) {
        if (column.is_text()) continue;
        const auto axis = std::find_if(box.axes.begin(), box.axes.end(),
                                       [&](const Axis& each) { return each.name == column.name; });
        const auto& values = column.numbers();
        std::vector<double> mixed(n);
        for (std::size_t i = 0; i < n; ++i) {
            const double x = values[one[i]], y = values[other[i]];
            mixed[i] = axis == box.axes.end() ? std::lerp(x, y, part[i]) : between(*axis, x, y, part[i]);
        }
        table.set(column.name, std::move(mixed));
    }
    return table;
}

namespace {

double deviation_of(double variance) {
    if (!(variance > 0) || !std::isfinite(variance))
        throw Error(Fault::input, "sigma is " + shortest(variance) + "; it must be > 0");
    return std::sqrt(variance);
}

}  // namespace

Table children(const Box& box, const Table& parents, std::span<const std::size_t> counts, double variance,
               Spread spread, std::uint64_t seed) {
    check(box);
    constexpr int draws = 10;
    const double deviation = deviation_of(variance);
    const auto x = coordinates(box, parents);
    Columns columns(box.axes.size());
    std::uint64_t item = 0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
        for (std::size_t child = 0; child < counts[row]; ++child) {
            Random random(seed, "children", item++);
            std::vector<double> point(box.axes.size());
            bool inside = false;
            for (int draw = 0; draw < draws && !inside; ++draw) {
                inside = true;
                for (std::size_t a = 0; a < point.size(); ++a) {
                    const Axis& axis = box.axes[a];
                    const double step = deviation * random.normal();
                    point[a] =
                        spread == Spread::raw ? x[a][row] + step : axis.value(axis.unit(x[a][row]) + step);
                    const double u = spread == Spread::raw ? point[a] : axis.unit(x[a][row]) + step;
                    const double low = spread == Spread::raw ? axis.lower : 0,
                                 high = spread == Spread::raw ? axis.upper : 1;
                    inside = inside && u >= low && u <= high;
                }
            }
            for (std::size_t a = 0; a < point.size(); ++a)
                columns[a].push_back(std::clamp(point[a], box.axes[a].lower, box.axes[a].upper));
        }
    }
    return table_of(box, std::move(columns));
}

namespace {

// Of the normal law below x.
double normal_below(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

// Coordinates as children step in them, with what one step is of the box's own unit.
struct Steps {
    std::vector<double> at;      // [rows]
    std::vector<double> length;  // [rows] d(coordinate) / d(unit)
    double low, high;
};

Steps steps_along(const Axis& axis, std::span<const double> x, Spread spread) {
    Steps steps{{}, {}, spread == Spread::raw ? axis.lower : 0, spread == Spread::raw ? axis.upper : 1};
    for (const double value : x) {
        const bool raw = spread == Spread::raw;
        steps.at.push_back(raw ? value : axis.unit(value));
        const double logarithmic = value * std::log(axis.upper / axis.lower);
        const double length = axis.scale == Scale::log ? logarithmic : axis.upper - axis.lower;
        steps.length.push_back(raw ? length : 1);
    }
    return steps;
}

}  // namespace

std::vector<double> children_density(const Box& box, const Table& points, const Table& parents,
                                     std::span<const double> weights, double variance, Spread spread) {
    check(box);
    const double deviation = deviation_of(variance);
    std::vector<Steps> there, from;
    for (const Axis& axis : box.axes) {
        there.push_back(steps_along(axis, points.numbers(axis.name), spread));
        from.push_back(steps_along(axis, parents.numbers(axis.name), spread));
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<double> density(points.rows());
    for (std::size_t j = 0; j < parents.rows(); ++j) {
        if (weights[j] == 0) continue;
        double share = weights[j] / sum;
        for (const Steps& axis : from)
            share /= normal_below((axis.high - axis.at[j]) / deviation) -
                     normal_below((axis.low - axis.at[j]) / deviation);
        for (std::size_t i = 0; i < points.rows(); ++i) {
            double square = 0, factor = share;
            for (std::size_t a = 0; a < there.size(); ++a) {
                const double z = (there[a].at[i] - from[a].at[j]) / deviation;
                square += z * z;
                factor *= there[a].length[i] / (deviation * std::sqrt(2 * std::numbers::pi));
            }
            density[i] += factor * std::exp(-square / 2);
        }
    }
    return density;
}

}  // namespace rondo
