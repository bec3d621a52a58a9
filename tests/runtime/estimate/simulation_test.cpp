// One evaluation: its cost, its objective and its bound.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/table/csv.h"
#include "tests/runtime/estimate/problems.h"

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

}  // namespace
}  // namespace rondo::test
