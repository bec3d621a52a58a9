// Samplers against slow, obvious versions of themselves, and against the laws they claim.
#include "runtime/sample/choose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/sample/imbalance.h"
#include "runtime/sample/neighbours.h"
#include "runtime/sample/offspring.h"
#include "runtime/sample/random.h"
#include "runtime/sample/strata.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

const Box box{{{"a", 0, 5}, {"b", 0, 15}}};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Table labelled(std::size_t n, std::uint64_t seed) {
    Table table = uniform(box, n, seed);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < n; ++i) {
        const double a = table.numbers("a")[i], b = table.numbers("b")[i];
        x.push_back(b > 1 + a * a ? std::sqrt(b) : 0);
        y.push_back(2 * x.back());
    }
    table.set("freq_X", x);
    table.set("freq_Y", y);
    return table;
}

// Distances to every other row, sorted.
std::vector<std::pair<double, std::size_t>> all_distances(const Table& table, std::size_t row,
                                                          Metric metric) {
    std::vector<std::pair<double, std::size_t>> result;
    for (std::size_t other = 0; other < table.rows(); ++other) {
        if (other == row) continue;
        double square = 0;
        for (const Axis& axis : box.axes) {
            const auto x = table.numbers(axis.name);
            const double width = metric == Metric::scaled ? axis.upper - axis.lower : 1;
            square += std::pow((x[other] - x[row]) / width, 2);
        }
        result.emplace_back(std::sqrt(square), other);
    }
    std::sort(result.begin(), result.end());
    return result;
}

TEST(Neighbours, AreTheNearestOfAll) {
    const Table table = labelled(300, 1);
    for (const Metric metric : {Metric::raw, Metric::scaled}) {
        for (const std::size_t k : {1u, 5u, 17u}) {
            const Neighbours near = nearest(box, table, k, metric);
            for (std::size_t row = 0; row < table.rows(); ++row) {
                const auto expected = all_distances(table, row, metric);
                for (std::size_t i = 0; i < k; ++i) {
                    EXPECT_EQ(near.row[row * k + i], expected[i].second);
                    EXPECT_NEAR(near.distance[row * k + i], expected[i].first, 1e-14);
                }
            }
        }
    }
}

TEST(Neighbours, ARowIsNoneOfItsOwnEvenAmongCopies) {
    Table copies;
    copies.set("a", std::vector<double>(8, 1));
    copies.set("b", std::vector<double>(8, 2));
    const Neighbours near = nearest(box, copies, 3);
    for (std::size_t row = 0; row < 8; ++row)
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(near.row[row * 3 + i], row);
}

TEST(Neighbours, WrongNumbersAreTold) {
    Table table = labelled(5, 1);
    EXPECT_EQ(message_of([&] { nearest(box, table, 5); }),
              "5 nearest rows asked for of 5; there must be at least 1, and fewer than there are rows");
    table.set("b", std::vector<double>{1, 2, nan, 4, 5});
    EXPECT_EQ(message_of([&] { nearest(box, table, 2); }),
              "column 'b' has NaN in row 3; leave such rows out first");
}

TEST(Gradient, IsThatOfTheDefinition) {
    const Table table = labelled(200, 2);
    const auto code = gradient_degree(box, table, {"freq_X", "freq_Y"}, 4, GradientForm::code, Metric::raw);
    const auto paper = gradient_degree(box, table, {"freq_X", "freq_Y"}, 4, GradientForm::paper, Metric::raw);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        double sum = 0, square = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto [distance, other] = all_distances(table, row, Metric::raw)[i];
            const double dx = table.numbers("freq_X")[other] - table.numbers("freq_X")[row],
                         dy = table.numbers("freq_Y")[other] - table.numbers("freq_Y")[row];
            sum += std::hypot(dx, dy) / distance;
            square += (dx * dx + dy * dy) / (distance * distance) / 4;
        }
        EXPECT_NEAR(code[row], sum, 1e-12 * (1 + sum));
        EXPECT_NEAR(paper[row], square, 1e-12 * (1 + square));
    }
}

TEST(Top, TakesTheHighestAndEarlierOfEquals) {
    const std::vector<double> scores{1, 3, 2, 3, 0};
    EXPECT_EQ(top(scores, 0), std::vector<bool>(5));
    EXPECT_EQ(top(scores, 1), (std::vector<bool>{false, true, false, false, false}));
    EXPECT_EQ(top(scores, 3), (std::vector<bool>{false, true, true, true, false}));
    EXPECT_EQ(top(scores, 9), std::vector<bool>(5, true));
    EXPECT_EQ(message_of([] {
                  top(std::vector<double>{1, nan}, 1);
              }),
              "the score of row 2 is NaN; leave such rows out first");
}

