// A run is a function of the model, the seed and its number alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/stochastic/ensemble.h"

namespace rondo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const model = "species X = 50, Y = 3; X -> 2 X; 0.3*X; X + Y -> 2 Y; 0.01*X*Y; Y -> ; 0.3*Y";

void expect_equal(const Table& a, const Table& b) {
    ASSERT_EQ(a.names(), b.names());
    for (const auto& column : a.columns()) EXPECT_EQ(column.values, b.at(column.name).values) << column.name;
}

TEST(StochasticRuns, AreTheSameOnAnyNumberOfThreads) {
    for (const auto method : {JumpMethod::direct, JumpMethod::next_reaction}) {
        const Wish one{.runs = 300, .method = method}, three{.runs = 300, .method = method, .jobs = 3};
        expect_equal(runs_of(model, one).table, runs_of(model, three).table);
        expect_equal(moments_of(model, one), moments_of(model, three));
    }
}

TEST(StochasticRuns, DependOnSeedAndNumberAlone) {
    const Table five = runs_of(model, {.runs = 5}).table, twenty = runs_of(model, {.runs = 20}).table;
    expect_equal(five, twenty.slice(0, five.rows()));
    const Table other = runs_of(model, {.runs = 5, .seed = 2}).table;
    EXPECT_NE(five.at("X").values, other.at("X").values);
    EXPECT_THAT(five.names(), ElementsAre("run", "time", "X", "Y"));
    EXPECT_EQ(five.numbers("run").back(), 5);
    const Table first = runs_of(model, {}).table;  // one run has no column of numbers
    EXPECT_THAT(first.names(), ElementsAre("time", "X", "Y"));
    EXPECT_EQ(first.at("X").values, five.slice(0, 11).at("X").values);
}

// The golden answers of the stored verb: where they change, stochastic_version in model_verbs.cpp must.
TEST(StochasticRuns, AreThoseOfThisVersion) {
    const auto ends = [](JumpMethod method) {
        const Table table = runs_of(model, {.points = 2, .runs = 6, .method = method}).table;
        std::vector<double> result;
        for (std::size_t row = 1; row < table.rows(); row += 2) result.push_back(table.numbers("Y")[row]);
        return result;
    };
    EXPECT_THAT(ends(JumpMethod::direct), ElementsAre(50, 63, 78, 65, 108, 54));
    EXPECT_THAT(ends(JumpMethod::next_reaction), ElementsAre(95, 0, 53, 52, 51, 48));
}

TEST(StochasticRuns, DoNotDependOnTheOutputGrid) {
    const Table coarse = runs_of(model, {.points = 3}).table, fine = runs_of(model, {.points = 1001}).table;
    for (std::size_t row = 0; row < 3; ++row)
        EXPECT_EQ(coarse.numbers("Y")[row], fine.numbers("Y")[500 * row]);
}

TEST(StochasticRuns, MomentsAreThoseOfTheRuns) {
    const Wish wish{.points = 2, .runs = 300, .select = {"X"}};
    const Table runs = runs_of(model, wish).table, moments = moments_of(model, wish);
    EXPECT_THAT(moments.names(), ElementsAre("time", "X_mean", "X_sd"));
    double sum = 0, squares = 0;
    for (std::size_t row = 1; row < runs.rows(); row += 2) sum += runs.numbers("X")[row];
    const double mean = sum / 300;
    for (std::size_t row = 1; row < runs.rows(); row += 2) {
        const double away = runs.numbers("X")[row] - mean;
        squares += away * away;
    }
    EXPECT_NEAR(moments.numbers("X_mean")[1], mean, 1e-9);
    EXPECT_NEAR(moments.numbers("X_sd")[1], std::sqrt(squares / 299), 1e-9);
}

TEST(StochasticRuns, OneARowOfPoints) {
    Table points;
    points.set("k", std::vector<double>{0, 1000});
    points.set("note", std::vector<std::string>{"still", "gone"});
    const Runs runs = simulate_stochastic_over(parse_model("species X = 7; X -> ; k*X; k = 1", "m.ant"),
                                               points, "points", options({.points = 2}), {}, Executor(2));
    EXPECT_THAT(runs.table.names(), ElementsAre("run", "k", "note", "time", "X"));
    EXPECT_THAT(runs.table.numbers("X"), ElementsAre(7, 7, 7, 0));
}

TEST(StochasticRuns, OptionsThatMakeNoSenseAreSaid) {
    EXPECT_THAT(complaint(model, {.runs = 0}), HasSubstr("runs must be at least 1"));
    EXPECT_THAT(complaint(model, {.end = -1}), HasSubstr("must come after its start"));
    EXPECT_THROW(moments_of(model, {.runs = 1}), Error);
}

}  // namespace
}  // namespace rondo::test
