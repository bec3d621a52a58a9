// Fixed points and leading eigenvalues against what is known by hand; and predictions of points as users
// bring them.
#include "runtime/stability/stability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
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
        for (const std::string which : {"loose_", "firm_"}) {
            EXPECT_NEAR(found.numbers(which + "damping")[row], leading.real() / std::abs(leading), 1e-6);
            EXPECT_NEAR(found.numbers(which + "rate")[row], std::log(std::abs(leading)), 1e-6);
            EXPECT_NEAR(std::pow(found.numbers(which + "turning")[row], 2),
                        std::abs(leading.imag()) / (2 * std::numbers::pi), 1e-6);
            EXPECT_NEAR(found.numbers(which + "X")[row], std::log(a), 1e-8);
            EXPECT_NEAR(found.numbers(which + "Y")[row], std::log(b / a), 1e-8);
        }
    }
}

TEST(Stability, FindsSeveralFixedPoints) {
    const std::string three = "model three\n  X' = -k*(X - 1)*(X - 2)*(X - 3)\n  X = 2.1; k = 1\nend\n";
    Table points;
    points.set("k", std::vector<double>{1, 5});
    const Table found = with_stability(three, points, "points", executor);
    EXPECT_EQ(found.numbers("rests_stable")[0], 2);
    EXPECT_EQ(found.numbers("rests_unstable")[0], 1);
    EXPECT_NEAR(found.numbers("loose_X")[1], std::log(2), 1e-9);
    EXPECT_EQ(found.numbers("loose_damping")[1], 1);
    EXPECT_EQ(found.numbers("firm_damping")[1], -1);
    EXPECT_NEAR(found.numbers("loose_rate")[1], std::log(5), 1e-9);  // the slope at 2 is k
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
    surrogate.features = {{"loose_Y", -100, 100, 0, 1}};
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
    surrogate.features = {{"a", -100, 100, 0, 1}, {"loose_Y", -100, 100, 0, 1}};
    surrogate.layers[0] = {4, 1, {0, 0, 10, 1}, {0}, false, {}, {}, {}, {}, Activation::none};
    Table points;
    points.set("a", std::vector<double>{2});
    points.set("b", std::vector<double>{6});
    const Table predicted = predict_points(surrogate, points, "p.csv", executor, [](const std::string&) {});
    EXPECT_NEAR(predicted.numbers("freq_X")[0], 20 + std::log(3), 1e-9);
}

}  // namespace
}  // namespace rondo
