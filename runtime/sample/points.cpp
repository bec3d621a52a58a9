// points.cpp: sets of points in a box.
#include <boost/random/sobol.hpp>
#include <numeric>
#include <utility>

#include "dsl/syntax/error.h"
#include "runtime/sample/box.h"
#include "runtime/sample/random.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

constexpr double most_numbers = 1e9;  // 8 GB

void check_size(const Box& box, double points, double least) {
    check(box);
    if (points < least) {
        throw Error(Fault::input,
                    shortest(points) + " points asked for; at least " + shortest(least) + " are needed");
    }
    const double numbers = points * double(box.axes.size());
    if (numbers > most_numbers) {
        throw Error(Fault::input, shortest(points) + " points on " + std::to_string(box.axes.size()) +
                                      " axes are more than memory holds; at most " + shortest(most_numbers) +
                                      " numbers");
    }
}

// column(a): the coordinates of axis a in [0, 1), one a point.
template <class UnitColumn>
Table table_of(const Box& box, UnitColumn column) {
    Table table;
    for (std::size_t a = 0; a < box.axes.size(); ++a) {
        std::vector<double> values = column(a);
        for (double& u : values) u = box.axes[a].value(u);
        table.set(box.axes[a].name, std::move(values));
    }
    return table;
}

// Fisher and Yates.
std::vector<std::size_t> permutation(std::size_t n, Random& random) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

// Within (0, 1), at the middle of one of 2^32 cells: rounding cannot carry a point over its stratum's edge.
double inside(Random& random) {
    return (double(random.bits() >> 32) + 0.5) * 0x1p-32;
}

}  // namespace

Table lhs(const Box& box, std::size_t n, std::uint64_t seed) {
    check_size(box, double(n), 1);
    return table_of(box, [&](std::size_t axis) {
        Random random(seed, "lhs", axis);
        const auto strata = permutation(n, random);
        std::vector<double> units(n);
        for (std::size_t i = 0; i < n; ++i) units[i] = (double(strata[i]) + inside(random)) / double(n);
        return units;
    });
}

Table uniform(const Box& box, std::size_t n, std::uint64_t seed) {
    check_size(box, double(n), 1);
    std::vector<std::vector<double>> units(box.axes.size(), std::vector<double>(n));
    const RandomStream stream(seed, "uniform");
    for (std::size_t i = 0; i < n; ++i) {
        Random random = stream.item(i);
        for (auto& column : units) column[i] = random.uniform();
    }
    return table_of(box, [&](std::size_t axis) { return std::move(units[axis]); });
}

Table sobol(const Box& box, std::size_t n, std::uint64_t seed) {
    using Engine = boost::random::sobol_engine<std::uint64_t, 64>;
    constexpr std::size_t most_axes = boost::random::default_sobol_table::max_dimension;
    check_size(box, double(n), 1);
    if (box.axes.size() > most_axes) {
        throw Error(Fault::input, "sobol knows " + std::to_string(most_axes) + " axes; the box has " +
                                      std::to_string(box.axes.size()) + "; use lhs");
    }
    std::vector<std::uint64_t> shift;
    for (std::size_t a = 0; a < box.axes.size(); ++a) shift.push_back(Random(seed, "sobol", a).bits());
    std::vector<std::vector<double>> units(box.axes.size(), std::vector<double>(n));
    Engine engine(box.axes.size());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t a = 0; a < units.size(); ++a) {
            const std::uint64_t digits = i == 0 ? 0 : engine();  // the engine leaves the zero out
            units[a][i] = double((digits ^ shift[a]) >> 11) * 0x1p-53;
        }
    }
    return table_of(box, [&](std::size_t axis) { return std::move(units[axis]); });
}

Table grid(const Box& box, std::size_t points_per_axis) {
    check_size(box, double(points_per_axis), 2);
    double points = 1;
    for (std::size_t a = 0; a < box.axes.size(); ++a) points *= double(points_per_axis);
    check_size(box, points, 2);
    const auto n = std::size_t(points);
    std::size_t run = n;  // rows for which an axis keeps its value
    return table_of(box, [&](std::size_t) {
        run /= points_per_axis;
        std::vector<double> units(n);
        for (std::size_t i = 0; i < n; ++i) {
            units[i] = double(i / run % points_per_axis) / double(points_per_axis - 1);
        }
        return units;
    });
}

}  // namespace rondo