// Counts of n draws over expected counts, as a chi-square per degree of freedom.
double chi_square(const std::vector<std::size_t>& counts, const std::vector<double>& expected) {
    double sum = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        sum += std::pow(static_cast<double>(counts[i]) - expected[i], 2) / expected[i];
    return sum / static_cast<double>(counts.size() - 1);
}

TEST(Redraw, FollowsItsMixture) {
    const std::vector<double> weights{1, 2, 0, 5, 12};
    constexpr double n = 200000;
    for (const double mix : {0.0, 0.4, 0.95}) {
        std::vector<std::size_t> counts(5);
        for (const std::size_t row : redraw(weights, std::size_t(n), mix, 7)) ++counts[row];
        std::vector<double> expected;
        for (const double w : weights) expected.push_back(n * (mix * w / 20 + (1 - mix) / 5));
        EXPECT_LT(chi_square(counts, expected), 4.6);  // one in a thousand, four degrees of freedom
    }
    for (const std::size_t row : redraw(weights, 1000, 1, 7)) EXPECT_NE(row, 2u);
}

// Draw by draw: the first row up to which the chances sum to more than the draw. (All sums are exact here.)
TEST(Redraw, RowsAreThoseOfThePlainSearch) {
    std::vector<double> weights;
    for (int i = 0; i < 64; ++i) weights.push_back(std::vector<double>{0, 1, 2, 1}[std::size_t(i % 4)]);
    const auto rows = redraw(weights, 5000, 1, 4);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double u = Random(4, "redraw", i).uniform();
        std::size_t row = 0;
        for (double sum = weights[0]; sum <= 64 * u; sum += weights[row]) ++row;
        ASSERT_EQ(rows[i], row) << i;
    }
}

TEST(Redraw, WithoutWeightEveryRowIsAlike) {
    std::vector<std::size_t> counts(4);
    for (const std::size_t row : redraw(std::vector<double>(4, 0.0), 40000, 1, 3)) ++counts[row];
    EXPECT_LT(chi_square(counts, std::vector<double>(4, 1e4)), 5.4);
    EXPECT_EQ(message_of([] {
                  redraw(std::vector<double>{1, -1}, 3, 1, 1);
              }),
              "the weight of row 2 is -1; weights are finite and not negative");
    EXPECT_EQ(message_of([] {
                  redraw(std::vector<double>{1, 1}, 3, 2, 1);
              }),
              "mix is 2; it must be from 0 to 1");
}

TEST(Multinomial, CountsAllDrawsByWeight) {
    const std::vector<double> weights{1e300, 3e300, 6e300};  // whose sum is no double
    const auto counts = multinomial(weights, 100000, 5);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), 100000u);
    EXPECT_LT(chi_square(counts, {1e4, 3e4, 6e4}), 6.9);
    EXPECT_EQ(multinomial(weights, 100, 5), multinomial(weights, 100, 5));
}

// Every weight is 1 and W starts at 0: offer i replaces with chance min(size / i, 1), so each of n rows stays
// with the same chance: that of a uniform reservoir.
TEST(Reservoir, EqualWeightsKeepEveryRowAlike) {
    constexpr std::size_t size = 5, offered = 20, rounds = 20000;
    std::vector<std::size_t> kept(offered);
    for (std::size_t round = 0; round < rounds; ++round) {
        const Reservoir result = reservoir(size, std::vector<double>(offered, 1.0), double(size), round);
        EXPECT_DOUBLE_EQ(result.sum, double(size + offered));
        for (const std::size_t from : result.from)
            if (from >= size) ++kept[from - size];
    }
    EXPECT_LT(chi_square(kept, std::vector<double>(offered, double(rounds * size) / (size + offered))), 2.4);
}

TEST(Reservoir, NothingOfNoWeightIsTaken) {
    const Reservoir result = reservoir(3, std::vector<double>{0, 0, 4}, 0, 1);
    EXPECT_EQ(result.accepted, (std::vector<bool>{false, false, true}));  // its chance is 3 min(1, 1/3)
    EXPECT_EQ(result.sum, 4);
}

