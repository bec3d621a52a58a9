// What time and events change in jumps happens at its exact time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/runtime/stochastic/ensemble.h"

namespace rondo::test {
namespace {

using testing::Each;
using testing::ElementsAre;

std::vector<double> column(const std::string& text, const std::string& name, const Wish& wish) {
    const Runs runs = runs_of(text, wish);
    EXPECT_EQ(runs.outcomes[0].reason, "");
    const auto numbers = runs.table.numbers(name);
    return {numbers.begin(), numbers.end()};
}

// Each reaction below fires at a rate of 0 or 1e6: what it does is done within a moment after it may.
TEST(StochasticJumps, EventsByTime) {
    EXPECT_THAT(column("species X = 1; X -> 2 X; 0*X; at time >= 3: X = 40; at time > 5: X = 50;"
                       "at (time == 7.25): X = 60; at 2 after time > 5.5: X = 70",
                       "X", {}),
                ElementsAre(1, 1, 1, 40, 40, 40, 50, 50, 70, 70, 70));
}

TEST(StochasticJumps, EqualitiesThatNoDoubleMeetsAreMet) {
    EXPECT_THAT(
        column("species X = 1; X -> 2 X; 0*X; at (3*time == 0.7): X = 2", "X", {.end = 1, .points = 3}),
        ElementsAre(1, 2, 2));
}

TEST(StochasticJumps, EventsByAmount) {
    const Runs runs = runs_of("species X = 0, N = 0; -> X; 100; at X >= 5: X = 0, N = N + 1; N -> ; 0*N",
                              {.end = 1, .points = 201, .runs = 20});
    EXPECT_THAT(runs.table.numbers("X"), Each(testing::Le(4)));
    const auto n = runs.table.numbers("N");
    double resets = 0;
    for (std::size_t run = 1; run <= 20; ++run) resets += n[201 * run - 1];
    EXPECT_NEAR(resets, 20 * 20, 45);  // of 2000 firings, deviation 45, one in five: 9; five of those
}

// What is made last stays. 400 fair choices: deviation 10.
TEST(StochasticJumps, ChanceDecidesBetweenEventsOfEqualPriorityInEachRun) {
    const Runs runs = runs_of(
        "species X = 0; -> X; 0; at time >= 1, priority = 1: X = 1;"
        "at time >= 1, priority = 1: X = 2",
        {.end = 2, .points = 2, .runs = 400});
    const auto x = runs.table.numbers("X");
    EXPECT_NEAR(std::ranges::count(x, 1), 200, 50);
    EXPECT_EQ(std::ranges::count(x, 1) + std::ranges::count(x, 2), 400);
}

TEST(StochasticJumps, EventsByAmountAndTime) {
    EXPECT_THAT(column("species X = 2; -> X; 0*X; at (X < time): X = X + 3", "X", {}),
                ElementsAre(2, 2, 2, 5, 5, 5, 8, 8, 8, 11, 11));  // strictly: just after 2, 5, 8
}

TEST(StochasticJumps, RatesConstantInPieces) {
    const char* const pulses = "species X = 0; -> X; piecewise(1e6, (time >= 2) && (time < 2.001), 0)";
    const auto x = column(pulses, "X", {});
    EXPECT_EQ(x[2], 0);
    EXPECT_NEAR(x[3], 1000, 5 * std::sqrt(1000));
    EXPECT_EQ(x[10], x[3]);
    const auto n = column("species X = 0; -> X; 1e4 * floor(time/2)", "X", {.points = 6});
    for (int k = 1; k < 6; ++k) {
        const double rate = 1e4 * (k - 1);
        EXPECT_NEAR(n[k] - n[k - 1], 2 * rate, 5 * std::sqrt(2 * rate) + 1e-9) << k;
    }
}

TEST(StochasticJumps, ManyNarrowPulses) {
    const auto x = column("species X = 0; -> X; piecewise(1e7, time - 0.25*floor(time/0.25) < 1e-4, 0)", "X",
                          {.end = 10.0, .points = 11});
    for (int k = 1; k <= 10; ++k) EXPECT_NEAR(x[k] - x[k - 1], 4000, 5 * std::sqrt(4000)) << k;
}

TEST(StochasticJumps, RatesThatTurnOnWithAmounts) {
    const auto b =
        column("species A = 5, B = 0; A -> ; 1e6*A; -> B; piecewise(1e6, (A < 1) && (B < 3), 0)", "B", {});
    EXPECT_THAT(b, ElementsAre(0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3));
}

TEST(StochasticJumps, AssignedVariablesFollow) {
    const char* const text =
        "species A = 10, B = 0; A -> B; k*A; k = 0.3; T := A + B; V := 2*time + T; r := k*A";
    EXPECT_THAT(column(text, "T", {.select = {"T"}}), Each(10));
    EXPECT_EQ(column(text, "V", {.select = {"V"}})[4], 18);
}

TEST(StochasticJumps, ChangesFromOutside) {
    EXPECT_THAT(column("species X = 4; X -> ; k*X; k = 0", "X",
                       {.end = 4, .points = 5, .changes = {{1, {{"X", 9}}}, {2, {{"k", 1e6}}}}}),
                ElementsAre(4, 9, 9, 0, 0));
    EXPECT_THAT(column("species X = 4; X -> ; k*X; k = 0", "X",
                       {.end = 1, .points = 2, .changes = {{0, {{"X", 9}}}, {1, {{"X", 8}}}}}),
                ElementsAre(9, 8));
}

TEST(StochasticJumps, StoichiometriesAndFactors) {
    EXPECT_THAT(column("species A = 12, B = 0; R: 2 A -> 3 B; piecewise(1e6, A >= 2, 0)", "B", {.points = 2}),
                ElementsAre(0, 18));
    EXPECT_THAT(
        column("species A = 12, B = 0; n = 4; n A -> B; piecewise(1e6, A >= 4, 0)", "B", {.points = 2}),
        ElementsAre(0, 3));
    EXPECT_THAT(column("species A = 5; $W -> 2 A; 0*A; A + W -> A + 2 W; 1e3*A", "A", {.points = 2}),
                ElementsAre(5, 5));
}

}  // namespace
}  // namespace rondo::test
