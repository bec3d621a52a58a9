// One evaluation: its cost, its objective and its bound.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/table/csv.h"
#include "tests/support/fits.h"

namespace rondo::test {
namespace {

TEST(Simulation, CostsAsManyRightHandSidesAsWithScipy) {
    // Made by count_scipy.py beside this file.
    const Table counts = read_csv(PROJECT_SOURCE "/tests/runtime/estimate/scipy_counts.csv");
    const long at_truth[]{4246, 4012, 7682};
    std::size_t row = 0;
    int model = 0;
    for (const std::string name : {"lv", "gw", "gwx"}) {
        const Published made = published(name, restarting());
        EXPECT_EQ(evaluate(made.problem, made.true_z()).calls, at_truth[model++]) << name;
        for (; row < counts.rows() && counts.at("model").texts()[row] == name; ++row) {
            std::vector<double> z;
            for (std::size_t i = 0; i < made.truth.size(); ++i)
                z.push_back(
                    made.problem.space().coordinates[i].at(counts.numbers("p" + std::to_string(i + 1))[row]));
            const Evaluated point = evaluate(made.problem, z);
            EXPECT_EQ(static_cast<double>(point.calls), counts.numbers("calls")[row])
                << name << " row " << row;
            EXPECT_FALSE(point.failed);
        }
    }
    EXPECT_EQ(row, 203u);
}

TEST(Simulation, TruthFitsItsOwnDataUpToTheSolver) {
    EXPECT_NEAR(
        evaluate(published("lv", restarting()).problem, published("lv", restarting()).true_z()).fitness, 2e-6,
        1e-6);
    EXPECT_NEAR(
        evaluate(published("gw", restarting()).problem, published("gw", restarting()).true_z()).fitness, 1e-6,
        1e-6);
}

// One integration with dense output in place of one an interval: the same values at about half the cost.
TEST(Simulation, GoingOnWithoutRestartsGivesTheSameObjectiveForLess) {
    for (const std::string name : {"lv", "gw", "gwx"}) {
        const Published anew = published(name, restarting()), on = published(name, SolverOptions());
        const Evaluated a = evaluate(anew.problem, anew.true_z()), b = evaluate(on.problem, on.true_z());
        EXPECT_LT(static_cast<double>(b.calls), 0.6 * static_cast<double>(a.calls)) << name;
        auto z = on.true_z();
        for (double& x : z) x += 0.05;
        const double far = evaluate(anew.problem, z).fitness;
        EXPECT_NEAR(evaluate(on.problem, z).fitness, far, 1e-5 * far) << name;
        EXPECT_NEAR(b.fitness, 0, 1e-5);
    }
}

// S against its own definition, and its promise never to fall.
TEST(Simulation, BoundIsTheShareOfTheObjectiveSoFar) {
    const Published made = published("lv", restarting());
    auto z = made.true_z();
    z[0] += 0.3;
    Simulation run(made.problem, z);
    double before = 0;
    while (!run.finished()) {
        run.advance();
        EXPECT_GE(run.bound(), before);
        before = run.bound();
        const double share = static_cast<double>(run.index()) / 100;
        EXPECT_NEAR(run.bound(), share * run.running(), 1e-12 * run.bound());
    }
    EXPECT_EQ(run.bound(), run.running());
    EXPECT_EQ(run.bound(), evaluate(made.problem, z).fitness);
}

// The objective by the formula, from a table of simulated values with gaps.
TEST(Simulation, MissingValuesAreLeftOut) {
    const Model model = library_model("lotka_volterra");
    Measurements data = simulated(model, {{"a", {}}, {"b", {{"x1", 1}, {"x2", 2}}}}, {"x1", "x2"}, 10, 4);
    const double nan = std::nan("");
    data.values[0] = data.values[3] = nan;  // a: x1 at the first, x2 at the second time
    for (std::size_t j = 0; j < 4; ++j) data.values[8 + 2 * j] = nan;  // b: all x1
    Measurements shifted = data;
    for (double& value : shifted.values) value *= 1.1;
    const FitProblem problem(model, shifted, {{"b", {{"x1", 1}, {"x2", 2}}}},
                             search_space({{{"k1", 0.1, 10, Scale::log}}}, {}), FitOptions());
    // Every deviation is 0.1 / 1.1, whatever the weights: and the weights sum to one.
    EXPECT_NEAR(evaluate(problem, {0}).fitness, 0.1 / 1.1, 1e-6);
    shifted.values[1] /= 1.1;  // one exact value of a's three of x2: 1/2 * 1/2 * 1/3 of the weight
    const FitProblem other(model, shifted, {{"b", {{"x1", 1}, {"x2", 2}}}},
                           search_space({{{"k1", 0.1, 10, Scale::log}}}, {}), FitOptions());
    EXPECT_NEAR(evaluate(other, {0}).fitness, 0.1 / 1.1 * (1 - 1.0 / 12), 1e-6);
}

// The extended model's claim: 10 goes on, 8 dies out.
TEST(Simulation, GoodwinWithTenGoesOnAndWithEightDiesOut) {
    const Model model =
        library_model("goodwin").with(std::vector<Setting>{{"k2", 0.1}, {"k4", 0.1}, {"k6", 0.1}});
    const auto swing = [&](double n, double from, double to) {
        const auto data =
            simulated(model, {{"a", {{"x1", 0.01}, {"x2", 0.25}, {"x3", 2.5}, {"n", n}}}}, {"x3"}, 200, 4000);
        double low = 1e9, high = 0;
        for (std::size_t j = 0; j < data.times.size(); ++j) {
            if (data.times[j] < from || data.times[j] > to) continue;
            low = std::min(low, data.values[j]);
            high = std::max(high, data.values[j]);
        }
        return high - low;
    };
    EXPECT_NEAR(swing(10, 160, 200) / swing(10, 120, 160), 1, 0.01);
    EXPECT_LT(swing(8, 160, 200) / swing(8, 120, 160), 0.95);
}

}  // namespace
}  // namespace rondo::test
