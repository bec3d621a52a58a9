// Boxes and sets of points in them.
#include "runtime/sample/box.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "runtime/table/csv.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

const Box brusselator{{{"a", 0, 5}, {"b", 0, 15}}};
const Box mixed{{{"k1", 0.1, 10, Scale::log}, {"x", -2, 3}, {"k2", 1e-6, 1e6, Scale::log}}};

TEST(Axis, ValueAndUnitAreInverse) {
    for (const Axis& axis : {Axis{"a", 0, 5}, Axis{"b", -7, -3}, Axis{"c", 0.1, 10, Scale::log},
                             Axis{"d", 1e-300, 1e300, Scale::log}, Axis{"e", 1, 1 + 1e-15, Scale::log}}) {
        SCOPED_TRACE(axis.name);
        EXPECT_EQ(axis.value(0), axis.lower);
        EXPECT_EQ(axis.value(1), axis.upper);
        for (double u = 0; u <= 1; u += 1 / 64.0) {
            EXPECT_GE(axis.value(u), axis.lower);
            EXPECT_LE(axis.value(u), axis.upper);
            // As exact as the bounds let it be: "e" has six doubles in all.
            EXPECT_NEAR(axis.unit(axis.value(u)), u, axis.name == "e" ? 0.2 : 1e-14);
        }
    }
    EXPECT_NEAR((Axis{"k", 0.1, 10, Scale::log}.value(0.5)), 1, 1e-15);
    EXPECT_EQ((Axis{"a", 0, 5}.unit(10)), 2);
}

TEST(Box, FaultsAreNamed) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    struct Case {
        Box box;
        std::string message;
    };
    const std::vector<Case> cases{
        {{}, "the box has no axes; write such as box(a = 0..5)"},
        {{{{"a", 0, 1}, {"b", 0, 1}, {"a", 0, 2}}}, "axis 'a' of the box is given twice; leave one out"},
        {{{{"", 0, 1}}}, "an axis of the box has no name"},
        {{{{"a", 5, 5}}}, "axis 'a' of the box is 5..5; the lower bound must be below the upper one"},
        {{{{"a", 5, 1}}}, "axis 'a' of the box is 5..1; the lower bound must be below the upper one"},
        {{{{"a", 0, infinity}}}, "axis 'a' of the box is 0..INF; its bounds must be finite"},
        {{{{"a", std::nan(""), 1}}}, "axis 'a' of the box is NaN..1; its bounds must be finite"},
        {{{{"a", -1e308, 1e308}}}, "axis 'a' of the box is -1e+308..1e+308; it is too wide for a double"},
        {{{{"k", 0, 10, Scale::log}}},
         "axis 'k' of the box is 0..10; a logarithmic axis must start above 0, such as at 0.01"},
    };
    for (const auto& [box, message] : cases) {
        EXPECT_EQ(message_of([&] { check(box); }), message);
        EXPECT_EQ(message_of([&] { lhs(box, 10, 1); }), message);
    }
    check(mixed);
}

TEST(Points, ImpossibleNumbersAreRefused) {
    EXPECT_EQ(message_of([] { lhs(brusselator, 0, 1); }), "0 points asked for; at least 1 are needed");
    EXPECT_EQ(message_of([] { uniform(brusselator, 0, 1); }), "0 points asked for; at least 1 are needed");
    EXPECT_EQ(message_of([] { sobol(brusselator, 0, 1); }), "0 points asked for; at least 1 are needed");
    EXPECT_EQ(message_of([] { grid(brusselator, 1); }), "1 points asked for; at least 2 are needed");
    EXPECT_EQ(message_of([] { lhs(brusselator, 1000000000000, 1); }),
              "1e+12 points on 2 axes are more than memory holds; at most 1e+09 numbers");
    EXPECT_EQ(message_of([] { grid(mixed, 10000); }),
              "1e+12 points on 3 axes are more than memory holds; at most 1e+09 numbers");
    Box wide;
    for (int i = 0; i < 4000; ++i) wide.axes.push_back({"p" + std::to_string(i), 0, 1});
    EXPECT_EQ(message_of([&] { sobol(wide, 2, 1); }), "sobol knows 3667 axes; the box has 4000; use lhs");
}

bool inside(const Box& box, const Table& points) {
    return std::all_of(box.axes.begin(), box.axes.end(), [&](const Axis& axis) {
        const auto values = points.numbers(axis.name);
        return std::all_of(values.begin(), values.end(),
                           [&](double x) { return axis.lower <= x && x <= axis.upper; });
    });
}

// How many points fall into each of n equal parts of an axis.
std::vector<int> strata(const Axis& axis, std::span<const double> values, std::size_t n) {
    std::vector<int> counts(n);
    for (const double x : values) {
        const double u = axis.unit(x) * double(n);
        ++counts.at(std::min(n - 1, std::size_t(std::max(u, 0.0))));
    }
    return counts;
}

TEST(Lhs, EachStratumHasExactlyOnePoint) {
    for (const std::size_t n : {1, 2, 7, 1000, 100000}) {
        SCOPED_TRACE(n);
        const Table points = lhs(mixed, n, 42);
        ASSERT_EQ(points.rows(), n);
        EXPECT_EQ(points.names(), mixed.names());
        EXPECT_TRUE(inside(mixed, points));
        for (const auto& axis : mixed.axes) {
            EXPECT_EQ(strata(axis, points.numbers(axis.name), n), std::vector<int>(n, 1)) << axis.name;
        }
    }
}

