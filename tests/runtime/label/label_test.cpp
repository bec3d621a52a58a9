// The cycle rule on systems whose rhythm is known, and on the exact labels of the shared data.
#include "runtime/label/label.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/support/oscillators.h"

namespace rondo {
namespace {

using namespace testing;

// r' = (mu - r^2) r, phase' = omega, in Cartesian coordinates around (3, 3).
Network stuart_landau(double mu, double omega) {
    Network n = empty_network("stuart_landau");
    add_species(n, "x", 4);
    add_species(n, "y", 3);
    add_parameter(n, "mu", mu);
    add_parameter(n, "omega", omega);
    const auto x = sym("x") - num(3), y = sym("y") - num(3);
    const auto growth = sym("mu") - pow(x, 2) - pow(y, 2);
    add_rate_rule(n, "x", growth * x - sym("omega") * y);
    add_rate_rule(n, "y", growth * y + sym("omega") * x);
    return n;
}

Network van_der_pol(double mu) {
    Network n = empty_network("van_der_pol");
    add_species(n, "x", 2);
    add_species(n, "v", 0);
    add_rate_rule(n, "x", sym("v"));
    add_rate_rule(n, "v", num(mu) * (num(1) - pow(sym("x"), 2)) * sym("v") - sym("x"));
    return n;
}

// Two humps a turn of a circle of radius 1 that attracts: s = x + 2 (x^2 - y^2), crossed upwards twice a
// turn.
Network two_humps(double omega) {
    Network n = stuart_landau(1, omega);
    const auto x = sym("x") - num(3), y = sym("y") - num(3);
    add_parameter(n, "s", 0);
    n.parameters.back().constant = false;
    n.rules.push_back({RuleKind::assignment, "s", num(10) + x + num(2) * (pow(x, 2) - pow(y, 2)), {}});
    return n;
}

Label label(const Network& network, const std::vector<std::string>& observed,
            const CycleOptions& options = {}) {
    const auto model = compiled(network, observed);
    return label_cycle(*model, {default_inputs(*model)}, options, Executor(1)).front();
}

TEST(CycleLabel, ALimitCycleHasItsOwnFrequencyOnAnyTimeScale) {
    for (double omega : {1e-5, 0.3, 7.0, 1e3}) {
        SCOPED_TRACE(omega);
        const Label found = label(stuart_landau(omega / 5, omega), {"x", "y"});
        EXPECT_EQ(found.rhythm, Rhythm::sustained) << found.reason;
        EXPECT_NEAR(found.frequency * 2 * std::numbers::pi / omega, 1, 1e-6);
        EXPECT_NEAR(found.amplitude, std::sqrt(omega / 5), 1e-3 * std::sqrt(omega / 5));
    }
}

TEST(CycleLabel, AStableFocusIsDamped) {
    for (double mu : {-0.3, -0.03, -0.003}) {
        SCOPED_TRACE(mu);
        const Label found = label(stuart_landau(mu, 1), {"x", "y"});
        EXPECT_EQ(found.rhythm, Rhythm::damped) << found.reason;
        EXPECT_EQ(found.frequency, 0);
    }
}

TEST(CycleLabel, AStableNodeIsSteady) {
    EXPECT_EQ(label(stuart_landau(-2, 0.01), {"x", "y"}).rhythm, Rhythm::steady);
}

TEST(CycleLabel, RelaxationOscillationsKeepTheirPeriod) {
    // mu = 1: 6.66328686, as tabulated widely. Large mu: Dorodnicyn's expansion with its corrected terms in 1
    // / mu, (3 - 2 ln 2) mu + 7.014322 mu^(-1/3) - (2 / 3) ln mu / mu - 1.3246 / mu + O(mu^(-4/3)).
    const Label small = label(van_der_pol(1), {"x"});
    EXPECT_EQ(small.rhythm, Rhythm::sustained);
    EXPECT_NEAR(1 / small.frequency, 6.66328686, 1e-5);
    const double mu = 50;
    const double expected = (3 - 2 * std::log(2)) * mu + 7.014322 * std::pow(mu, -1.0 / 3) -
                            2 * std::log(mu) / (3 * mu) - 1.3246 / mu;
    const Label stiff = label(van_der_pol(mu), {"x"});
    EXPECT_EQ(stiff.rhythm, Rhythm::sustained);
    EXPECT_NEAR(1 / stiff.frequency, expected, std::pow(mu, -4.0 / 3));
}

// Between its peaks X creeps, for millions of times its own relaxation, with a slope far below what the
// integration leaves of it. The frequency is that of a run at a tolerance of 1e-11.
TEST(CycleLabel, NoiseOfACreepingQuantityIsNoRhythm) {
    Network n = brusselator();
    for (GlobalParameter& each : n.parameters) each.value = each.id == "a" ? 0.00095 : 10.4;
    const Label found = label(n, {"X"});
    EXPECT_EQ(found.rhythm, Rhythm::sustained) << found.reason;
    const Label fine = label(n, {"X"}, {.rtol = 1e-11});
    EXPECT_NEAR(found.frequency / fine.frequency, 1, 1e-7);
}

// A rhythm that fades while a slow drift makes it a growing one: by then nothing is left of it to be seen,
// and steps are as long as an implicit method makes them at rest.
Network late_onset(double rate) {
    Network n = stuart_landau(0, 1);
    n.parameters.front().constant = false;  // mu
    add_species(n, "slow", 2);
    add_species(n, "fast", 2);
    add_rate_rule(n, "slow", num(rate) * (num(1) - sym("slow")));
    add_rate_rule(n, "fast", num(1000) * (sym("slow") - sym("fast")));
    n.rules.push_back({RuleKind::assignment, "mu", num(1.01) - sym("fast"), {}});
    return n;
}

TEST(CycleLabel, AnUnstableFixedPointIsLeft) {
    for (const double rate : {0.1, 0.05, 0.04}) {
        SCOPED_TRACE(rate);
        const Label found = label(late_onset(rate), {"x", "y"});
        EXPECT_EQ(found.rhythm, Rhythm::sustained) << found.reason;
        EXPECT_NEAR(found.frequency * 2 * std::numbers::pi, 1, 1e-6);
        EXPECT_NEAR(found.amplitude, 0.1, 1e-4);
    }
}

TEST(CycleLabel, ARunThatBeginsAtAnUnstableFixedPointStays) {
    Network n = stuart_landau(1, 1);
    for (Species& each : n.species) each.initial_concentration = 3;
    const Label found = label(n, {"x", "y"});
    EXPECT_EQ(found.rhythm, Rhythm::steady) << found.reason;
}

TEST(CycleLabel, HumpsOfOneCycleAreNoCycles) {
    const Label found = label(two_humps(2), {"s"});
    EXPECT_EQ(found.rhythm, Rhythm::sustained) << found.reason;
    EXPECT_NEAR(found.frequency, 1 / std::numbers::pi, 1e-6);
}

TEST(CycleLabel, ABlowUpIsAFailureWithItsReason) {
    Network n = empty_network("explosion");
    add_species(n, "X", 1);
    add_rate_rule(n, "X", pow(sym("X"), 2));
    const Label found = label(n, {"X"});
    EXPECT_EQ(found.rhythm, Rhythm::failed) << found.reason;
    EXPECT_TRUE(std::isnan(found.frequency));
    EXPECT_FALSE(found.reason.empty());
}

TEST(CycleLabel, ARunThatIsTooShortIsUndecided) {
    CycleOptions horizon, steps;
    horizon.horizon = 3;
    steps.max_steps = 30;
    const Label early = label(stuart_landau(0.2, 1), {"x"}, horizon);
    EXPECT_EQ(early.rhythm, Rhythm::undecided);
    EXPECT_TRUE(std::isnan(early.frequency));
    EXPECT_EQ(early.reason, "no answer within the horizon");
    const Label cheap = label(stuart_landau(0.2, 1), {"x"}, steps);
    EXPECT_EQ(cheap.rhythm, Rhythm::undecided);
    EXPECT_EQ(cheap.reason, "more than 30 steps");
}

TEST(CycleLabel, ConservedTotalsAndPilingProductsDoNotMatter) {
    Network n = empty_network("exchange");
    for (const auto& [id, value] : {std::pair{"A", 5.0}, {"B", 0.0}, {"P", 0.0}}) add_species(n, id, value);
    add_reaction(n, "J1", {"A"}, {"B"}, num(1) * sym("A"));
    add_reaction(n, "J2", {"B"}, {"A"}, num(2) * sym("B"));
    add_reaction(n, "J3", {}, {"P"}, num(0.1) * sym("B"));
    const Label found = label(n, {"A", "B"});
    EXPECT_EQ(found.rhythm, Rhythm::steady) << found.reason;
    EXPECT_LT(found.t, 100);
}

// Without inflow every (0, Y) is a fixed point: one eigenvalue is 0, and nothing is conserved.
TEST(CycleLabel, ALineOfFixedPointsIsARestToo) {
    const auto model = compiled(brusselator(), {"X", "Y"});
    for (const double b : {0.0, 0.7, 3.0, 15.0}) {
        auto inputs = default_inputs(*model);
        inputs[*model->system().input("a")] = 0;
        inputs[*model->system().input("b")] = b;
        const Label found = label_cycle(*model, {inputs}, {}, Executor(1)).front();
        const bool rests = found.rhythm == Rhythm::steady || found.rhythm == Rhythm::damped;
        EXPECT_TRUE(rests) << "b = " << b << ": " << to_text(found.rhythm) << " " << found.reason;
        EXPECT_EQ(found.frequency, 0);
        EXPECT_LT(found.rhs_calls, 50'000u);
    }
}

TEST(CycleLabel, ADrivenModelFollowsItsDrive) {
    Network n = empty_network("driven");
    add_species(n, "X", 1);
    add_rate_rule(n, "X", num(2) + op(Op::sin, {op(Op::time, {})}) - sym("X"));
    const Label found = label(n, {"X"});
    EXPECT_EQ(found.rhythm, Rhythm::sustained) << found.reason;
    EXPECT_NEAR(found.frequency, 1 / (2 * std::numbers::pi), 1e-7);
}

TEST(CycleLabel, DoesNotDependOnJobsNorOnEarlierRows) {
    const auto model = compiled(brusselator(), {"X", "Y"});
    std::vector<std::vector<double>> inputs;
    for (int i = 0; i < 12; ++i) {
        inputs.push_back(default_inputs(*model));
        inputs.back()[*model->system().input("b")] = 1.2 + 0.5 * i;
    }
    const auto one = label_cycle(*model, inputs, {}, Executor(1)),
               four = label_cycle(*model, inputs, {}, Executor(4));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        EXPECT_EQ(one[i].rhythm, four[i].rhythm);
        EXPECT_EQ(one[i].frequency, four[i].frequency);
        EXPECT_EQ(one[i].amplitude, four[i].amplitude);
        EXPECT_EQ(one[i].rhs_calls, four[i].rhs_calls);
        EXPECT_EQ(one[i].frequency, label_cycle(*model, {inputs[i]}, {}, Executor(1)).front().frequency);
    }
}

// Every eighth row; all of them: tests/bench/label_accuracy.
TEST(CycleLabel, AgreesWithTheExactLabels) {
    for (const Oscillator& system : oscillators()) {
        SCOPED_TRACE(system.name);
        const auto exact = exact_labels(system);
        if (!exact) GTEST_SKIP() << "no " << exact_file(system);
        const auto model = system.compile();
        std::vector<std::vector<double>> inputs;
        for (std::size_t row = 0; row < exact->rows(); row += 8)
            inputs.push_back(system.inputs(*model, *exact, row));
        const auto labels = label_cycle(*model, inputs, {}, Executor(1));
        const auto truth = exact->numbers("freq_exact"), in_horizon = exact->numbers("in_horizon");
        std::vector<double> errors;
        for (std::size_t row = 0; row < exact->rows(); row += 8) {
            const Label& found = labels[row / 8];
            const bool right = in_horizon[row] == 0 || same_class(found, truth[row] > 0);
            EXPECT_TRUE(right) << "row " << row << ": " << to_text(found.rhythm);
            if (found.rhythm == Rhythm::sustained && truth[row] > 0)
                errors.push_back(std::abs(found.frequency / truth[row] - 1));
        }
        std::sort(errors.begin(), errors.end());
        ASSERT_GE(errors.size(), 5u);
        EXPECT_LE(errors[errors.size() / 2], 1e-6);
        EXPECT_LE(errors[errors.size() * 9 / 10], 1e-5);  // beyond: the file's own errors, docs/labelling.md
    }
}

}  // namespace
}  // namespace rondo
