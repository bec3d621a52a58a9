// Steady states known from mathematics.
#include "runtime/steady/steady.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "runtime/api/models.h"

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

double value(const Steady& found, const std::string& name) {
    const auto place = std::ranges::find(found.values, name, &std::pair<std::string, double>::first);
    return place == found.values.end() ? std::nan("") : place->second;
}

Steady steady(const std::string& text) {
    return steady_state(parse_model(text, "m.ant"));
}

// Newton's last step is below 1e-9 of a state's magnitude; it converges quadratically.
constexpr double tolerance = 1e-9;

TEST(Steady, SynthesisAndDecayRestAtTheirRatio) {
    const Steady found = steady("-> A; v\n A ->; k*A\n v = 3; k = 0.5; A = 0");
    EXPECT_EQ(found.failure, "");
    EXPECT_NEAR(value(found, "A"), 6, 6 * tolerance);
    EXPECT_TRUE(found.stable);
    EXPECT_EQ(found.way, SteadyWay::integration);
    ASSERT_EQ(found.eigenvalues.size(), 1u);
    EXPECT_NEAR(found.slowest(), -0.5, 1e-12);
}

// A and B relax with kf + kb; the total stays, and is no deviation.
TEST(Steady, ConservedTotalsAreKept) {
    const Steady found = steady("A -> B; kf*A - kb*B\n A = 7; B = 1; kf = 3; kb = 1");
    EXPECT_NEAR(value(found, "A"), 2, 2 * tolerance);
    EXPECT_NEAR(value(found, "B"), 6, 6 * tolerance);
    ASSERT_EQ(found.eigenvalues.size(), 1u);
    EXPECT_NEAR(found.slowest(), -4, 1e-12);
}

TEST(Steady, DimersFollowTheLawOfMassAction) {
    const Steady found = steady("2 A -> D; kf*A^2 - kb*D\n A = 10; D = 0; kf = 0.3; kb = 2");
    const double a = value(found, "A"), d = value(found, "D");
    EXPECT_NEAR(a + 2 * d, 10, 10 * tolerance);
    EXPECT_NEAR(0.3 * a * a, 2 * d, 20 * tolerance);
}

// Goldbeter and Koshland 1981, equation 6: the modified share of a protein between two saturable enzymes.
double goldbeter_koshland(double v1, double v2, double j1, double j2) {
    const double b = v2 - v1 + v2 * j1 + v1 * j2;
    return 2 * v1 * j2 / (b + std::sqrt(b * b - 4 * (v2 - v1) * v1 * j2));
}

TEST(Steady, TheSwitchOfGoldbeterAndKoshland) {
    struct Case {
        double v1, v2, j1, j2;
    };
    for (const auto& [v1, v2, j1, j2] :
         {Case{1, 2, 0.1, 0.1}, Case{2, 1, 0.01, 0.05}, Case{1.05, 1, 0.01, 0.01}, Case{1, 1.5, 3, 0.2}}) {
        SCOPED_TRACE(v1);
        const Model model = parse_model(
            "W -> M; v1*W/(j1 + W) - v2*M/(j2 + M)\n W = 1; M = 0; v1 = 1; v2 = 1; j1 = 1; j2 = 1", "m.ant");
        const std::vector<Setting> settings{{"v1", v1}, {"v2", v2}, {"j1", j1}, {"j2", j2}};
        const Steady found = steady_state(model.with(settings));
        EXPECT_NEAR(value(found, "M"), goldbeter_koshland(v1, v2, j1, j2), tolerance);
        EXPECT_TRUE(found.stable);
    }
}

// x' = x - x^3 from both sides of its threshold, and on it.
TEST(Steady, OfSeveralTheOneThatTheRunReaches) {
    const auto at = [](double x) { return steady("x' = x - x^3; x = " + std::to_string(x)); };
    EXPECT_NEAR(value(at(0.1), "x"), 1, tolerance);
    EXPECT_NEAR(value(at(-0.1), "x"), -1, tolerance);
    EXPECT_EQ(value(at(0), "x"), 0);
    EXPECT_FALSE(at(0).stable);
    EXPECT_NEAR(at(0).slowest(), 1, 1e-12);
}