// The published algorithm, with matrices and determinants written out for two dimensions.
TEST(Determinantal, EqualsThePlainAlgorithmInTwoDimensions) {
    constexpr std::size_t rows = 200, n = 40;
    constexpr double scale = 100;
    std::vector<double> x;
    Random random(3, "test");
    for (std::size_t i = 0; i < 2 * rows; ++i) x.push_back(random.normal());
    std::vector<bool> expected(rows);
    double i11 = scale, i12 = 0, i22 = scale, c11 = 0, c12 = 0, c22 = 0;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < rows && taken < n; ++i) {
        const double u = x[2 * i], v = x[2 * i + 1], seen = double(i + 1);
        c11 = ((seen - 1) * c11 + u * u) / seen;
        c12 = ((seen - 1) * c12 + u * v) / seen;
        c22 = ((seen - 1) * c22 + v * v) / seen;
        const double gain = i11 * u * u + 2 * i12 * u * v + i22 * v * v;
        const double trace = c11 * i11 + 2 * c12 * i12 + c22 * i22;
        if (Random(9, "determinantal", i).uniform() >= double(n - taken) / double(rows - i) * gain / trace)
            continue;
        expected[i] = true;
        ++taken;
        // Invert (A + x x'), A the inverse of the inverse.
        const double d = i11 * i22 - i12 * i12;
        const double a11 = i22 / d + u * u, a12 = -i12 / d + u * v, a22 = i11 / d + v * v;
        const double e = a11 * a22 - a12 * a12;
        i11 = a22 / e, i12 = -a12 / e, i22 = a11 / e;
    }
    EXPECT_EQ(determinantal(x, 2, n, scale, 9), expected);
    EXPECT_GT(taken, n / 2);
}

// A thousand copies of one vector and ten of another: the rare one adds volume and is favoured.
TEST(Determinantal, FavoursWhatIsNew) {
    std::vector<double> x;
    for (int i = 0; i < 1000; ++i) {
        const bool rare = i % 100 == 50;
        x.insert(x.end(), {rare ? 0.0 : 1.0, rare ? 1.0 : 0.0});
    }
    double rare = 0, common = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto accepted = determinantal(x, 2, 50, 100, seed);
        for (std::size_t i = 0; i < 1000; ++i) (i % 100 == 50 ? rare : common) += accepted[i];
    }
    EXPECT_GT(rare / 500, 5 * common / 49500);
}

TEST(Offspring, CrossoverStaysBetweenTwoDistinctParents) {
    Table parents;
    parents.set("a", std::vector<double>{1, 2});
    parents.set("b", std::vector<double>{10, 4});
    const Table points = crossover(box, parents, 4000, 1);
    double a = 0, product = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
        const double u = points.numbers("a")[i] - 1, v = (points.numbers("b")[i] - 4) / 6;
        ASSERT_TRUE(u >= 0 && u <= 1 && v >= 0 && v <= 1);
        a += u;
        product += (u - 0.5) * (v - 0.5);
    }
    EXPECT_NEAR(a / 4000, 0.5, 5 * 0.289 / 63);      // uniform
    EXPECT_NEAR(product / 4000, 0, 5 * 0.083 / 63);  // each coordinate by itself
    EXPECT_EQ(message_of([&] { crossover(box, parents.slice(0, 1), 1, 1); }),
              "the table of parents has 1 rows; at least 2 are needed");
}

TEST(Offspring, MutationLiesBetweenHighAndMedium) {
    Table high, medium;
    high.set("a", std::vector<double>{1});
    high.set("b", std::vector<double>{1});
    medium.set("a", std::vector<double>{3, 4});
    medium.set("b", std::vector<double>{2, 2});
    const Table points = mutate(box, high, medium, 2000, 2);
    int beyond = 0;
    for (std::size_t i = 0; i < 2000; ++i) {
        ASSERT_TRUE(points.numbers("a")[i] >= 1 && points.numbers("a")[i] <= 4);
        ASSERT_TRUE(points.numbers("b")[i] >= 1 && points.numbers("b")[i] <= 2);
        beyond += points.numbers("a")[i] > 3;
    }
    EXPECT_NEAR(beyond, 2000 / 2 / 3, 5 * 17);  // half the pairs, a third of their box
    const Box logs{{{"k", 0.01, 100, Scale::log}}};
    Table low, up;
    low.set("k", std::vector<double>{0.01});
    up.set("k", std::vector<double>{100});
    const auto k = mutate(logs, low, up, 2000, 2);
    int below = 0;
    for (const double x : k.numbers("k")) below += x < 1;
    EXPECT_NEAR(below, 1000, 5 * 22);  // the middle of the logarithms
}

