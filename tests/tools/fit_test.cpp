// `fit` as studies call it: what it finds, what it says, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// A model, data of it, and a fit short enough for a test; what is appended may replace any of it.
const std::string decay = R"(model decay
    A -> ; k*A
    A = 1; k = 0.5; unused = 1; silent = 0
end
runs = simulate(decay, 0..4, over = table(condition = ["low", "high"], A = [1, 3]), points = 9, rtol = 1e-10)
data = runs[runs.time > 0][["condition", "time", "A"]]
starts = table(condition = ["low", "high"], A = [1, 3])
free = box(k = 0.01..10, scale = "log")
quick = genetic(population = 6, offspring = 4, generations = 6)
)";

Ran run(const Folder& folder, const std::string& more, const std::string& arguments = "") {
    folder.write("study.rondo", decay + more);
    return folder.rondo("run study.rondo " + arguments);
}

TEST(Fit, FindsTheRateAndSaysHow) {
    Folder folder;
    const Ran ran = run(folder, R"(best = fit(decay, data, free = free, conditions = starts, method = quick)
print(abs(best.best.k - 0.5) < 1e-4, best.fitness < 1e-4)
print(best.settings)
print(keys(best))
print(columns(best.history), length(best.history))
print(sum(best.stops.stopped) == best.evaluations.stopped)
print(best.calls.total == best.calls.initial + best.calls.search + best.calls.polish)
)");
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("fit: seed = 20261121"));
    EXPECT_THAT(ran.out, HasSubstr("true true\ngenetic: population 6, offspring 4"));
    EXPECT_THAT(ran.out, HasSubstr("termination lossless: sequential, blocks of 8; polish powell: best 10"));
    EXPECT_THAT(ran.out, HasSubstr("solver automatic, rtol 1e-06, atol by state\n"));
    EXPECT_THAT(ran.out, HasSubstr("\"finished\", \"expansion\", \"hash\"] 7\ntrue\ntrue\n"));
}

TEST(Fit, GivesTheSameOnAnyNumberOfWorkersAndFromTheStore) {
    Folder folder;
    const std::string fit =
        "best = fit(decay, data, free = free, conditions = starts, method = published(population = 8, "
        "generations = 8), seed = 3)\n"
        "print(best, best.history, best.polished, best.stops)\n";
    const Ran one = run(folder, fit, "--jobs 1 --out a");
    ASSERT_EQ(one.status, 0) << one.err;
    EXPECT_EQ(run(folder, fit, "--jobs 3 --out b").out, one.out);
    EXPECT_EQ(run(folder, fit, "--jobs 2 --out a").out, one.out);
    EXPECT_THAT(one.out, HasSubstr("published: population 8"));
    EXPECT_THAT(one.out, HasSubstr("anew at each time"));
}

TEST(Fit, ObservablesAreAnyFormulaOfTheModel) {
    Folder folder;
    const Ran ran =
        run(folder, R"(twice = table(condition = data.condition, time = data.time, seen = 2 * data.A + 1)
best = fit(decay, twice, free = free, conditions = starts, method = quick, observables = {seen = "1 + 2*A"}, seed = 1)
print(abs(best.best.k - 0.5) < 1e-4)
holes = twice
holes.seen = piecewise(nan, holes.time > 3, holes.seen)
best = fit(decay, holes, free = free, conditions = starts, method = quick, observables = {seen = "1 + 2*A"}, seed = 1)
print(abs(best.best.k - 0.5) < 1e-3)
)");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out, "true\ntrue\n");
}

TEST(Fit, TellsTheRateAtWhichTheTruthIsRejected) {
    Folder folder;
    const Ran ran = run(folder, R"(for rule in [adaptive(alpha = 0.01), lossless()]
    best = fit(decay, data, free = free, conditions = starts, method = quick, termination = rule, seed = 2, truth = {k = 0.5})
    print(best.truth.rejected > 0, best.truth.fitness < 1e-6)
end
shifted = data
shifted.A = data.A * 1.3
best = fit(decay, shifted, free = free, conditions = starts, method = quick, termination = adaptive(alpha = 0.01), seed = 2, truth = {k = 0.5})
print(best.truth.rejected > 0, best.truth.rejected_at_end)
)");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out, "false true\nfalse true\ntrue true\n");
}

