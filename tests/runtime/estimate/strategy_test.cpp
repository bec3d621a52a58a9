// CMA-ES, and the intervals around what was found.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/estimate/evolution_strategy.h"
#include "runtime/estimate/uncertainty.h"
#include "runtime/sample/random.h"
#include "tests/support/fits.h"

namespace rondo::test {
namespace {

TEST(Strategy, ReachesTheGoodwinTruthAndLosesNothingByStopping) {
    const Published made = published("gw", SolverOptions());
    StrategyOptions short_one;
    short_one.evaluations = 6000;
    Termination full;
    full.kind = Termination::Kind::none;
    const auto slow = strategy_fit(made.problem, short_one, full, 3, Executor(2));
    const auto fast = strategy_fit(made.problem, short_one, Termination(), 3, Executor(1));
    EXPECT_LT(slow.fitness, 0.0116) << "the published median";
    EXPECT_EQ(fast.fitness, slow.fitness);
    EXPECT_EQ(fast.z, slow.z);
    EXPECT_LT(fast.tally.calls(), slow.tally.calls());
    ASSERT_EQ(fast.history.size(), slow.history.size());
    for (std::size_t g = 0; g < fast.history.size(); ++g)
        EXPECT_EQ(fast.history[g].step, slow.history[g].step);
}

// Of a mean the interval is known.
TEST(Uncertainty, OfAMeanIsThatOfStatistics) {
    const Model line = library_model("lotka_volterra");
    // x1 with k1 = k2 = 0 stays at its start: the mean of the data, and its interval.
    const Model still = line.with(std::vector<Setting>{{"k1", 0}, {"k2", 0}});
    Measurements data = simulated(still, {{"a", {}}}, {"x1"}, 20, 40);
    Random random(1, "noise");
    for (double& value : data.values) value = 2 + 0.05 * random.normal();
    const FitProblem problem(still, data, {}, search_space({{{"x1", 0.1, 10}}}, {}), FitOptions());
    const Sensitivities sensitivities(problem);
    const Uncertainty found = uncertainty(evidence(sensitivities), {1.5}, Executor(1));
    // Weighted by 1 / y^2, as the deviations are.
    double weights = 0, mean = 0, squares = 0;
    for (const double y : data.values) {
        weights += 1 / (y * y);
        mean += 1 / y;
    }
    mean /= weights;
    for (const double y : data.values) squares += (mean - y) * (mean - y) / (y * y);
    const double error = std::sqrt(squares / 39 / weights);
    const Interval& interval = found.intervals[0];
    EXPECT_NEAR(interval.value, mean, 1e-6);
    EXPECT_NEAR(interval.fisher_upper - interval.value, 1.96 * error, 1e-3 * error);
    // The profile is exact but for 39 in place of 40, and for straight lines between its points.
    EXPECT_NEAR(interval.profile_upper - interval.value, 1.96 * error, 0.04 * error * 1.96);
    EXPECT_NEAR(interval.value - interval.profile_lower, 1.96 * error, 0.04 * error * 1.96);
}

TEST(Uncertainty, IntervalsOfNoisyDataHoldTheTruth) {
    const Published clean = published("lv", SolverOptions(), 3);
    Measurements data = clean.problem.data();
    Random random(7, "noise");
    for (double& value : data.values) value *= 1 + 0.05 * random.normal();
    const FitProblem problem(library_model("lotka_volterra"), data,
                             {{"a", {{"x1", 2}, {"x2", 1}}}, {"b", {{"x1", 1}, {"x2", 2}}}},
                             clean.problem.space(), FitOptions());
    const Sensitivities sensitivities(problem);
    const Uncertainty found = uncertainty(evidence(sensitivities), clean.true_z(), Executor(2));
    for (std::size_t i = 0; i < 3; ++i) {
        const Interval& interval = found.intervals[i];
        SCOPED_TRACE(i);
        EXPECT_GT(clean.truth[i], interval.value - 2 * (interval.value - interval.fisher_lower))
            << "four deviations";
        EXPECT_LT(clean.truth[i], interval.value + 2 * (interval.fisher_upper - interval.value));
        const double width = interval.fisher_upper - interval.fisher_lower;
        EXPECT_NEAR(interval.profile_upper - interval.profile_lower, width, 0.1 * width);
    }
}

}  // namespace
}  // namespace rondo::test
