// The searches: their rules one by one, and that stopping early without loss changes nothing but the cost.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "runtime/estimate/fit.h"
#include "runtime/table/csv.h"
#include "tests/support/fits.h"

namespace rondo::test {
namespace {

GeneticOptions small(bool adapt, bool elitist) {
    GeneticOptions options;
    options.population = 20;
    options.offspring = 12;
    options.generations = 30;
    options.crossover.adapt = adapt;
    options.elitist = elitist;
    return options;
}

Termination of_kind(Termination::Kind kind) {
    return {kind, {}, {}};
}

const Executor one_worker(1), three_workers(3);

// Points and values asked for, of a plain function.
class Asked final : public LazyFunction {
  public:
    explicit Asked(double (*f)(double, double)) : f_(f) {}
    Handle at(std::vector<double> x) override {
        points.push_back(x);
        values.push_back(f_(x[0], x[1]));
        return values.size() - 1;
    }
    bool less(Handle a, Handle b) override { return values[a] < values[b]; }
    double value(Handle a) override { return values[a]; }
    std::vector<std::vector<double>> points;
    std::vector<double> values;

  private:
    double (*f_)(double, double);
};

TEST(Powell, AsksForThePointsThatScipyAsksFor) {
    // Made by powell_scipy.py beside this file.
    const Table expected = read_csv(PROJECT_SOURCE "/tests/runtime/estimate/scipy_powell.csv");
    struct Case {
        std::string name;
        double (*f)(double, double);
    };
    std::size_t row = 0;
    for (const auto& [name, f] :
         {Case{"rosenbrock",
               [](double x, double y) { return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x); }},
          Case{"valleys", [](double x, double y) {
                   return std::abs(x - 1) + 2 * std::abs(y + 0.5) + 0.1 * std::abs(x * y);
               }}}) {
        Asked asked(f);
        powell(asked, {-1.2, 1}, {});
        const auto count =
            static_cast<std::size_t>(std::ranges::count(expected.at("function").texts(), name));
        ASSERT_EQ(asked.points.size(), count) << name;
        for (const auto& point : asked.points) {
            // Both compute in doubles, but not always in one order.
            EXPECT_NEAR(point[0], expected.numbers("x")[row], 1e-9) << name << " row " << row;
            EXPECT_NEAR(point[1], expected.numbers("y")[row], 1e-9) << name << " row " << row;
            ++row;
        }
    }
    EXPECT_EQ(row, expected.rows());
}

TEST(Boundary, FallsFromAboveTheQuantileToBelowItUnlessFloored) {
    const std::vector<double> q{2, 2, 2}, times{0.5, 13, 50};
    const auto published = boundary({}, q, times);
    EXPECT_NEAR(published[0] / 2, 1.19, 0.005);
    EXPECT_NEAR(published[1] / 2, 1, 0.005);
    EXPECT_NEAR(published[2] / 2, 0.596, 0.0005);
    AdaptiveRule floored;
    floored.floored = true;
    const auto repaired = boundary(floored, q, times);
    EXPECT_EQ(repaired[0], published[0]);
    EXPECT_EQ(repaired[2], 2);
}

// Whoever happens to be called best: the expansion does not drift.
TEST(Crossover, WithoutSelectionTheMeasuredSpreadIsTheExpectedOne) {
    const SearchSpace space{
        {{Coordinate::Kind::linear, "x", -1e9, 1e9}, {Coordinate::Kind::linear, "y", -1e9, 1e9}}};
    for (const double variance : {0.5, 0.1}) {
        const Crossover crossover({.variance = variance}, 4, 28, space);
        Random random(3, "test");
        double sum = 0;
        constexpr int draws = 4000;
        for (int i = 0; i < draws; ++i) {
            auto weights =
                crossover.cross(std::vector<std::vector<double>>{{0, 0}, {1, 0}, {0, 1}, {1, 1}}, random)
                    .weights;
            weights.resize(7);
            sum += crossover.relative_spread(weights);
        }
        EXPECT_NEAR(sum / draws, 1, 0.05) << "some three standard errors of 0.013";
    }
}

// Generation by generation, and along every line search: the bits are those of the full run.
TEST(Lossless, ChangesNothingButTheCost) {
    for (const std::string name : {"lv", "gw", "gwx"}) {
        for (const bool adapt : {true, false}) {
            for (const bool elitist : {false, true}) {
                if (name == "gwx" && adapt == elitist) continue;  // half of it: its runs are long
                SCOPED_TRACE(name + (adapt ? " adapt" : "") + (elitist ? " elitist" : ""));
                const Published made = published(name, elitist ? SolverOptions() : restarting());
                const GeneticOptions options = small(adapt, elitist);
                const Polish polish{2, {1e-4, 1e-4, 60}};
                const auto full = genetic_fit(made.problem, options, of_kind(Termination::Kind::none), polish,
                                              5, three_workers);
                for (const auto order : {LosslessRule::Order::best_first, LosslessRule::Order::by_index}) {
                    Termination rule;
                    rule.lossless.order = order;
                    const auto less = genetic_fit(made.problem, options, rule, polish, 5, three_workers);
                    ASSERT_EQ(less.evolved.history.size(), options.generations + 1);
                    for (std::size_t g = 0; g <= options.generations; ++g)
                        ASSERT_EQ(less.evolved.history[g].hash, full.evolved.history[g].hash)
                            << "generation " << g;
                    ASSERT_EQ(less.polished.size(), full.polished.size());
                    for (std::size_t i = 0; i < full.polished.size(); ++i) {
                        EXPECT_EQ(less.polished[i].hash, full.polished[i].hash) << "start " << i;
                        EXPECT_EQ(less.polished[i].asked, full.polished[i].asked);
                        EXPECT_EQ(less.polished[i].z, full.polished[i].z);
                    }
                    EXPECT_EQ(less.fitness, full.fitness);
                    EXPECT_EQ(less.z, full.z);
                    EXPECT_LT(static_cast<double>(less.all.calls()),
                              0.95 * static_cast<double>(full.all.calls()));
                }
            }
        }
    }
}

TEST(Genetic, ResultsCostsAndStopsDoNotDependOnTheWorkers) {
    const Published made = published("gw", restarting());
    for (const auto kind :
         {Termination::Kind::none, Termination::Kind::adaptive, Termination::Kind::lossless}) {
        Termination rule = of_kind(kind);
        rule.lossless.block = 5;
        const auto one =
            genetic_fit(made.problem, small(true, false), rule, Polish{3, {1e-4, 1e-4, 40}}, 9, one_worker);
        const auto three = genetic_fit(made.problem, small(true, false), rule, Polish{3, {1e-4, 1e-4, 40}}, 9,
                                       three_workers);
        EXPECT_EQ(one.evolved.history.back().hash, three.evolved.history.back().hash);
        EXPECT_EQ(one.fitness, three.fitness);
        EXPECT_EQ(one.all.calls(), three.all.calls());
        EXPECT_EQ(one.all.stops(), three.all.stops());
    }
}

TEST(Genetic, TheBoundaryStopsCandidatesAndGraceAndAlphaLengthenThem) {
    const Published made = published("gw", restarting());
    const auto mean_stop = [&](double alpha, double beta, double grace) {
        Termination rule = of_kind(Termination::Kind::adaptive);
        rule.adaptive.alpha = alpha;
        rule.adaptive.beta = beta;
        rule.adaptive.grace = grace;
        double sum = 0;
        for (std::uint64_t seed = 1; seed <= 4; ++seed)
            sum += genetic_fit(made.problem, small(true, false), rule, std::nullopt, seed, three_workers)
                       .all.mean_stop() /
                   4;
        return sum;
    };
    const double usual = mean_stop(1.2, 0.7, 0);
    EXPECT_LT(usual, 0.8);
    EXPECT_GT(mean_stop(1.5, 0.7, 0), usual);
    EXPECT_LT(mean_stop(1.2, 0.9, 0), usual);
    EXPECT_GT(mean_stop(1.2, 0.7, 0.2), usual);
}

TEST(Genetic, FindsWhatMadeTheData) {
    const Published made = published("gwx", SolverOptions());
    GeneticOptions options = small(false, true);
    options.population = 60;
    options.generations = 100;
    const auto found = genetic_fit(made.problem, options, Termination(), Polish(), 2, three_workers);
    const auto values = made.problem.space().values(found.z);
    EXPECT_GT(values[6], 8) << "below, the oscillation is damped";
    EXPECT_EQ(values[6], std::floor(values[6]));
    EXPECT_LT(found.fitness, 0.2);
}

TEST(Genetic, SaysWhenNothingCanBeSimulated) {
    SolverOptions hopeless;
    hopeless.control.max_attempts = 1;
    const Published made = published("lv", hopeless);
    try {
        evolve(made.problem, small(true, false), Termination(), 1, one_worker);
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::numerics);
        EXPECT_NE(std::string(error.what()).find("no point of the initial population"), std::string::npos);
    }
}

}  // namespace
}  // namespace rondo::test