TEST(Fit, RefusesWhatMakesNoSense) {
    struct Case {
        std::string more, message;
        int status = 1;
    };
    const std::string fits = "best = fit(decay, data, conditions = starts, seed = 1, free = ";
    for (const auto& [more, message, status] : {
             Case{fits + "box(q = 0.1..1))", "the model has no input 'q'"},
             Case{fits + "box(unused = 0.1..1))",
                  "'unused' cannot be estimated: nothing that was measured depends on it"},
             Case{fits + "box(A = 0.1..1))", "'A' cannot be estimated: every condition sets it"},
             Case{fits + "box(k = 0..1, scale = \"log\"))", "log"},
             Case{fits + "free, whole = \"A\")", "'A' is to be whole, but it is no free parameter"},
             Case{fits + "free, whole = \"k\")",
                  "'k' is to be whole, but its range 0.01..10 has ends that are not"},
             Case{fits + "free, truth = {q = 1})", "'truth' needs a number for 'k'"},
             Case{fits + "free, termination = quick)", "termination"},
             Case{fits + "free, polish = lossless())", "polish"},
             Case{fits + "free, method = 3)", "method"},
             Case{fits + "free, rtol = 0)", "rtol must be positive"},
             Case{fits + "free, floor = 0)", "floor"},
             Case{fits + "free, observables = {A = \"2*B\"})", "unknown name 'B'"},
             Case{fits + "free, observables = {A = \"2*\"})", "observable 'A'"},
             Case{fits + "free, observables = {C = \"A\"})", "observable 'C' is no column of the data"},
             Case{"data.B = data.A\n" + fits + "free)", "no quantity 'B'"},
             Case{"data.time = 4.5 - data.time\n" + fits + "free)", "comes after"},
             Case{"data.time = 0*data.time + 1\n" + fits + "free)", "is there twice"},
             Case{"data.time = data.time - 2\n" + fits + "free)", "lies before the start of the runs"},
             Case{"data.time = data.time + nan\n" + fits + "free)", "row 1: the time is not a finite number"},
             Case{"data.A = data.A / 0\n" + fits + "free)", "'A' is infinite"},
             Case{"data.A = data.A * nan\n" + fits + "free)", "column 'A' holds no value at all"},
             Case{"data.A = data.A * 0\n" + fits + "free)", "the data are all zero"},
             Case{"data = data[[\"time\"]]\n" + fits + "free)", "data"},
             Case{"data = data[data.condition == \"low\"]\n" + fits + "free)",
                  "there are no data of condition 'high'"},
             Case{"starts = starts[[1]]\n" + fits + "free)", "there is no row for condition 'high'"},
             Case{"starts.C = 1\n" + fits + "free)", "no input 'C'"},
             Case{fits + "free, max_step = 1e-9, solver = \"dormand_prince\")",
                  "no point of the initial population can be simulated", 4},
             Case{fits + "free, max_step = 1)", "'max_step' goes with solver = \"dormand_prince\" alone"},
             Case{fits + "free, solver = \"bdf\", restart = true)",
                  "'restart' goes with solver = \"dormand_prince\" alone"},
             Case{fits + "free, solver = \"euler\")",
                  "there is no solver \"euler\"; there are \"automatic\""},
             Case{fits + "free, termination = lossless(order = \"best_first\"))",
                  "\"best_first\" pauses runs, which the solver \"dormand_prince\" alone can"},
             Case{"model kicks\n A -> ; k*A\n A = 1; k = 1\n at time > 1: A = 2\nend\nfit(kicks, data, free "
                  "= free, conditions = starts, method = published(), seed = 1)",
                  "the model has events, which the solver \"dormand_prince\" cannot run; ask for solver = "
                  "\"automatic\"",
                  3},
             Case{"model late\n A -> ; k*delay(A, 1)\n A = 1; k = 1\nend\nintervals(late, data, free "
                  "= free, conditions = starts, at = {k = 1}, solver = \"automatic\")",
                  "delays", 3},
             Case{fits + "free, polish = none(), method = cma())", "polish goes with genetic()"},
             Case{fits + "free, termination = adaptive(), method = cma())", "adaptive() goes with genetic()"},
             Case{fits + "free, max_step = 1e-9, method = multi_start(starts = 2))",
                  "no start can be simulated", 4},
             Case{fits + "free, max_step = 1e-9, method = cma(evaluations = 9), solver = \"dormand_prince\")",
                  "no point that was tried can be simulated", 4},
             Case{fits + "box(k = 1..3), whole = \"k\", method = multi_start())",
                  "'k' is whole, and gradients know no whole numbers"},
             Case{"intervals(decay, data, free = free, conditions = starts)", "intervals needs 'at'"},
             Case{"intervals(decay, data, free = free, conditions = starts, at = {k = 20})",
                  "outside of the box"},
             Case{"cma(population = 2)", "population must be at least 4"},
             Case{"genetic(parents = 1)", "parents"},
             Case{"adaptive(quantile = 0)", "quantile is 0; it must lie within"},
             Case{"lossless(order = \"any\")", "there is no order"},
         }) {
        SCOPED_TRACE(more);
        Folder folder;
        const Ran ran = run(folder, more);
        EXPECT_EQ(ran.status, status) << ran.err;
        EXPECT_THAT(ran.err, HasSubstr(message));
    }
}

