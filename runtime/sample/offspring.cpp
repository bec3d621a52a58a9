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
    const RandomStream stream(seed, verb);
    for (std::size_t i = 0; i < n; ++i) {
        Random random = stream.item(i);
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

// One axis as children step along it, raw or in the box's own unit, and where the box ends.
struct Steps {
    std::vector<double> at;  // [parents]
    double low, high;
};

Steps steps_along(const Axis& axis, std::span<const double> x, Spread spread) {
    Steps steps{{x.begin(), x.end()}, axis.lower, axis.upper};
    if (spread == Spread::raw) return steps;
    for (double& each : steps.at) each = axis.unit(each);
    return {std::move(steps.at), 0, 1};
}

std::vector<Steps> steps_along(const Box& box, const Table& points, Spread spread) {
    std::vector<Steps> all;
    for (const Axis& axis : box.axes) all.push_back(steps_along(axis, points.numbers(axis.name), spread));
    return all;
}

}  // namespace

Table children(const Box& box, const Table& parents, std::span<const std::size_t> counts, double variance,
               Spread spread, std::uint64_t seed) {
    check(box);
    constexpr int draws = 10;
    const double deviation = deviation_of(variance);
    const std::vector<Steps> from = steps_along(box, parents, spread);
    const std::size_t n = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    const std::size_t axes = box.axes.size();
    Columns columns(axes, std::vector<double>(n));
    const RandomStream stream(seed, "children");
    std::vector<Random> randoms;  // [children]
    std::vector<Polar> polars;    // [children * axes], drawn for all first: their logarithms then overlap
    const auto place = [&](std::size_t row, std::size_t child) {
        bool inside = true;
        for (std::size_t a = 0; a < axes; ++a) {
            const double x = from[a].at[row] + deviation * polars[child * axes + a].normal();
            inside = inside && x >= from[a].low && x <= from[a].high;
            columns[a][child] = x;
        }
        return inside;
    };
    for (std::size_t child = 0; child < n; ++child) {
        randoms.push_back(stream.item(child));
        for (std::size_t a = 0; a < axes; ++a) polars.push_back(randoms.back().polar());
    }
    for (std::size_t row = 0, child = 0; row < counts.size(); ++row) {
        for (const std::size_t last = child + counts[row]; child < last; ++child) {
            for (int draw = 1; !place(row, child) && draw < draws; ++draw)
                for (std::size_t a = 0; a < axes; ++a) polars[child * axes + a] = randoms[child].polar();
        }
    }
    for (std::size_t a = 0; a < axes; ++a) {
        const Axis& axis = box.axes[a];
        for (double& x : columns[a])
            x = std::clamp(spread == Spread::raw ? x : axis.value(x), axis.lower, axis.upper);
    }
    return table_of(box, std::move(columns));
}

namespace {

// Of the normal law below x.
double normal_below(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

// How much of a step is one step in the box's own unit: [points].
std::vector<double> step_lengths(const Axis& axis, std::span<const double> x, Spread spread) {
    std::vector<double> lengths(x.size(), spread == Spread::raw ? axis.upper - axis.lower : 1);
    if (spread == Spread::raw && axis.scale == Scale::log)
        for (std::size_t i = 0; i < x.size(); ++i) lengths[i] = x[i] * std::log(axis.upper / axis.lower);
    return lengths;
}

}  // namespace

std::vector<double> children_density(const Box& box, const Table& points, const Table& parents,
                                     std::span<const double> weights, double variance, Spread spread) {
    check(box);
    const double deviation = deviation_of(variance);
    const std::vector<Steps> there = steps_along(box, points, spread),
                             from = steps_along(box, parents, spread);
    Columns lengths;
    for (const Axis& axis : box.axes)
        lengths.push_back(step_lengths(axis, points.numbers(axis.name), spread));
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
                factor *= lengths[a][i] / (deviation * std::sqrt(2 * std::numbers::pi));
            }
            density[i] += factor * std::exp(-square / 2);
        }
    }
    return density;
}

}  // namespace rondo
