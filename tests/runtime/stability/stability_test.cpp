// Fixed points and leading eigenvalues against what is known by hand; and predictions of points as users
// bring them.
#include "runtime/stability/stability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>

#include "runtime/sample/box.h"
#include "runtime/stability/predict.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

const Executor executor(2);

const std::string brusselator = R"(model brusselator
  -> X; a
  2 X + Y -> 3 X; X^2*Y
  X -> Y; b*X
  X -> ; X
  a = 1; b = 3; X = 10; Y = 10
end
)";

// One fixed point (a, b/a); its Jacobian has trace b - 1 - a^2 and determinant a^2.
TEST(Stability, OfTheBrusselatorIsKnown) {
    const Box box{{{"a", 0.2, 5}, {"b", 0.2, 15}}};
    const Table points = uniform(box, 500, 1);
    const Table found = with_stability(brusselator, points, "points", executor);
    for (std::size_t row = 0; row < points.rows(); ++row) {
        const double a = points.numbers("a")[row], b = points.numbers("b")[row];
        SCOPED_TRACE(testing::Message() << "a " << a << " b " << b);
        const double trace = b - 1 - a * a;
        const std::complex<double> root = std::sqrt(std::complex<double>(trace * trace - 4 * a * a));
        const std::complex<double> leading = (trace + root) / 2.0;
        EXPECT_EQ(found.numbers("rests_stable")[row], trace < 0);
        EXPECT_EQ(found.numbers("rests_unstable")[row], trace > 0);
        for (const std::string which : {"least_stable_", "most_stable_"}) {
            EXPECT_NEAR(found.numbers(which + "damping")[row], leading.real() / std::abs(leading), 1e-6);
            EXPECT_NEAR(found.numbers(which + "rate")[row], std::log(std::abs(leading)), 1e-6);
            EXPECT_NEAR(std::pow(found.numbers(which + "turning")[row], 2),
                        std::abs(leading.imag()) / (2 * std::numbers::pi), 1e-6);
            EXPECT_NEAR(found.numbers(which + "X")[row], std::log(a), 1e-8);
            EXPECT_NEAR(found.numbers(which + "Y")[row], std::log(b / a), 1e-8);
        }
        for (const std::string saddle : {"rate", "side", "X", "Y"})
            EXPECT_EQ(found.numbers("saddle_" + saddle)[row], 0);
    }
}

// X rests at 1, 2 (a saddle) and 3; U and V turn round 5 the faster the farther X is from 1.
TEST(Stability, TellsFixedPointsApartByWhatTheyAre) {
    const std::string three = R"(model three
  X' = -k*(X - 1)*(X - 2)*(X - 3)
  U' = -(U - 5) - (X - 1)*(V - 5)
  V' = (X - 1)*(U - 5) - (V - 5)
  X = x0; U = 5; V = 5; k = 1; x0 = 2
end
)";
    Table points;
    points.set("k", std::vector<double>{1, 5, 1});
    points.set("x0", std::vector<double>{2.1, 2.1, 1.5});
    const Table found = with_stability(three, points, "points", executor);
    const auto expect = [&](const std::string& column, std::vector<double> values) {
        for (std::size_t row = 0; row < points.rows(); ++row)
            EXPECT_NEAR(found.numbers(column)[row], values[row], 1e-9) << column << ", row " << row;
    };
    expect("rests_stable", {2, 2, 2});
    expect("rests_unstable", {1, 1, 1});
    expect("least_stable_X", {std::log(3), std::log(3), std::log(3)});
    expect("least_stable_damping", {-1 / std::sqrt(5), -1 / std::sqrt(5), -1 / std::sqrt(5)});
    expect("most_stable_X", {0, 0, 0});
    expect("most_stable_damping", {-1, -1, -1});
    expect("saddle_X", {std::log(2), std::log(2), std::log(2)});
    expect("saddle_rate", {0, std::log(5), 0});  // the slope at 2 is k
    // From the saddle 0.1 away from the most stable point, or half the way to it.
    expect("saddle_side", {0.1 / 1.1, 0.1 / 1.1, -0.5 / 1.5});
}