// The Brusselator turns for ever around (a, b/a) if b > 1 + a^2.
TEST(Steady, ALimitCycleHasAnUnstableStateInside) {
    const Steady found =
        steady("-> X; a\n 2 X + Y -> 3 X; X^2*Y\n X -> Y; b*X\n X -> ; X\n a = 1; b = 3; X = 1.1; Y = 2.5");
    EXPECT_EQ(found.failure, "");
    EXPECT_EQ(found.way, SteadyWay::newton);
    EXPECT_NEAR(value(found, "X"), 1, tolerance);
    EXPECT_NEAR(value(found, "Y"), 3, 3 * tolerance);
    EXPECT_FALSE(found.stable);
    EXPECT_NEAR(found.slowest(), 0.5, 1e-9);  // (b - 1 - a^2) / 2
}

TEST(Steady, RulesAreMet) {
    const Steady rate = steady("a' = -a*c; b' = a*c; c' = 1 - c; a = 2; b = 1; c = 0");
    EXPECT_NEAR(value(rate, "b"), 3, 3 * tolerance);
    const Steady algebraic = steady(
        "species A, B; -> A; 1\n A ->; k*A*z\n A = 1; k = 2; var z; z = 1; 0 = z^3 + z - 10; B := 3*A");
    EXPECT_EQ(algebraic.failure, "");
    EXPECT_NEAR(value(algebraic, "z"), 2, 2 * tolerance);
    EXPECT_NEAR(value(algebraic, "A"), 0.25, tolerance);
    EXPECT_NEAR(value(algebraic, "B"), 0.75, tolerance);
}

TEST(Steady, SwitchesFollowTheState) {
    const Steady found = steady("-> A; piecewise(5, A < 2, 1)\n A ->; A/10\n A = 0");
    EXPECT_NEAR(value(found, "A"), 10, 10 * tolerance);
}

TEST(Steady, EventsAreLeftOutWithAWarning) {
    const Steady found = steady("-> A; 1\n A ->; A\n A = 0; at A > 0.5: A = 0");
    EXPECT_NEAR(value(found, "A"), 1, tolerance);
    EXPECT_THAT(found.warnings, ElementsAre("1 event is left out"));
}

TEST(Steady, AFailureSaysWhy) {
    struct Case {
        const char *text, *message;
    };
    for (const auto& [text, message] :
         {Case{"-> A; 1 + sin(time)\n A ->; A", "the equations read the time, so no state is steady"},
          Case{"-> A; 2\n A = 0", "'A' still changes by 2 per time unit at t = "},
          Case{"x' = 1 + x^2; x = 0", "'x' still changes by "},
          Case{"x' = 1 - delay(x, 1); x = 0", "models with delay() are not supported"}}) {
        EXPECT_THAT(steady(text).failure, HasSubstr(message)) << text;
    }
    SteadyOptions options;
    options.tolerance = 0;
    try {
        steady_state(parse_model("-> A; 1", "m.ant"), options);
        ADD_FAILURE() << "no error";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "steady_state: tolerance must lie between 0 and 0.1");
    }
}

TEST(ConservedSums, AreWholeAndShort) {
    const auto sums = [](const std::string& text) { return *conserved_sums(parse_model(text, "m.ant")); };
    EXPECT_THAT(sums("ATP -> ADP; a*ATP\n ADP -> ATP; b*ADP\n a = 1; b = 1; ATP = 1; ADP = 1"),
                ElementsAre("ATP + ADP"));
    EXPECT_THAT(sums("2 A -> D; k*A^2\n k = 1; A = 1; D = 0"), ElementsAre("A + 2 D"));
    EXPECT_THAT(sums("0.5 A -> 0.1 D; k*A\n k = 1; A = 1; D = 0"), ElementsAre("A + 5 D"));
    EXPECT_THAT(sums("E + S -> ES; k*E*S\n ES -> E + P; k*ES\n k = 1; E = 1; S = 1; ES = 0; P = 0"),
                ElementsAre("E + ES", "S + ES + P"));
    EXPECT_THAT(sums("a' = -a*c; b' = a*c; c' = 1; a = 2; b = 1; c = 0"), ElementsAre("a + b"));
    EXPECT_THAT(sums("A -> B; k*A\n B -> ; k*B\n k = 1; A = 1; B = 1"), ElementsAre());
}

}  // namespace
}  // namespace rondo