TEST(Offspring, SmoteKeepsLabelsOnTheLine) {
    Table minority = uniform(box, 50, 4);
    std::vector<double> y;
    for (std::size_t i = 0; i < 50; ++i) y.push_back(3 * minority.numbers("a")[i] - minority.numbers("b")[i]);
    minority.set("freq_X", y);
    const Table made = smote(box, minority, 300, 5, 1);
    ASSERT_EQ(made.names(), minority.names());
    for (std::size_t i = 0; i < 300; ++i) {
        EXPECT_NEAR(made.numbers("freq_X")[i], 3 * made.numbers("a")[i] - made.numbers("b")[i], 1e-12);
    }
    EXPECT_EQ(message_of([&] { smote(box, minority.slice(0, 5), 1, 5, 1); }),
              "the minority has 5 rows; at least 6 are needed");
}

TEST(Offspring, ChildrenSpreadAroundTheirParentAndStayInside) {
    Table parents;
    parents.set("a", std::vector<double>{2.5, 0});
    parents.set("b", std::vector<double>{7.5, 0});
    const std::vector<std::size_t> counts{4000, 500};
    const Table points = children(box, parents, counts, 0.04, Spread::raw, 1);
    ASSERT_EQ(points.rows(), 4500u);
    double square = 0, product = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
        const double u = points.numbers("a")[i] - 2.5, v = points.numbers("b")[i] - 7.5;
        square += u * u;
        product += u * v;
    }
    EXPECT_NEAR(square / 4000, 0.04, 5 * 0.04 * std::sqrt(2.0 / 4000));
    EXPECT_NEAR(product / 4000, 0, 5 * 0.04 / std::sqrt(4000.0));
    for (std::size_t i = 4000; i < 4500; ++i) EXPECT_GE(points.numbers("a")[i], 0);
    EXPECT_EQ(message_of([&] { children(box, parents, counts, 0, Spread::raw, 1); }),
              "sigma is 0; it must be > 0");
}

// Child by child as offspring.h says it, without anything set up once for all: the same bits.
TEST(Offspring, ChildrenAreThoseOfThePlainRule) {
    const Box both{{{"a", 0, 5}, {"k", 0.1, 10, Scale::log}}};
    const Table parents = uniform(both, 50, 1);
    const auto counts = multinomial(parents.numbers("a"), 400, 7);
    for (const Spread spread : {Spread::raw, Spread::scaled}) {
        const Table made = children(both, parents, counts, 0.09, spread, 8);
        std::uint64_t child = 0;
        for (std::size_t row = 0; row < counts.size(); ++row) {
            for (std::size_t i = 0; i < counts[row]; ++i, ++child) {
                Random random(8, "children", child);
                std::vector<double> point;
                bool inside = false;
                for (int draw = 0; draw < 10 && !inside; ++draw) {
                    inside = true;
                    point.clear();
                    for (const Axis& axis : both.axes) {
                        const bool raw = spread == Spread::raw;
                        const double x = parents.numbers(axis.name)[row], step = 0.3 * random.normal();
                        const double u = raw ? x + step : axis.unit(x) + step;
                        inside = inside && u >= (raw ? axis.lower : 0) && u <= (raw ? axis.upper : 1);
                        point.push_back(std::clamp(raw ? u : axis.value(u), axis.lower, axis.upper));
                    }
                }
                EXPECT_EQ(made.numbers("a")[child], point[0]) << child;
                EXPECT_EQ(made.numbers("k")[child], point[1]) << child;
            }
        }
        EXPECT_EQ(child, made.rows());
    }
}

// Over the box the density's mean is 1, whichever the units, and children fill a part of it as it says.
TEST(Offspring, TheDensityOfChildrenIsTheirs) {
    const Box both{{{"a", 0, 5}, {"k", 0.1, 10, Scale::log}}};
    Table parents;
    parents.set("a", std::vector<double>{0.2, 3, 4});
    parents.set("k", std::vector<double>{5, 0.3, 1});
    const std::vector<double> weights{1, 0, 3};
    for (const Spread spread : {Spread::raw, Spread::scaled}) {
        const double variance = spread == Spread::raw ? 1 : 0.02;
        const Table points = sobol(both, 1 << 14, 1);
        const auto density = children_density(both, points, parents, weights, variance, spread);
        double mean = 0, part = 0;
        for (std::size_t i = 0; i < density.size(); ++i) {
            mean += density[i] / static_cast<double>(density.size());
            if (points.numbers("a")[i] < 1) part += density[i] / static_cast<double>(density.size());
        }
        EXPECT_NEAR(mean, 1, 0.01);
        constexpr std::size_t n = 40000;
        const Table made = children(both, parents, multinomial(weights, n, 3), variance, spread, 4);
        std::size_t below = 0;
        for (const double a : made.numbers("a")) below += a < 1;
        EXPECT_NEAR(static_cast<double>(below) / n, part, 0.01);
    }
}