TEST(Stability, BeyondAPoleNothingCounts) {
    const std::string model = "model m\n  X' = (k - X)*(5 - X)/(3 - X)\n  X = x0; k = 1; x0 = 1\nend\n";
    Table points;
    points.set("x0", std::vector<double>{0.5, 2.9, 7});
    const Table found = with_stability(model, points, "points", executor);
    for (std::size_t row = 0; row < points.rows(); ++row) {
        EXPECT_EQ(found.numbers("rests_stable")[row], 1);
        EXPECT_NEAR(found.numbers("most_stable_X")[row], std::log(row < 2 ? 1 : 5), 1e-9);
    }
}

// The cell cycle's balance as one equation in X, by its signs along a fine grid.
int crossings(double k_sx, double k_dx, double k_sy, double k_dy, double k_sz, double k_dz) {
    const double V = 30, made = k_sx * (1.04 * V / 3.5) * V, YT = k_sy * (7.0 / 3.5) * V / k_dy;
    int count = 0;
    double before = 0;
    constexpr int cells = 200000;
    for (int i = 1; i <= cells; ++i) {
        const double X = made / k_dx * std::pow(1e-8, 1 - static_cast<double>(i) / cells);
        const double Y = (made / X - k_dx) * V / 0.00741;
        if (Y < 0 || Y > YT + 5.4 * V) continue;
        const double Z = k_sz * (0.001 + 10 * X * X / (756 * V * 756 * V + X * X)) / 0.15 * V / k_dz;
        const double now = k_sy * (7.0 / 3.5) * V - k_dy * Y +
                           (29.7 * V + 7.5 * Z) * (YT - Y) / (5.4 * V + YT - Y) -
                           1.88 * X * Y / (5.4 * V + Y);
        if (now * before < 0) ++count;
        before = now;
    }
    return count;
}

TEST(Stability, OverlooksNextToNothingOfTheCellCycle) {
    std::ifstream file(std::filesystem::path(PROJECT_SOURCE) / "stdlib" / "models" / "cell_cycle.ant");
    const std::string cell_cycle(std::istreambuf_iterator<char>(file), {});
    const Box box{{{"k_sx", 0, 15.3},
                   {"k_dx", 0, 0.4},
                   {"k_sy", 0, 13.5},
                   {"k_dy", 0, 0.2},
                   {"k_sz", 0, 13.5},
                   {"k_dz", 0, 1}}};
    const Table points = uniform(box, 300, 1);
    const Table found = with_stability(cell_cycle, points, "points", executor);
    int differ = 0, three = 0;
    for (std::size_t row = 0; row < points.rows(); ++row) {
        const auto at = [&](const char* name) { return points.numbers(name)[row]; };
        const int expected =
            crossings(at("k_sx"), at("k_dx"), at("k_sy"), at("k_dy"), at("k_sz"), at("k_dz"));
        const double counted = found.numbers("rests_stable")[row] + found.numbers("rests_unstable")[row];
        three += expected == 3;
        differ += counted != expected;
        EXPECT_EQ(found.numbers("saddle_X")[row] != 0, counted > 1);
    }
    EXPECT_GE(three, 15);
    EXPECT_LE(differ, 2);
}

TEST(Stability, OneThreadOrTwoAreTheSame) {
    const Box box{{{"a", 0.2, 5}, {"b", 0.2, 15}}};
    const Table points = uniform(box, 50, 2);
    const Table one = with_stability(brusselator, points, "points", Executor(1)),
                two = with_stability(brusselator, points, "points", executor);
    for (const Column& column : one.columns()) EXPECT_EQ(column.numbers(), two.at(column.name).numbers());
}

TEST(Stability, WhatIsDrivenHasNoFixedPoints) {
    Table points;
    points.set("k", std::vector<double>{1});
    EXPECT_EQ(message_of([&] {
                  with_stability("model m\n  X' = sin(time) - k*X\n  X = 1; k = 1\nend\n", points, "points",
                                 executor);
              }),
              "'m' has no fixed points: time enters its equations");
}

