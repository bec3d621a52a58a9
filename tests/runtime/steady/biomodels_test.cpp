// Published models: the state found is the one a long run ends in.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "runtime/api/models.h"
#include "runtime/simulate/simulate.h"
#include "runtime/steady/steady.h"
#include "tests/support/unpacked.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

const fs::path archive = SHARED_DATA "/biomodels/antimony.tar.zst";

// Relative to each quantity, but at least a millionth of the largest. A run at 1e-8 that has lasted 30 times
// as long as the slowest deviation takes to fall to 1/e is within 1e-6 of where it ends.
void expect_long_run_agrees(const Model& model, const Steady& found) {
    SimulateOptions options;
    options.end = found.time + 30 / -found.slowest();
    options.points = 2;
    options.integrate.rtol = 1e-8;
    for (const auto& name : model.default_outputs()) options.select.push_back(name);
    const Run run = simulate(model, options);
    ASSERT_EQ(run.outcome.kind, Outcome::Kind::finished) << run.outcome.reason;
    double largest = 0;
    for (const auto& name : options.select) largest = std::max(largest, std::abs(run.table.numbers(name)[1]));
    for (const auto& [name, value] : found.values) {
        if (!std::ranges::count(options.select, name)) continue;
        const double end = run.table.numbers(name)[1];
        EXPECT_NEAR(value, end, 1e-5 * std::max(std::abs(end), 1e-6 * largest)) << name;
    }
}

TEST(SteadyBiomodels, TheStateFoundIsTheOneALongRunEndsIn) {
    if (!fs::exists(archive)) GTEST_SKIP() << archive.string() << " is not here";
    const test::Unpacked models(archive);
    const fs::path folder = models.folder() / "antimony";
    int compared = 0;
    for (const int number : {9, 10, 11, 12, 13, 26, 27, 28, 29, 31, 32, 39, 48, 49, 84, 93, 94}) {
        char name[40];
        std::snprintf(name, sizeof name, "BIOMD%010d.txt", number);
        if (!fs::exists(folder / name)) continue;
        SCOPED_TRACE(name);
        const Model model = load_model(folder / name);
        const Steady found = steady_state(model);
        if (!found.failure.empty() || found.way != SteadyWay::integration || !found.warnings.empty())
            continue;
        // In a longer run rounding moves what is conserved: model 32's complexC by 0.04 % in 1e12 time units.
        if (!(found.slowest() < -1e-8)) continue;
        expect_long_run_agrees(model, found);
        ++compared;
    }
    EXPECT_GE(compared, 3);
}

// Found after some 1e13 time units, in which rounding moves its totals by 2 %.
TEST(SteadyBiomodels, WhatIsConservedIsThatOfTheStart) {
    if (!fs::exists(archive)) GTEST_SKIP() << archive.string() << " is not here";
    const test::Unpacked models(archive);
    const fs::path folder = models.folder() / "antimony";
    const Model model = load_model(folder / "BIOMD0000000032.txt");
    const Steady found = steady_state(model);
    SimulateOptions options;
    options.end = 1e6;
    options.points = 2;
    options.select = {"complexC"};
    const double end = simulate(model, options).table.numbers("complexC")[1];
    const auto value =
        std::ranges::find(found.values, "complexC", [](const auto& pair) { return pair.first; });
    ASSERT_NE(value, found.values.end());
    EXPECT_NEAR(value->second, end, 1e-7 * end);
}

}  // namespace
}  // namespace rondo
