// Events, modes, delays, algebraic rules: against what mathematics and SBML's specification say of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/api/models.h"
#include "runtime/simulate/simulate.h"

namespace rondo {
namespace {

using testing::HasSubstr;

// One quantity at `points` even times from 0 to `end`.
std::vector<double> values(const std::string& text, const std::string& quantity, double end,
                           std::size_t points = 11) {
    SimulateOptions options;
    options.end = end;
    options.points = points;
    options.select = {quantity};
    options.integrate.rtol = 1e-10;
    const rondo::Run run = simulate(parse_model(text, "m.ant"), options);
    EXPECT_EQ(run.outcome.kind, Outcome::Kind::finished) << run.outcome.reason;
    const auto column = run.table.numbers(quantity);
    return {column.begin(), column.end()};
}

double last(const std::string& text, const std::string& quantity, double end) {
    return values(text, quantity, end).back();
}

// ---- events ----

TEST(Events, AnOutputAtTheTimeOfAnEventShowsWhatItLeft) {
    const auto x = values("x = 1; at time >= 5: x = 2; var y = 0; y' = 0", "x", 10);
    EXPECT_EQ(x[4], 1);
    EXPECT_EQ(x[5], 2);
}

TEST(Events, ResultsDoNotDependOnTheOutputGrid) {
    const std::string text = "y = 0; y' = 1; n = 0; at sin(time*3) > 0.99: n = n + 1, y = y/2";
    for (const std::size_t points : {2, 11, 1001, 4567}) {
        EXPECT_EQ(values(text, "y", 20, points).back(), values(text, "y", 20, 2).back()) << points;
    }
    EXPECT_EQ(last(text, "n", 20), 10);  // maxima of sin(3 t) below 20
}

TEST(Events, StateEventsAreFoundToTheLastBit) {
    // A decays from 1; at 1/2 it is doubled: the time between events is ln 2.
    const std::string text = "species A; A -> ; A; A = 1; t1 = 0; at A <= 0.5: A = 1, t1 = time";
    EXPECT_NEAR(last(text, "t1", 7), 10 * std::log(2.0), 1e-7);
}

TEST(Events, EqualityIsMetWhereItIsPassed) {
    const std::string text = "y = 0; y' = 1; n = 0; at y == 2.5: n = n + 1; m = 0; at time == 3: m = m + 1";
    EXPECT_EQ(last(text, "n", 10), 1);
    EXPECT_EQ(last(text, "m", 10), 1);
}

TEST(Events, DelaysUseValuesOfTheTriggerUnlessToldOtherwise) {
    const std::string rest = ": x = y; y = 0; y' = 1; x = 0";
    EXPECT_NEAR(last("E: at 2 after time >= 3" + rest, "x", 10), 3, 1e-9);
    EXPECT_NEAR(last("E: at 2 after time >= 3, fromTrigger=false" + rest, "x", 10), 5, 1e-9);
}

TEST(Events, WhatIsNotPersistentIsCancelled) {
    const std::string rest = ": x = 1; x = 0; y = 0; y' = 0";
    const std::string trigger = "E: at 2 after (time >= 3) && (time < 4)";
    EXPECT_EQ(last(trigger + rest, "x", 10), 1);
    EXPECT_EQ(last(trigger + ", persistent=false" + rest, "x", 10), 0);
}

TEST(Events, TheHighestPriorityGoesFirst) {
    const std::string low = "L: at time >= 1, priority=1, fromTrigger=false: x = 2*x;",
                      high = "H: at time >= 1, priority=5, fromTrigger=false: x = x + 1;";
    for (const std::string& both : {low + high, high + low}) {
        EXPECT_EQ(last(both + "x = 1; y = 0; y' = 0", "x", 2), 4) << both;
    }
}

TEST(Events, ATriggerThatHoldsAtTheStartFiresOnlyIfItCountsAsNew) {
    EXPECT_EQ(values("E: at time >= 0: x = 1; x = 0", "x", 1)[0], 0);
    EXPECT_EQ(values("E: at time >= 0, t0=false: x = 1; x = 0", "x", 1)[0], 1);
}

TEST(Events, OneEventTriggersTheNext) {
    EXPECT_EQ(last("A: at time > 1: a = 1; B: at a > 0: b = 1; a = 0; b = 0; y = 0; y' = 0", "b", 2), 1);
}

TEST(Events, EventsThatFireWithoutEndAreAFailure) {
    SimulateOptions options;
    options.end = 2;
    const Model model = parse_model(
        "a = 0; y = 0; y' = 0; A: at time > 1: a = 1; B: at a > 0: a = 0; C: at a < 1: a = 1", "m.ant");
    const Outcome outcome = simulate(model, options).outcome;
    EXPECT_EQ(outcome.kind, Outcome::Kind::failed);
    EXPECT_THAT(outcome.reason, HasSubstr("without end"));
}

TEST(Events, AmountsSurviveAJumpOfTheVolume) {
    const std::string text = "compartment C = 2; species S in C = 3; S -> ; 0; at time >= 1: C = 4";
    EXPECT_EQ(last(text, "S", 2), 1.5);
    EXPECT_EQ(last(text, "amount(S)", 2), 6);
}

// ---- modes ----

TEST(Modes, ASwitchCostsNoAccuracy) {
    const std::string text = "x = 0; x' = piecewise(1, time < 1/3, piecewise(0, time < 20/3, -1))";
    EXPECT_NEAR(last(text, "x", 10), 1.0 / 3 - (10 - 20.0 / 3), 1e-12);
}

TEST(Modes, ANarrowPulseIsNotPassedOver) {
    const std::string text = "x = 0; x' = piecewise(1e6, (time > 50) && (time < 50.000001), 0)";
    EXPECT_NEAR(last(text, "x", 100), 1, 1e-6);
}

TEST(Modes, WholePartsStep) {
    EXPECT_NEAR(last("x = 0; x' = floor(time/2)", "x", 10), 2 * (0 + 1 + 2 + 3 + 4), 1e-9);
}

// ---- delays ----

TEST(Delays, TheMethodOfStepsOnALinearEquation) {
    // x' = -x(t - 1), x = 1 before: 1 - t, then 1 - t + (t - 1)^2 / 2, ...
    const auto x = values("x = 1; x' = -delay(x, 1)", "x", 3, 7);
    const auto exact = [](double t) {
        double sum = 1, term = 1;
        for (int k = 1; t - k + 1 > 0; ++k) {
            term = std::pow(t - k + 1, k) / std::tgamma(k + 1.0);
            sum += (k % 2 ? -1 : 1) * term;
        }
        return sum;
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_NEAR(x[i], exact(0.5 * static_cast<double>(i)), 1e-8) << i;
    }
}

TEST(Delays, WhatFollowsFromTimeIsOlderToo) {
    EXPECT_NEAR(last("y := delay(z, 2); z := time^2; x = 0; x' = 1", "y", 5), 9, 1e-12);
}

// ---- algebraic rules, rates ----

TEST(AlgebraicRules, ALinearOneIsAFormula) {
    EXPECT_NEAR(last("x = 1; x' = -x; var y; 0 = 2*y + x - 3", "y", 2), (3 - std::exp(-2)) / 2, 1e-8);
}

TEST(AlgebraicRules, ACurvedOneIsKept) {
    const std::string text = "x = 1; x' = -x; var y = 2; 0 = y^3 + y - x; r := y^3 + y - x";
    for (const double residual : values(text, "r", 5)) EXPECT_NEAR(residual, 0, 1e-8);
}

TEST(Rates, ARateIsTheEquationsOwn) {
    EXPECT_NEAR(last("species A; A -> ; 0.5*A; A = 4; r := rateOf(A)", "r", 2), -2 * std::exp(-1), 1e-7);
}

}  // namespace
}  // namespace rondo
