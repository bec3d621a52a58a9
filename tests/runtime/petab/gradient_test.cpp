// The gradient of the likelihood, against differences of its value: stiff, with events, jumps and steady
// states.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/estimate/likelihood_fit.h"
#include "runtime/estimate/uncertainty.h"
#include "tests/runtime/petab/small_problem.h"

namespace rondo::test {
namespace {

struct Case {
    std::string name;
    SmallProblem problem;
};

const std::string header = "parameterId|parameterScale|lowerBound|upperBound|nominalValue|estimate\n";
const std::string two_times =
    "observableId|simulationConditionId|measurement|time\nobs|c1|1.3|1\nobs|c1|0.7|3\n";

std::vector<Case> cases() {
    std::vector<Case> all;
    const auto add = [&](const std::string& name) -> SmallProblem& {
        all.push_back({name, {}});
        return all.back().problem;
    };
    {
        auto& p = add("estimated sigma, log10 noise, priors, a parameter of two roles");
        p.parameters =
            "parameterId|parameterScale|lowerBound|upperBound|nominalValue|estimate|objectivePriorType|"
            "objectivePriorParameters\nk|log10|0.01|100|0.5|1|parameterScaleNormal|0.2;0.5\n"
            "sd|log|0.01|10|0.3|1|laplace|0.1;2\na|lin|0|10|3|1|logNormal|0.3;0.7\n";
        p.conditions = "conditionId|A\nc1|a\n";
        p.observables =
            "observableId|observableFormula|noiseFormula|observableTransformation\n"
            "obs|A*a + noiseless|noiseParameter1_obs*(1 + A)|log10\n";
        p.parameters += "noiseless|lin|0|1|0.1|1||\n";
        p.data =
            "observableId|simulationConditionId|measurement|time|noiseParameters\nobs|c1|5|1|sd\nobs|c1|3|2|"
            "sd\n";
    }
    {
        auto& p = add("laplace noise");
        p.observables = "observableId|observableFormula|noiseFormula|noiseDistribution\nobs|A|sd|laplace\n";
        p.parameters += "sd|log|0.01|10|0.3|1\n";
    }
    {
        auto& p = add("an event at a time that is estimated");
        p.model = "species A = 2\nA -> ; k*A\nk = 1\ndose = 1; when = 2\nat time > when: A = A + dose*A\n";
        p.parameters = header + "k|log10|0.01|100|0.5|1\nwhen|lin|0|10|1.7|1\ndose|lin|0|10|1.5|1\n";
        p.data = two_times;
    }
    {
        auto& p = add("an event that a state triggers, and one that changes a parameter");
        p.model =
            "species A = 2, B = 0\nA -> B; k*A\nB -> ; q*B\nk = 1; q = 0.3; low = 1\nq has dimensionless\n"
            "at A < low: B = 0.5*B + A, q = 2*q*k\n";
        p.model.erase(p.model.find("q has"), 20);
        p.parameters = header + "k|log10|0.01|100|0.5|1\nlow|lin|0|10|0.9|1\nq|log|0.01|10|0.3|1\n";
        p.observables = "observableId|observableFormula|noiseFormula\nobs|A + q*B|0.1\n";
        p.data = two_times;
    }
    {
        auto& p = add("a right-hand side that jumps");
        p.model =
            "species A = 2\nA -> ; k*A\nA -> ; piecewise(v, time > on && A < high, 0)*A\nk = 1; on = 1; v = "
            "2; high = 1\n";
        p.parameters =
            header + "k|log10|0.01|100|0.5|1\non|lin|0|10|1.2|1\nv|lin|0|10|2|1\nhigh|lin|0|10|1.4|1\n";
        p.data = two_times;
    }
    {
        auto& p = add("jump after jump, some where data are");
        p.model =
            "species A = 0, B = 0\n-> A; piecewise(v, time < 1, w, time < 2, 0)\nA -> B; k*A\nB -> ; B\n"
            "k = 1; v = 2; w = 1; dose = 1\nat time >= 2: A = A + dose\nat time >= 3: A = A/2, dose = 2*k\n";
        p.parameters = header +
                       "k|log10|0.01|100|0.5|1\nv|lin|0|10|2|1\nw|lin|0|10|1.2|1\n"
                       "dose|log|0.01|10|1.5|1\n";
        p.observables = "observableId|observableFormula|noiseFormula\nobs|B + dose*A|0.1\n";
        p.data =
            "observableId|simulationConditionId|measurement|time\nobs|c1|0|0\nobs|c1|1|0.5\nobs|c1|1|2\n"
            "obs|c1|2|3\nobs|c1|1|3.5\n";
    }
    {
        auto& p = add("a steady state before, with a conserved total");
        p.model =
            "species A = 2, B = 1, C = 0\nA -> B; k*A\nB -> A; q*B\n-> C; B\nC -> ; C\nk = 1; q = 1; s = "
            "1\nA = s\n";
        p.parameters =
            header + "k|log10|0.01|100|0.5|1\nq|log10|0.01|100|2|1\ns|lin|0|10|3|1\nr|lin|0|10|1.1|1\n";
        p.conditions = "conditionId|k|C\nrest|k|NaN\nc1|5|r\nc2|0.1|NaN\n";
        p.observables = "observableId|observableFormula|noiseFormula\nobs|B + C|0.1\n";
        p.data =
            "observableId|preequilibrationConditionId|simulationConditionId|measurement|time\nobs|rest|c1|2|"
            "0.5\n"
            "obs|rest|c2|2|0.5\nobs|rest|c2|1|inf\nobs||c2|1|inf\n";
    }
    {
        // A is shared out in proportion k : q: nothing but the way there tells how much comes to B.
        auto& p = add("a steady state that the equations at rest leave open");
        p.model = "species A = 2, B = 0, C = 0\nA -> B; k*A\nA -> C; q*A\nk = 1; q = 1\n";
        p.parameters = header + "k|log10|0.01|100|0.5|1\nq|log10|0.01|100|2|1\n";
        p.conditions = "conditionId\nrest\nc1\n";
        p.observables = "observableId|observableFormula|noiseFormula\nobs|B|0.1\n";
        p.data =
            "observableId|preequilibrationConditionId|simulationConditionId|measurement|time\nobs|rest|c1|0."
            "3|1\n";
    }
    {
        auto& p = add("a stiff model");
        p.model =
            "species x = 1, y = 0, z = 0\nx' = -a*x + b*y*z\ny' = a*x - b*y*z - c*y^2\nz' = c*y^2\na = 1; b "
            "= 1; c = 1\n";
        p.parameters = header + "a|log10|1e-3|1|0.04|1\nb|log10|1e2|1e6|1e4|1\nc|log10|1e5|1e9|3e7|1\n";
        p.observables = "observableId|observableFormula|noiseFormula\nobs|z|0.01\nfew|1e4*y|0.01\n";
        p.data =
            "observableId|simulationConditionId|measurement|time\nobs|c1|0.2|10\nfew|c1|0.2|40\nobs|c1|0.9|"
            "4000\n";
    }
    return all;
}

// Where nothing is special.
std::vector<double> off_nominal(const Likelihood& likelihood) {
    auto z = likelihood.nominal();
    for (std::size_t k = 0; k < z.size(); ++k) z[k] += 0.03 * static_cast<double>(k + 1);
    return z;
}

double slope_by_difference(LikelihoodRuns& runs, const std::vector<double>& z, std::size_t k) {
    constexpr double step = 1e-4;
    auto up = z, down = z;
    up[k] += step;
    down[k] -= step;
    return (runs.evaluate(up).objective() - runs.evaluate(down).objective()) / (2 * step);
}

TEST(LikelihoodGradient, AgreesWithDifferences) {
    for (const auto& [name, problem] : cases()) {
        SCOPED_TRACE(name);
        Ready ready(problem);
        const auto z = off_nominal(ready.likelihood);
        const LikelihoodValue value = ready.runs.evaluate_slopes(z);
        ASSERT_EQ(value.failure, "");
        EXPECT_NEAR(value.unlikelihood, ready.runs.evaluate(z).unlikelihood,
                    1e-4 + 1e-6 * std::abs(value.unlikelihood));
        for (std::size_t k = 0; k < z.size(); ++k) {
            const double difference = slope_by_difference(ready.runs, z, k);
            // Runs are good to about 1e-9, their differences to that over the step.
            EXPECT_NEAR(value.gradient[k], difference, 2e-3 + 2e-4 * std::abs(difference))
                << ready.likelihood.problem().free[k].id;
        }
    }
}

// Two roads: one run back, or one direction a parameter along.
TEST(LikelihoodGradient, AdjointAgreesWithForwardAndDifferences) {
    for (const auto& [name, problem] : cases()) {
        SCOPED_TRACE(name);
        Ready ready(problem);
        const auto z = off_nominal(ready.likelihood);
        const LikelihoodValue forward = ready.runs.evaluate_slopes(z), back = ready.runs.evaluate_adjoint(z);
        ASSERT_EQ(back.failure, "");
        EXPECT_NEAR(back.objective(), forward.objective(), 1e-4 + 1e-6 * std::abs(forward.objective()));
        for (std::size_t k = 0; k < z.size(); ++k) {
            EXPECT_NEAR(back.gradient[k], forward.gradient[k], 1e-5 + 1e-5 * std::abs(forward.gradient[k]))
                << ready.likelihood.problem().free[k].id;
            const double difference = slope_by_difference(ready.runs, z, k);
            EXPECT_NEAR(back.gradient[k], difference, 2e-3 + 2e-4 * std::abs(difference));
        }
        // The same once more, from memory that has been used.
        EXPECT_EQ(ready.runs.evaluate_adjoint(z).gradient, back.gradient);
    }
}

TEST(LikelihoodGradient, ModelsWithoutSensitivitiesAreRefusedByName) {
    SmallProblem problem;
    problem.model = "species A = 2\nA -> ; k*A\nk = 1\nE: at 1 after time > 1: A = 2\n";
    const Likelihood likelihood(read(problem));
    EXPECT_NO_THROW(LikelihoodRuns(likelihood).evaluate(likelihood.nominal()));
    EXPECT_EQ(message_of([&] { LikelihoodSlopes{likelihood}; }),
              "sensitivities are not supported: event 'E' has a delay");
}

TEST(LikelihoodFit, FindsWhatTheDataCameFrom) {
    SmallProblem problem;
    problem.parameters = header + "k|log10|0.01|100|1|1\na|lin|0|10|1|1\nsd|log10|1e-3|10|1|1\n";
    problem.conditions = "conditionId|A\nc1|a\n";
    problem.observables = "observableId|observableFormula|noiseFormula\nobs|A|sd\n";
    problem.data = "observableId|simulationConditionId|measurement|time\n";
    double sum = 0;
    for (int i = 0; i < 40; ++i) {
        const double t = 0.1 * i, error = 0.05 * std::sin(100.0 * i);
        sum += error * error;
        problem.data +=
            "obs|c1|" + std::to_string(3 * std::exp(-0.7 * t) + error) + "|" + std::to_string(t) + "\n";
    }
    const Likelihood likelihood(read(problem));
    const LikelihoodSlopes slopes(likelihood);
    const auto one = descend_from_many(slopes, likelihood, GradientBy::forward, 4, {}, 1, Executor(1)),
               two = descend_from_many(slopes, likelihood, GradientBy::forward, 4, {}, 1, Executor(2));
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_NEAR(std::pow(10, one[i].z[0]), 0.7, 0.03);
        EXPECT_NEAR(one[i].z[1], 3, 0.05);
        EXPECT_NEAR(std::pow(10, one[i].z[2]), std::sqrt(sum / 40), 0.003);
        EXPECT_EQ(one[i].z, two[i].z);  // on any number of threads
        EXPECT_EQ(one[i].calls, two[i].calls);
        EXPECT_GT(one[i].calls, 0);
    }
}

// A descent by secants of gradients alone ends where one by Fisher's information does.
TEST(LikelihoodFit, AdjointsFindTheSame) {
    for (const auto& [name, problem] : cases()) {
        Ready ready(problem);
        if (name == "laplace noise") continue;  // its objective has kinks, of which secants know nothing
        SCOPED_TRACE(name);
        const auto descend_by = [&](GradientBy gradient) {
            LikelihoodValley valley(ready.slopes, ready.likelihood, {.rtol = 1e-10}, gradient);
            return descend(valley, ready.likelihood.nominal(), {200, 1e-10});
        };
        const Descent forward = descend_by(GradientBy::forward), adjoint = descend_by(GradientBy::adjoint);
        EXPECT_NEAR(adjoint.value, forward.value, 1e-3);
        EXPECT_LT(adjoint.value, ready.runs.evaluate(ready.likelihood.nominal()).objective() - 0.01);
    }
}

// What is stopped is above its limit, and what is not below is stopped, whatever sigmas and scales are; but
// where sigmas depend on the run, which then goes on.
TEST(LikelihoodRuns, StopAtALimitWithoutLoss) {
    std::size_t stopped = 0, sooner = 0;
    for (const auto& [name, problem] : cases()) {
        SCOPED_TRACE(name);
        Ready ready(problem);
        for (const double away : {-0.2, 0.05, 0.3}) {
            auto z = ready.likelihood.nominal();
            for (std::size_t k = 0; k < z.size(); ++k) z[k] += away;
            const LikelihoodValue whole = ready.runs.evaluate(z);
            if (!whole.failure.empty()) continue;
            const LikelihoodValue kept = ready.runs.evaluate(z, whole.objective());
            EXPECT_FALSE(kept.stopped);
            EXPECT_EQ(kept.objective(), whole.objective());
            const LikelihoodValue left = ready.runs.evaluate(z, whole.objective() - 20);
            EXPECT_TRUE(!left.stopped || ready.likelihood.least(ready.likelihood.inputs(z)).size() > 0);
            stopped += left.stopped;
            sooner += left.calls < whole.calls;
            // Never because of a limit that it does not exceed.
            for (const double limit : {whole.objective() + 1e-6, whole.objective() + 100})
                EXPECT_EQ(ready.runs.evaluate(z, limit).objective(), whole.objective());
        }
    }
    EXPECT_GT(stopped, 5u);
    EXPECT_GT(sooner, 2u);
}

// Of values m_i = a + normal errors of a known size, and a normal prior of a, all is known in closed form.
TEST(LikelihoodIntervals, AgreeWithWhatIsKnown) {
    SmallProblem problem;
    problem.parameters =
        "parameterId|parameterScale|lowerBound|upperBound|nominalValue|estimate|objectivePriorType|"
        "objectivePriorParameters\na|lin|0|10|1|1|parameterScaleNormal|3;0.2\n";
    problem.observables = "observableId|observableFormula|noiseFormula\nobs|a|0.1\n";
    problem.data = "observableId|simulationConditionId|measurement|time\n";
    for (const double value : {2.1, 2.3, 2.2, 2.6})
        problem.data += "obs|c1|" + std::to_string(value) + "|1\n";
    Ready ready(problem);
    const double precision = 4 / 0.01 + 1 / 0.04, best = (9.2 / 0.01 + 3 / 0.04) / precision;
    const double reach = 1.959963984540054 / std::sqrt(precision);
    const Uncertainty found =
        uncertainty(evidence(ready.slopes, ready.likelihood), ready.likelihood.nominal(), Executor(1));
    ASSERT_EQ(found.intervals.size(), 1u);
    const Interval& a = found.intervals[0];
    EXPECT_NEAR(a.value, best, 1e-6);
    EXPECT_NEAR(a.fisher_lower, best - reach, 1e-6);
    EXPECT_NEAR(a.fisher_upper, best + reach, 1e-6);
    // Between two points of the profile a straight line is drawn.
    EXPECT_NEAR(a.profile_lower, best - reach, 0.02 * reach);
    EXPECT_NEAR(a.profile_upper, best + reach, 0.02 * reach);
    for (const ProfilePoint& point : found.profiles)
        EXPECT_NEAR(point.rise, precision * (point.value - best) * (point.value - best), 1e-6);
}

// A point at which nothing can be simulated is a value of the result.
TEST(LikelihoodFit, FailuresAreData) {
    SmallProblem problem;
    problem.model = "species A = 2\n-> A; k*A^2\nk = 1\n";
    problem.parameters = header + "k|log10|0.01|100|50|1\n";
    Ready ready(problem);
    EXPECT_THAT(ready.runs.evaluate(ready.likelihood.nominal()).failure,
                ::testing::HasSubstr("condition 'c1': stopped at t = 0.01"));
    EXPECT_EQ(ready.runs.evaluate(std::vector{-2.0}).failure, "");
}

}  // namespace
}  // namespace rondo::test