// One linear layer over a, b and a feature of the Brusselator: predicts ln(b/a) - the feature itself.
Surrogate reads_feature() {
    Surrogate surrogate;
    surrogate.box.axes = {{"a", 0, 5}, {"b", 0, 15}};
    surrogate.outputs = {"freq_X"};
    surrogate.features = {{"least_stable_Y", -100, 100, 0, 1}};
    surrogate.layers = {{3, 1, {0, 0, 1}, {0}, false, {}, {}, {}, {}, Activation::none}};
    surrogate.model = brusselator;
    return surrogate;
}

TEST(PredictPoints, ComputesFeaturesAndSaysWhatIsOdd) {
    Table points;
    points.set("b", std::vector<double>{3, 30, std::nan(""), 6});
    points.set("freq_X", std::vector<double>{7, 7, 7, 7});
    points.set("a", std::vector<double>{1, 1, 1, 2});
    std::vector<std::string> said;
    const Table predicted = predict_points(reads_feature(), points, "p.csv", executor,
                                           [&](const std::string& text) { said.push_back(text); });
    EXPECT_EQ(predicted.names(), (std::vector<std::string>{"b", "given_freq_X", "a", "freq_X", "outside"}));
    EXPECT_NEAR(predicted.numbers("freq_X")[0], std::log(3), 1e-9);
    EXPECT_NEAR(predicted.numbers("freq_X")[1], std::log(30), 1e-9);
    EXPECT_TRUE(std::isnan(predicted.numbers("freq_X")[2]));
    EXPECT_NEAR(predicted.numbers("freq_X")[3], std::log(3), 1e-9);
    EXPECT_EQ(predicted.at("outside").numbers(), (std::vector<double>{0, 1, 0, 0}));
    EXPECT_EQ(said,
              (std::vector<std::string>{
                  "p.csv: 1 of 4 points lie outside the box the surrogate was trained on; column 'outside' "
                  "says which",
                  "p.csv: 1 of 4 points have a coordinate that is no finite number; nothing is predicted "
                  "there (NaN)"}));
}

TEST(PredictPoints, AMissingColumnIsTold) {
    Table points;
    points.set("b", std::vector<double>{3});
    points.set("A", std::vector<double>{3});
    EXPECT_EQ(message_of([&] {
                  predict_points(reads_feature(), points, "p.csv", executor, [](const std::string&) {});
              }),
              "p.csv: there is no column 'a'; did you mean 'A'?");
}

// What a function of the study was learned from: no model stands behind it.
TEST(PredictPoints, FeaturesWithoutAModelAreReadFromThePoints) {
    Surrogate of_axis = reads_feature(), of_column = reads_feature();
    of_axis.model = of_column.model = "";
    of_axis.features[0].column = "b";
    of_column.features[0].column = "c";
    Table points;
    points.set("a", std::vector<double>{1, 2});
    points.set("b", std::vector<double>{3, 4});
    const auto values = [&](const Surrogate& surrogate, const Table& given) {
        return predict_points(surrogate, given, "p.csv", executor, [](const std::string&) {})
            .at("freq_X")
            .numbers();
    };
    EXPECT_EQ(values(of_axis, points), (std::vector<double>{3, 4}));
    EXPECT_EQ(
        message_of([&] { values(of_column, points); }),
        "p.csv: there is no column 'c', which the surrogate learned from and which no model of it tells");
    points.set("c", std::vector<double>{5, 6});
    EXPECT_EQ(values(of_column, points), (std::vector<double>{5, 6}));
}

TEST(PredictPoints, ACoordinateMayBeAFeatureBesideTheModels) {
    Surrogate surrogate = reads_feature();
    surrogate.features = {{"a", -100, 100, 0, 1}, {"least_stable_Y", -100, 100, 0, 1}};
    surrogate.layers[0] = {4, 1, {0, 0, 10, 1}, {0}, false, {}, {}, {}, {}, Activation::none};
    Table points;
    points.set("a", std::vector<double>{2});
    points.set("b", std::vector<double>{6});
    const Table predicted = predict_points(surrogate, points, "p.csv", executor, [](const std::string&) {});
    EXPECT_NEAR(predicted.numbers("freq_X")[0], 20 + std::log(3), 1e-9);
}

}  // namespace
}  // namespace rondo