TEST(Lhs, AxesAreIndependent) {
    const Table points = lhs(brusselator, 10000, 3);
    const auto a = points.numbers("a"), b = points.numbers("b");
    double correlation = 0;
    for (std::size_t i = 0; i < a.size(); ++i) correlation += (a[i] / 5 - 0.5) * (b[i] / 15 - 0.5) * 12 / 1e4;
    EXPECT_NEAR(correlation, 0, 5 / 100.0);  // five standard errors
}

TEST(Points, DependOnSeedAndAxisAlone) {
    for (const auto sampler : {lhs, uniform, sobol}) {
        EXPECT_EQ(to_csv(sampler(mixed, 100, 5)), to_csv(sampler(mixed, 100, 5)));
        EXPECT_NE(to_csv(sampler(mixed, 100, 5)), to_csv(sampler(mixed, 100, 6)));
        Box longer = mixed;
        longer.axes.push_back({"further", 0, 1});
        EXPECT_EQ(to_csv(sampler(longer, 100, 5).columns(mixed.names())), to_csv(sampler(mixed, 100, 5)));
    }
}

TEST(Points, UniformAndSobolContinueShorterTables) {
    for (const auto sampler : {uniform, sobol}) {
        EXPECT_EQ(to_csv(sampler(mixed, 1000, 5).slice(0, 77)), to_csv(sampler(mixed, 77, 5)));
    }
}

// Bits that must never change: stored results depend on them.
TEST(Points, FirstOnesAreFixed) {
    const auto first = [](const Table& points) { return to_csv(points.slice(0, 2)); };
    EXPECT_EQ(first(lhs(mixed, 10, 1)),
              "k1,x,k2\n5.727901753512738,0.536009847710375,554029.9506927994\n0.4857456937501652,2."
              "618877425265964,14.093229744232183\n");
    EXPECT_EQ(first(uniform(mixed, 10, 1)),
              "k1,x,k2\n0.4364171542733877,-0.015570869110184571,20319.93365380752\n0.46593450479266996,-1."
              "7993711911109316,6.27264768958424\n");
    EXPECT_EQ(first(sobol(mixed, 10, 1)),
              "k1,x,k2\n0.23270089079668776,2.0666486566138715,3.668060885689864\n2.327008907966878,-0."
              "43335134338612846,3.668060885689859e-06\n");
}

TEST(Uniform, FillsTheBox) {
    const Table points = uniform(mixed, 20000, 8);
    EXPECT_TRUE(inside(mixed, points));
    for (const auto& axis : mixed.axes) {
        for (const int count : strata(axis, points.numbers(axis.name), 10)) {
            EXPECT_NEAR(count, 2000, 5 * std::sqrt(2000.0));
        }
    }
}

TEST(Sobol, IsEvenInEveryDyadicInterval) {
    Box box;
    for (int i = 0; i < 40; ++i) box.axes.push_back({"p" + std::to_string(i), 0, 1});
    const Table points = sobol(box, 1024, 9);
    for (const auto& axis : box.axes) {
        EXPECT_EQ(strata(axis, points.numbers(axis.name), 1024), std::vector<int>(1024, 1));
    }
    // The first two axes are a (0, m, 2)-net: one point in each cell of every dyadic split of the square.
    for (const std::size_t rows : {1, 4, 32, 256, 1024}) {
        std::set<std::pair<int, int>> cells;
        for (std::size_t i = 0; i < 1024; ++i) {
            cells.insert({int(points.numbers("p0")[i] * double(rows)),
                          int(points.numbers("p1")[i] * 1024 / double(rows))});
        }
        EXPECT_EQ(cells.size(), 1024u) << rows;
    }
}

// The mean of a product over ten axes: of order 1/n with Sobol's points, where independent ones give
// 1/sqrt(n).
TEST(Sobol, IntegratesBetterThanChance) {
    Box box;
    for (int i = 0; i < 10; ++i) box.axes.push_back({"p" + std::to_string(i), 0, 1});
    const auto error = [&](const Table& points) {
        double sum = 0;
        for (std::size_t i = 0; i < points.rows(); ++i) {
            double product = 1;
            for (const auto& column : points.columns()) product *= 1 + (column.numbers()[i] - 0.5) / 2;
            sum += product;
        }
        return std::abs(sum / double(points.rows()) - 1);
    };
    double by_sobol = 0, by_chance = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        by_sobol += error(sobol(box, 4096, seed)) / 20;
        by_chance += error(uniform(box, 4096, seed)) / 20;
    }
    EXPECT_LT(by_sobol, by_chance / 5);
}

TEST(Grid, CountsWithTheFirstAxisSlowest) {
    const Table points = grid(Box{{{"a", 0, 2}, {"k", 1, 100, Scale::log}}}, 3);
    EXPECT_EQ(points.at("a").numbers(), (std::vector<double>{0, 0, 0, 1, 1, 1, 2, 2, 2}));
    const auto k = points.numbers("k");
    for (std::size_t i = 0; i < 9; i += 3) {
        EXPECT_EQ(k[i], 1);
        EXPECT_NEAR(k[i + 1], 10, 1e-14);
        EXPECT_EQ(k[i + 2], 100);
    }
}

}  // namespace
}  // namespace rondo