// With equal losses the counts are those of a multinomial law of equal chances: over many draws their
// variance too.
TEST(Multinomial, EqualWeightsSpreadAsTheLawSays) {
    const std::vector<double> weights(20, 0.3);
    double square = 0;
    constexpr int draws = 2000;
    for (std::uint64_t seed = 0; seed < draws; ++seed) {
        for (const std::size_t count : multinomial(weights, 150, seed))
            square += std::pow(static_cast<double>(count) - 7.5, 2);
    }
    const double variance = 150 * 0.05 * 0.95;
    EXPECT_NEAR(square / (draws * 20), variance, 0.03 * variance);  // four deviations
}

// Three clusters far apart: whatever the order of rows, each is a stratum.
TEST(Strata, FindsThreeClusters) {
    Random random(1, "test");
    std::vector<double> w;
    std::vector<std::uint8_t> expected;
    for (int i = 0; i < 3000; ++i) {
        const std::uint8_t kind = i % 10 == 0 ? 2 : i % 3 == 0 ? 1 : 0;
        w.push_back(std::abs((kind == 2 ? 10 : kind == 1 ? 3 : 1) + 0.1 * random.normal()));
        expected.push_back(kind);
    }
    const Strata found = strata(w, VarianceFloor::scale_free);
    EXPECT_TRUE(found.by_mixture);
    EXPECT_EQ(found.of, expected);
    EXPECT_LT(found.mean[0], found.mean[1]);
    EXPECT_LT(found.mean[1], found.mean[2]);
}

// The coded floor's deviation of 1e-3 is far above shares of 1/3000: it hides the same clusters.
TEST(Strata, TheCodedFloorFallsBackOnShares) {
    std::vector<double> w;
    for (int i = 0; i < 3000; ++i) w.push_back(i % 10 == 0 ? 10 + i * 1e-6 : 1 + i * 1e-6);
    const Strata found = strata(w, VarianceFloor::coded);
    EXPECT_FALSE(found.by_mixture);
    EXPECT_EQ(std::count(found.of.begin(), found.of.end(), 2), 300);
    EXPECT_EQ(std::count(found.of.begin(), found.of.end(), 0), 300);
    for (std::size_t i = 0; i < w.size(); ++i) EXPECT_EQ(found.of[i] == 2, i % 10 == 0);
    EXPECT_FALSE(strata(std::vector<double>(20, 1.0)).by_mixture);  // all alike
    EXPECT_EQ(message_of([] {
                  strata(std::vector<double>{1, 2, 3});
              }),
              "strata need at least 4 residuals; there are 3");
}

TEST(Imbalance, GiniIsThatOfTheDefinition) {
    Random random(2, "test");
    std::vector<double> y;
    for (int i = 0; i < 400; ++i) y.push_back(random.uniform() < 0.6 ? 0 : random.uniform());
    double differences = 0, sum = 0;
    for (const double a : y) {
        sum += a;
        for (const double b : y) differences += std::abs(a - b);
    }
    EXPECT_NEAR(gini(y), differences / (2 * 400 * sum), 1e-12);
    EXPECT_NEAR(gini(y, GiniForm::lorenz), gini(y), 0.01);
    EXPECT_EQ(gini(std::vector<double>(5, 2.0)), 0);
    const auto zeros = std::count(y.begin(), y.end(), 0.0);
    EXPECT_DOUBLE_EQ(imbalance_ratio(y), double(zeros) / double(400 - zeros));
    EXPECT_TRUE(std::isinf(imbalance_ratio(std::vector<double>{0, 0})));
    EXPECT_EQ(message_of([] {
                  gini(std::vector<double>{0, 0});
              }),
              "Gini's index needs at least 2 finite values, none negative and not all of them 0");
}

}  // namespace
}  // namespace rondo