TEST(Fit, HasOtherMethodsAndIntervals) {
    Folder folder;
    const Ran ran = run(folder, R"(for method in [multi_start(starts = 3), cma(evaluations = 200)]
    best = fit(decay, data, free = free, conditions = starts, method = method, seed = 2)
    print(abs(best.best.k - 0.5) < 1e-4, best.calls.total > 0, best.settings)
end
noisy = data
noisy.A = data.A * (1 + 0.02 * piecewise(-1, data.time > 2, 1))
sure = intervals(decay, noisy, free = free, conditions = starts, at = {k = 0.5})
print(columns(sure.intervals), sure.intervals.parameter)
k = sure.intervals[1]
print(k.fisher_lower < k.value and k.value < k.fisher_upper, abs(k.profile_upper - k.fisher_upper) < 0.002)
print(min(sure.profiles.rise), max(sure.profiles.rise) > 3.84)
)");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("true true multi-start least squares: starts 3"));
    EXPECT_THAT(ran.out, HasSubstr("true true CMA-ES: evaluations 200"));
    EXPECT_THAT(ran.out, HasSubstr("[\"k\"]\ntrue true\n0 true\n"));
}

// What lanes cannot run, CVODE does, and the manifest says so; so do least squares and intervals.
TEST(Fit, RunsModelsWithEvents) {
    Folder folder;
    const Ran ran = run(folder, R"(model dosed
    A -> ; k*A
    A = 1; k = 0.5; dose = 2
    at time > 1.3: A = A + dose
end
seen = simulate(dosed, 0..4, points = 9, rtol = 1e-10)[["time", "A"]]
free = box(k = 0.05..5, dose = 0.2..20, scale = "log")
for method in [quick, multi_start(starts = 2)]
    best = fit(dosed, seen, free = free, method = method, solver = "automatic", seed = 1)
    print(abs(best.best.k - 0.5) < 2e-3, abs(best.best.dose - 2) < 2e-2, best.settings)
end
save(best.history, "history.csv")
noisy = seen
noisy.A = seen.A * (1 + 0.02 * piecewise(-1, seen.time > 2, 1))
sure = intervals(dosed, noisy, free = free, at = {k = 0.5, dose = 2}, solver = "bdf").intervals[2]
print(sure.parameter, sure.fisher_lower < 2 and 2 < sure.fisher_upper, abs(sure.profile_upper / sure.fisher_upper - 1) < 0.1)
)");
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("true true genetic"));
    EXPECT_THAT(ran.out, HasSubstr("true true multi-start"));
    EXPECT_THAT(ran.out, HasSubstr("atol by state, sensitivities by CVODES bdf\n"));
    EXPECT_THAT(ran.out, HasSubstr("dose true true\n"));
    EXPECT_THAT(folder.read("history.csv.manifest.json"), HasSubstr("\"fit\": \"CVODE bdf: it has events\""));
}

TEST(Fit, WarnsOfWhatDoesNotMatterAndOfFailures) {
    Folder folder;
    const Ran still = run(folder, R"(model calm
    A -> ; k*A + j*silent
    A = 1; k = 0.5; j = 1; silent = 0
end
best = fit(calm, data, free = box(k = 0.01..10, j = 1..2), conditions = starts, method = quick, seed = 1)
)");
    EXPECT_EQ(still.status, 0) << still.err;
    EXPECT_THAT(still.err, HasSubstr("'j' does not matter"));
    const Ran failing = run(folder, R"(model bursts
    A' = -0.5*A + piecewise(A^2*1000, k > 1, 0)
    A = 1; k = 0.5
end
best = fit(bursts, data, free = free, conditions = starts, method = genetic(population = 20, offspring = 8, generations = 3), seed = 1)
print(best.evaluations.failed > 0, best.best.k <= 1)
)");
    EXPECT_EQ(failing.status, 0) << failing.err;
    EXPECT_THAT(failing.err, HasSubstr("simulations failed"));
    EXPECT_EQ(failing.out, "true true\n");
}

}  // namespace
}  // namespace rondo::test
