// The objective in lanes against the pausable simulation, and what only the ensemble can run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "runtime/api/models.h"
#include "runtime/estimate/fit.h"
#include "runtime/sample/random.h"
#include "runtime/simulate/simulate.h"
#include "tests/support/fits.h"

namespace rondo::test {
namespace {

const std::string lotka_volterra = "lotka_volterra";
using Points = std::vector<std::vector<double>>;

SolverOptions in_lanes(double rtol = 1e-6, int lanes = 0, EnsembleMethod method = EnsembleMethod::automatic) {
    SolverOptions solver;
    solver.ensemble = {.method = method, .rtol = rtol, .max_steps = 100'000, .lanes = lanes};
    return solver;
}

SolverOptions alone(double rtol) {
    SolverOptions solver;
    solver.control = {.rtol = rtol, .atol = 1e-3 * rtol};
    return solver;
}

// Points of a factor of two around the truth.
Points around(const std::vector<double>& z, std::size_t count) {
    Points points;
    Random random(5, "points");
    for (std::size_t i = 0; i < count; ++i) {
        points.push_back(z);
        for (double& x : points.back()) x += 0.7 * (2 * random.uniform() - 1);
    }
    return points;
}

// Two conditions, of which one ends early and the other has a gap in the middle; one observable is a formula.
FitProblem with_gaps(const SolverOptions& solver) {
    const std::vector<Condition> conditions{{"a", {}}, {"b", {{"x1", 1}, {"x2", 2}}}};
    const Model model = library_model(lotka_volterra);
    Measurements data = simulated(model, conditions, {"x1", "x2"}, 10, 20);
    for (double& value : data.values) value *= 1.05;
    for (std::size_t j = 12; j < 20; ++j) data.values[2 * j] = data.values[2 * j + 1] = std::nan("");
    for (std::size_t j = 5; j < 9; ++j) data.values[2 * (20 + j)] = std::nan("");
    FitOptions options;
    options.solver = solver;
    options.observables = {{"x2", "x2 + 0.1*x1*k3"}};
    return {model, data, conditions,
            search_space({{{"k1", 0.1, 10, Scale::log}, {"k3", 0.1, 10, Scale::log}}}, {}), options};
}

void expect_same(const Evaluated& one, const Evaluated& other) {
    EXPECT_EQ(one.fitness, other.fitness);
    EXPECT_EQ(one.stopped, other.stopped);
    EXPECT_EQ(one.failed, other.failed);
    EXPECT_EQ(one.stop, other.stop);
    EXPECT_EQ(one.calls, other.calls);
    ASSERT_EQ(one.running.size(), other.running.size());
    for (std::size_t j = 0; j < one.running.size(); ++j)
        EXPECT_TRUE(one.running[j] == other.running[j] ||
                    (std::isnan(one.running[j]) && std::isnan(other.running[j])));
}

void expect_close(const FitProblem& lanes, const FitProblem& oracle, const Points& points) {
    for (const Evaluated& got : evaluate_all(lanes, points, Executor(1))) {
        const Evaluated expected = evaluate(oracle, got.z);
        ASSERT_TRUE(got.valid() && expected.valid());
        ASSERT_EQ(got.stop, expected.stop);
        // Tolerances of 1e-10 a step, a thousand steps, phases that drift.
        for (std::size_t j = 0; j < got.running.size(); ++j)
            EXPECT_NEAR(got.running[j], expected.running[j], 1e-6 * expected.running[j] + 1e-7);
        EXPECT_NEAR(got.fitness, expected.fitness, 1e-6 * expected.fitness + 1e-7);
    }
}

TEST(LaneRuns, GiveTheObjectiveOfThePausableSimulation) {
    for (const auto method : {EnsembleMethod::automatic, EnsembleMethod::rodas5p, EnsembleMethod::bdf})
        for (const std::string name : {"lv", "gw"}) {
            SCOPED_TRACE(name);
            const Published oracle = published(name, alone(1e-10));
            expect_close(published(name, in_lanes(1e-10, 0, method)).problem, oracle.problem,
                         around(oracle.true_z(), method == EnsembleMethod::automatic ? 12 : 2));
        }
    expect_close(with_gaps(in_lanes(1e-10)), with_gaps(alone(1e-10)), around({0, 0}, 10));
}

// Data at the start of the runs, and nowhere else.
TEST(LaneRuns, ReadTheStart) {
    const Model model = library_model(lotka_volterra);
    const Measurements data{{""}, {"x1"}, {0}, {2}};
    FitOptions options;
    options.solver = in_lanes();
    const FitProblem problem(model, data, {}, search_space({{{"x1", 1, 4}}}, {}), options);
    EXPECT_DOUBLE_EQ(evaluate(problem, {3}).fitness, 0.5);
}

// Where a boundary stops a point, of several conditions one after the other, is where the running objective
// of the whole simulation says.
TEST(LaneRuns, AreStoppedWhereTheRunningObjectiveCrossesTheBoundary) {
    for (const auto& problem : {published("lv", in_lanes()).problem, with_gaps(in_lanes())}) {
        const std::size_t T = problem.times();
        long full_calls = 0, stopped_calls = 0, stopped = 0;
        for (const auto& z : around(std::vector<double>(problem.space().size()), 20)) {
            const Evaluated full = evaluate(problem, z);
            for (const double level : {0.1, 0.5, 3.0}) {
                StopRule rule{std::vector<double>(T), T / 10};
                for (std::size_t j = 0; j < T; ++j)
                    rule.boundary[j] = level * (1 + 0.5 * std::sin(double(j)));
                std::size_t expected = 0;
                for (std::size_t j = rule.grace; j < T && expected == 0; ++j)
                    if (full.running[j] > rule.boundary[j]) expected = j + 1;
                const Evaluated got = evaluate(problem, z, rule);
                EXPECT_EQ(got.stopped, expected > 0);
                EXPECT_EQ(got.stop, expected > 0 ? expected : T);
                for (std::size_t j = 0; j < T; ++j)
                    EXPECT_TRUE(j < got.stop ? got.running[j] == full.running[j]
                                             : std::isnan(got.running[j]));
                EXPECT_EQ(got.fitness, expected > 0 ? std::numeric_limits<double>::infinity() : full.fitness);
                full_calls += full.calls;
                stopped_calls += got.calls;
                stopped += got.stopped;
            }
        }
        EXPECT_GT(stopped, 5);
        EXPECT_LT(stopped, 60);
        EXPECT_LT(stopped_calls, full_calls);
    }
}

TEST(LaneRuns, AreLeftAboveALimitAndOnlyThere) {
    for (const auto& problem : {published("lv", in_lanes()).problem, with_gaps(in_lanes())}) {
        long full_calls = 0, left_calls = 0;
        for (const auto& z : around(std::vector<double>(problem.space().size()), 10)) {
            const Evaluated full = evaluate(problem, z);
            for (const double part : {0.3, 0.999999, 1.0, 1.000001}) {
                StopRule rule;
                rule.limit = part * full.fitness;
                const Evaluated got = evaluate(problem, z, rule);
                EXPECT_EQ(got.stopped, part < 1) << part;
                EXPECT_TRUE(got.running.empty());
                EXPECT_EQ(got.fitness, part < 1 ? std::numeric_limits<double>::infinity() : full.fitness);
                if (part == 0.3) {
                    EXPECT_LT(got.stop, full.stop);
                    full_calls += full.calls;
                    left_calls += got.calls;
                }
            }
        }
        EXPECT_LT(double(left_calls), 0.8 * double(full_calls));
    }
}

TEST(LaneRuns, AreTheSameForAnyThreadsAndLanes) {
    for (const std::string name : {"lv", "gw"}) {
        const auto points = around(published(name, in_lanes()).true_z(), 30);
        StopRule boundary{std::vector<double>(100, 0.3), 10}, limit;
        limit.limit = 0.2;
        for (const StopRule& rule : {StopRule(), boundary, limit}) {
            std::vector<Evaluated> expected;
            for (const int lanes : {2, 4, 8, 16})
                for (const int threads : {1, 3}) {
                    const auto problem = published(name, in_lanes(1e-6, lanes)).problem;
                    const auto got = evaluate_all(problem, points, Executor(threads), rule);
                    if (expected.empty()) expected = got;
                    for (std::size_t i = 0; i < points.size(); ++i) expect_same(got[i], expected[i]);
                }
        }
    }
}

TEST(LaneRuns, StoppingThemEarlyChangesNoPopulation) {
    GeneticOptions options;
    options.population = 20;
    options.offspring = 12;
    options.generations = 20;
    options.elitist = true;
    options.crossover.adapt = false;
    const auto problem = published("lv", in_lanes()).problem;
    Termination full;
    full.kind = Termination::Kind::none;
    const Polish polish{3, {1e-4, 1e-4, 40}};
    const auto slow = genetic_fit(problem, options, full, polish, 5, Executor(1));
    const auto fast = genetic_fit(problem, options, Termination(), polish, 5, Executor(3));
    for (std::size_t g = 0; g < slow.evolved.history.size(); ++g)
        ASSERT_EQ(fast.evolved.history[g].hash, slow.evolved.history[g].hash) << g;
    for (std::size_t i = 0; i < slow.polished.size(); ++i)
        EXPECT_EQ(fast.polished[i].hash, slow.polished[i].hash);
    EXPECT_EQ(fast.fitness, slow.fitness);
    EXPECT_LT(double(fast.all.calls()), 0.95 * double(slow.all.calls()));
}

TEST(LaneRuns, CannotBePausedForTheBest) {
    const auto problem = published("gw", in_lanes()).problem;
    const LosslessRule best_first{LosslessRule::Order::best_first, 1};
    EXPECT_THROW((void)race(problem, {{}}, best_first, {}, Executor(1)), Error);
}

Measurements with_cvode(const Model& model, const std::vector<std::string>& observables, double end,
                        std::size_t points) {
    SimulateOptions options;
    options.end = end;
    options.points = points + 1;
    options.select = observables;
    options.integrate.rtol = 1e-10;
    const Run run = simulate(model, options);
    Measurements data{{""}, observables, {}, {}};
    for (std::size_t j = 1; j <= points; ++j) {
        data.times.push_back(run.table.numbers("time")[j]);
        for (const auto& name : observables) data.values.push_back(run.table.numbers(name)[j]);
    }
    return data;
}

GeneticFit fitted(const FitProblem& problem, std::size_t generations) {
    GeneticOptions options;
    options.population = 20;
    options.offspring = 12;
    options.generations = generations;
    options.elitist = true;
    options.crossover.adapt = false;
    return genetic_fit(problem, options, Termination(), Polish{3, {1e-6, 1e-6, 200}}, 3, Executor(2));
}

// Robertson's kinetics: rates of nine orders of magnitude. Explicit steps crawl.
TEST(LaneRuns, FitStiffModels) {
    const Model model = parse_model(
        "model robertson\n A -> B; k1*A\n B -> C; k2*B*B\n B + C -> A + C; k3*B*C\n A = 1; B = 0; C = 0\n"
        " k1 = 0.04; k2 = 3e7; k3 = 1e4\nend",
        "robertson.ant");
    const Measurements data = with_cvode(model, {"A", "B", "C"}, 40, 40);
    FitOptions options;
    options.floor = 1e-6;  // B is small
    options.solver = in_lanes();
    const SearchSpace space =
        search_space({{{"k1", 0.004, 0.4, Scale::log}, {"k3", 1e3, 1e5, Scale::log}}}, {});
    const FitProblem problem(model, data, {}, space, options);
    const auto found = fitted(problem, 15);
    EXPECT_EQ(found.all.failed(), 0);
    EXPECT_NEAR(space.values(found.z)[0], 0.04, 0.04 * 1e-3);
    EXPECT_NEAR(space.values(found.z)[1], 1e4, 1e4 * 1e-3);
    options.solver = alone(1e-6);
    const FitProblem crawling(model, data, {}, space, options);
    EXPECT_GT(evaluate(crawling, found.z).calls, 20 * evaluate(problem, found.z).calls);
}

// A dose at t = 1 and another when little is left, both of a size that is to be found.
const std::string dosed = R"(model dosed
    A -> ; k*A
    A = 1; k = 0.5; dose = 2
    at time > 1: A = A + dose
    at A < 0.2, t0 = false: A = A + dose
end)";

TEST(LaneRuns, FitModelsWithEvents) {
    const Model model = parse_model(dosed, "dosed.ant");
    Measurements data = with_cvode(model, {"A"}, 8, 16);
    for (std::size_t j = 0; data.times[j] < 4; ++j) {
        const double t = data.times[j];  // the dose comes right behind 1
        EXPECT_NEAR(data.values[j], std::exp(-0.5 * t) + (t > 1 ? 2 * std::exp(-0.5 * (t - 1)) : 0), 1e-6);
    }
    FitOptions options;
    options.solver = in_lanes();
    const SearchSpace space = search_space({{{"k", 0.05, 5, Scale::log}, {"dose", 0.2, 20, Scale::log}}}, {});
    const FitProblem problem(model, data, {}, space, options);
    EXPECT_EQ(problem.solver(), "CVODE bdf: it has events");
    const auto found = fitted(problem, 15);
    EXPECT_NEAR(space.values(found.z)[0], 0.5, 0.5 * 1e-3);
    EXPECT_NEAR(space.values(found.z)[1], 2, 2 * 1e-3);
    options.solver = alone(1e-6);
    try {
        (void)FitProblem(model, data, {}, space, options);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("the model has events, which the solver \"dormand_prince\""),
                  std::string::npos);
    }
}

// What is observed reads the past too.
TEST(LaneRuns, ReadModelsWithDelays) {
    const Model model = parse_model(
        "model slow\n A -> ; k*delay(A, lag)\n old := delay(A, lag)\n A = 1; k = 0.5; lag = 1\nend", "m.ant");
    const Measurements data = with_cvode(model, {"A", "old"}, 5, 10);
    FitOptions options;
    options.solver = in_lanes();
    const FitProblem problem(model, data, {}, search_space({{{"k", 0.1, 1}, {"lag", 0.1, 2}}}, {}), options);
    EXPECT_EQ(problem.solver(), "CVODE bdf: it has delays");
    EXPECT_LT(evaluate(problem, {0.5, 1}).fitness, 1e-4);
    EXPECT_GT(evaluate(problem, {0.5, 1.1}).fitness, 1e-2);
}

// Above k = 1 the solution ends before the data do.
TEST(LaneRuns, FailuresAreData) {
    const Model model = parse_model("model m\n A' = A*A*k\n A = 1; k = 0.5\nend", "m.ant");
    const Measurements data = with_cvode(model, {"A"}, 1, 10);
    FitOptions options;
    options.solver = in_lanes();
    const FitProblem problem(model, data, {}, search_space({{{"k", 0.1, 3}}}, {}), options);
    const Evaluated failed = evaluate(problem, {1.53});
    EXPECT_TRUE(failed.failed);
    EXPECT_FALSE(failed.stopped);
    EXPECT_EQ(failed.stop, 7u) << "the pole is at 1 / 1.53 = 0.654";
    EXPECT_TRUE(std::isinf(failed.fitness));
    EXPECT_TRUE(std::isinf(failed.running[6]) && std::isnan(failed.running[7]));
    EXPECT_FALSE(evaluate(problem, {0.9}).failed);
    StopRule rule;
    rule.limit = 1e9;
    EXPECT_TRUE(evaluate(problem, {1.53}, rule).failed);
}

}  // namespace
}  // namespace rondo::test
