// What cannot be done exactly is refused by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/stochastic/ensemble.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;

struct Case {
    const char *text, *message;
};

TEST(StochasticRefuses, WhatNoExactMethodHereCovers) {
    for (const auto& [text, message] : {
             Case{"species X = 1; X -> ; X; k = 1; k' = 1", "does not support the rate rule of 'k'"},
             Case{"species X = 1; R: X -> ; X*time",
                  "the rate of reaction 'R', which changes in time between the firings"},
             Case{"species X = 1; R: X -> ; k*X; k := sin(time)",
                  "the rate of reaction 'R', which changes in time"},
             Case{"species X = 1; R: X -> ; piecewise(X, sin(time) > 0, 0)",
                  "the rate of reaction 'R', which jumps at times that do not follow from a linear equation"},
             Case{"species X = 1; X -> ; X; E: at sin(time) > 0.5: X = 2",
                  "the trigger of event 'E', which jumps at times"},
             Case{"compartment C = 1; species X in C = 1; X -> ; X; at time > 1: C = 2",
                  "a compartment that varies: event '"},
             Case{"compartment C; C := 1 + time; species X in C = 1; X -> ; X",
                  "a compartment that varies: a rule computes 'C'"},
             Case{"species X = 1; X -> ; delay(X, 1)", "delay()"},
             Case{"species X = 1; R: X -> ; X; r := rateOf(X)", "rateOf(), which the rule of 'r' reads"},
             Case{"species X = 9; n = 1; R: n X -> ; X; at time > 1: n = 2",
                  "stoichiometries that vary, as that of 'X' in reaction 'R' does"},
         }) {
        SCOPED_TRACE(text);
        try {
            runs_of(text, {});
            ADD_FAILURE() << "not refused";
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::unsupported);
            EXPECT_THAT(error.what(), HasSubstr(message));
        }
    }
}

TEST(StochasticRefuses, WhatIsNotCounted) {
    EXPECT_THAT(
        complaint("species X = 1.5; X -> ; X"),
        HasSubstr("the amount of 'X' at the start is 1.5; stochastic simulation needs a whole number"));
    EXPECT_THAT(complaint("species X = 1; R: 0.5 X -> ; X"),
                HasSubstr("reaction 'R' changes the amount of 'X' by -0.5"));
    EXPECT_THAT(complaint("species X = 1; X -> ; X; at time > 1: X = 2.5"),
                HasSubstr("the amount of 'X' becomes 2.5, which is no whole number"));
    EXPECT_EQ(complaint("compartment C = 0.1; species X in C = 30; X -> ; X"),
              "");  // 0.1 * 30 is not quite 3
}

// Failures along a run are outcomes, and rows of NaN from there on.
TEST(StochasticRefuses, RatesWithoutMeaning) {
    EXPECT_THAT(complaint("species A = 0, B = 5; R: A -> B; 2*A - B"),
                HasSubstr("the rate of reaction 'R' is -5; write what goes both ways as two reactions"));
    EXPECT_THAT(complaint("species A = 0, B = 5; R: A -> B; B/A"),
                HasSubstr("the rate of reaction 'R' is INF"));
    const Runs runs = runs_of("species A = 3; R: A -> ; 1000", {.points = 2});
    EXPECT_EQ(runs.outcomes[0].kind, Outcome::Kind::failed);
    EXPECT_EQ(runs.outcomes[0].reason,
              "reaction 'R' takes the amount of 'A' to -1; its rate must be 0 where too little is left");
    EXPECT_EQ(runs.table.numbers("A")[0], 3);
    EXPECT_TRUE(std::isnan(runs.table.numbers("A")[1]));
}

TEST(StochasticRefuses, RunsThatFailAreLeftOutOfMoments) {
    const Wish wish{.end = 1, .points = 2, .runs = 200, .select = {"A"}};
    const Runs runs = stochastic_moments(
        parse_model("species A = 2; R: A -> ; piecewise(0.5, A > 0, 0); at A < 1: A = -1", "m.ant"),
        options(wish), {{}, 1, 200}, Executor(1));
    std::size_t failed = 0;
    for (const Outcome& outcome : runs.outcomes) failed += outcome.kind == Outcome::Kind::failed;
    EXPECT_NEAR(static_cast<double>(failed), 200 * (1 - 1.5 * std::exp(-0.5)), 5 * 4.0);  // two firings by 1
    const double mean = (2 + 0.5) / 1.5;  // of none or one firing
    EXPECT_NEAR(runs.table.numbers("A_mean")[1], mean, 5 * 0.5 / std::sqrt(180));
}

}  // namespace
}  // namespace rondo::test
