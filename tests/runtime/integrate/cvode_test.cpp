// CVODE runs against solutions known from mathematics and published references.
#include "runtime/integrate/cvode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/integrate/pattern.h"
#include "runtime/integrate/record.h"
#include "tests/support/compiled.h"

namespace rondo {
namespace {

using namespace testing;
using Kind = Outcome::Kind;

Network decay() {
    Network n = empty_network("decay");
    add_species(n, "X", 2);
    add_parameter(n, "k", 0.5);
    add_reaction(n, "J", {"X"}, {}, sym("k") * sym("X"));
    return n;
}

// x' = v, v' = -x: x = cos t.
Network oscillator() {
    Network n = empty_network("oscillator");
    add_species(n, "x", 1);
    add_species(n, "v", 0);
    add_rate_rule(n, "x", sym("v"));
    add_rate_rule(n, "v", num(-1) * sym("x"));
    return n;
}

Network robertson() {
    Network n = empty_network("robertson");
    for (const auto& [id, value] : {std::pair{"A", 1.0}, {"B", 0.0}, {"C", 0.0}}) add_species(n, id, value);
    const auto A = sym("A"), B = sym("B"), C = sym("C");
    add_reaction(n, "J1", {"A"}, {"B"}, num(0.04) * A);
    add_reaction(n, "J2", {"B", "B"}, {"B", "C"}, num(3e7) * pow(B, 2));
    add_reaction(n, "J3", {"B", "C"}, {"A", "C"}, num(1e4) * B * C);
    return n;
}

// x' = x^2 from 1: infinite at t = 1.
Network explosion() {
    Network n = empty_network("explosion");
    add_species(n, "X", 1);
    add_rate_rule(n, "X", pow(sym("X"), 2));
    return n;
}

// The square root of what falls below 0 at t = 1.
Network root_of_negative() {
    Network n = empty_network("root");
    add_species(n, "X", 1);
    add_species(n, "Y", 1);
    add_rate_rule(n, "X", num(-1));
    add_rate_rule(n, "Y", op(Op::power, {sym("X"), num(0.5)}));
    return n;
}

struct Run {
    Outcome outcome;
    Table table;
};

Run run(const Network& network, std::vector<std::string> names, std::vector<double> times,
        const IntegrateOptions& options = {}) {
    const auto model = compiled(network, names);
    Recorder recorder(names, times);
    const auto outcome = integrate(*model, default_inputs(*model), 0, times.back(), options, recorder);
    return {outcome, recorder.table()};
}

// Counts and keeps all that a run pushes.
struct Witness : Observer {
    std::vector<double> times, states;
    std::size_t stop_after = std::numeric_limits<std::size_t>::max();
    LaneMask start(const Step& step) override {
        times.clear();
        states.clear();
        return keep(step);
    }
    LaneMask step(const Step& step) override { return keep(step); }
    LaneMask keep(const Step& step) {
        times.push_back(step.t1[0]);
        states.insert(states.end(), step.y.begin(), step.y.end());
        return times.size() > stop_after ? 1 : 0;
    }
};

TEST(Cvode, DecayFollowsItsExponential) {
    for (auto method : {Method::bdf, Method::adams}) {
        for (double rtol : {1e-4, 1e-6, 1e-8, 1e-10}) {
            SCOPED_TRACE(rtol);
            const auto [outcome, table] =
                run(decay(), {"X"}, {0, 0.5, 1, 2, 5}, {.method = method, .rtol = rtol});
            EXPECT_EQ(outcome.kind, Kind::finished);
            ASSERT_EQ(table.rows(), 5u);
            for (std::size_t row = 0; row < 5; ++row) {
                const double exact = 2 * std::exp(-0.5 * table.numbers("time")[row]);
                // The tolerance is of one step; the errors of up to some hundreds of them add up.
                EXPECT_NEAR(table.numbers("X")[row], exact, 100 * rtol * exact);
            }
        }
    }
}

TEST(Cvode, AnOscillatorKeepsItsPhaseForTenTurns) {
    std::vector<double> times;
    for (int i = 0; i <= 20; ++i) times.push_back(i * std::acos(-1.0));
    for (auto method : {Method::bdf, Method::adams}) {
        const auto [outcome, table] = run(oscillator(), {"x", "v"}, times, {.method = method, .rtol = 1e-10});
        for (std::size_t row = 0; row < times.size(); ++row) {
            EXPECT_NEAR(table.numbers("x")[row], row % 2 ? -1 : 1, 1e-6);
            EXPECT_NEAR(table.numbers("v")[row], 0, 1e-6);
        }
    }
}

TEST(Cvode, RobertsonsStiffReactionsReachTheReference) {
    // The values at t = 40 and 4e5 that the CVODE user guide prints for this problem.
    const auto [outcome, table] = run(robertson(), {"A", "B", "C"}, {40, 4e5}, {.rtol = 1e-8});
    ASSERT_EQ(outcome.kind, Kind::finished);
    EXPECT_NEAR(table.numbers("A")[0], 0.7158, 1e-4);
    EXPECT_NEAR(table.numbers("B")[0], 9.185e-6, 1e-9);
    EXPECT_NEAR(table.numbers("A")[1], 4.938e-3, 5e-6);
    for (std::size_t row = 0; row < 2; ++row)
        EXPECT_NEAR(table.numbers("A")[row] + table.numbers("B")[row] + table.numbers("C")[row], 1, 1e-9);
    EXPECT_LT(outcome.steps, 2000u);
}

// X0 -> X1 -> ... at rate 1: Xi = t^i / i! exp(-t). Large and sparse enough for KLU.
// Its rate is 0 however far it goes, so that nothing says how far.
TEST(Cvode, AFastReactionWithoutARateMovesNothing) {
    Network n = decay();
    add_species(n, "Y", 3);
    add_parameter(n, "none", 0);
    add_reaction(n, "F", {"X"}, {"Y"}, sym("none") * sym("X") * sym("Y"));
    n.reactions.back().fast = true;
    const auto [outcome, table] = run(n, {"X", "Y"}, {0, 1, 2}, {.rtol = 1e-8});
    ASSERT_EQ(outcome.kind, Kind::finished) << outcome.reason;
    for (std::size_t row = 0; row < 3; ++row) {
        EXPECT_NEAR(table.numbers("X")[row], 2 * std::exp(-0.5 * table.numbers("time")[row]), 1e-6);
        EXPECT_EQ(table.numbers("Y")[row], 3);
    }
}

TEST(Cvode, ALongChainFollowsPoissonsLaw) {
    constexpr int length = 40;
    Network n = empty_network("chain");
    const auto name = [](int i) { return "X" + std::to_string(i); };
    for (int i = 0; i < length; ++i) add_species(n, name(i), i == 0 ? 1 : 0);
    for (int i = 0; i < length; ++i)
        add_reaction(n, "J" + std::to_string(i), {name(i)},
                     i + 1 < length ? std::vector<std::string>{name(i + 1)} : std::vector<std::string>{},
                     sym(name(i)));
    const auto [outcome, table] = run(n, {"X0", "X5", "X39"}, {5, 30}, {.rtol = 1e-8});
    ASSERT_EQ(outcome.kind, Kind::finished);
    for (std::size_t row = 0; row < 2; ++row)
        for (int i : {0, 5, 39}) {
            const double t = table.numbers("time")[row];
            const double exact = std::exp(i * std::log(t) - std::lgamma(i + 1.0) - t);
            EXPECT_NEAR(table.numbers(name(i))[row], exact, 1e-6 * exact + 1e-9);
        }
}

TEST(JacobianPattern, BothFormsHoldTheSameMatrix) {
    const OdeSystem system = lower(generated_network(60, 3));
    const JacobianPattern dense = dense_pattern(system), sparse = sparse_pattern(system);
    const std::size_t n = system.states.size();
    std::vector<double> from_dense(n * n), from_sparse(n * n), values(sparse.row_index.size());
    for (std::size_t k = 0; k < system.row_index.size(); ++k) {
        from_dense[dense.slot[k]] = static_cast<double>(k + 1);
        values[sparse.slot[k]] = static_cast<double>(k + 1);
    }
    for (std::size_t column = 0; column < n; ++column) {
        bool diagonal = false;
        for (auto k = sparse.column_start[column]; k < sparse.column_start[column + 1]; ++k) {
            const auto row = static_cast<std::size_t>(sparse.row_index[static_cast<std::size_t>(k)]);
            from_sparse[column * n + row] = values[static_cast<std::size_t>(k)];
            diagonal |= row == column;
        }
        EXPECT_TRUE(diagonal) << column;
    }
    EXPECT_EQ(from_dense, from_sparse);
    EXPECT_TRUE(choose_pattern(system).sparse);
    EXPECT_FALSE(choose_pattern(lower(brusselator())).sparse);
}

// Of reactions between any species the factors are dense, of a chain they are not.
TEST(JacobianPattern, LargeRandomNetworksAreSolvedByIteration) {
    EXPECT_TRUE(choose_pattern(lower(generated_network(3000, 1))).iterative);
    EXPECT_FALSE(choose_pattern(lower(generated_network(300, 1))).iterative);
    Network chain = empty_network("chain");
    for (int i = 0; i < 3000; ++i) add_species(chain, "X" + std::to_string(i), 1);
    for (int i = 0; i + 1 < 3000; ++i)
        add_reaction(chain, "J" + std::to_string(i), {"X" + std::to_string(i)}, {"X" + std::to_string(i + 1)},
                     sym("X" + std::to_string(i)));
    const JacobianPattern pattern = choose_pattern(lower(chain));
    EXPECT_TRUE(pattern.sparse);
    EXPECT_FALSE(pattern.iterative);
}

TEST(Cvode, IterativeSolutionsKeepTheTolerances) {
    const Network network = generated_network(3000, 1);
    const std::string name = network.species[7].id;
    const auto at = [&](double rtol) {
        const auto [outcome, table] = run(network, {name}, {0.5, 1}, {.rtol = rtol});
        EXPECT_EQ(outcome.kind, Kind::finished) << outcome.reason;
        return table.numbers(name)[1];
    };
    const double loose = at(1e-6), tight = at(1e-10);
    EXPECT_NEAR(loose, tight, 1e-4 * std::abs(tight));
}

TEST(Cvode, StepsDependNeitherOnTheEndNorOnWhatIsRead) {
    const auto model = compiled(brusselator(), {"X"});
    const auto inputs = default_inputs(*model);
    Witness shorter, longer;
    integrate(*model, inputs, 0, 10, {}, shorter);
    integrate(*model, inputs, 0, 40, {}, longer);
    ASSERT_GT(shorter.times.size(), 20u);
    for (std::size_t i = 0; i + 1 < shorter.times.size(); ++i) EXPECT_EQ(shorter.times[i], longer.times[i]);
    EXPECT_EQ(shorter.times.back(), 10);

    const auto coarse = run(brusselator(), {"X"}, {0, 7, 40}).table;
    std::vector<double> fine_times;
    for (int i = 0; i <= 4000; ++i) fine_times.push_back(i / 100.0);
    const auto fine = run(brusselator(), {"X"}, fine_times).table;
    EXPECT_EQ(coarse.numbers("X")[1], fine.numbers("X")[700]);
    EXPECT_EQ(coarse.numbers("X")[2], fine.numbers("X")[4000]);
}

TEST(Cvode, UsedMemoryGivesTheBytesOfFreshMemory) {
    for (const Network& network : {brusselator(), generated_network(60, 3)}) {
        SCOPED_TRACE(network.id);
        const auto model = compiled(network, {network.species.front().id});
        auto inputs = default_inputs(*model);
        auto others = inputs;
        for (double& value : others) value *= 1.7;
        Witness fresh, reused;
        integrate(*model, inputs, 0, 20, {}, fresh);
        Integrator integrator(*model);
        integrator.run(others, 0, 33, {.rtol = 1e-4}, reused);
        integrator.run(others, 0, 5, {.method = Method::adams}, reused);
        integrator.run(inputs, 0, 20, {}, reused);
        integrator.run(inputs, 0, 20, {}, reused);
        EXPECT_EQ(fresh.times, reused.times);
        EXPECT_EQ(fresh.states, reused.states);
    }
}

TEST(Cvode, AnObserverStopsTheRun) {
    const auto model = compiled(brusselator(), {"X"});
    Witness witness;
    witness.stop_after = 7;
    const double forever = std::numeric_limits<double>::infinity();
    const auto outcome = integrate(*model, default_inputs(*model), 0, forever, {}, witness);
    EXPECT_EQ(outcome.kind, Kind::stopped);
    EXPECT_EQ(outcome.steps, 7u);
    EXPECT_EQ(outcome.t, witness.times.back());
}

TEST(Cvode, FailuresSayWhereAndWhy) {
    struct Case {
        Network network;
        IntegrateOptions options;
        std::string reason;
    };
    const Case cases[] = {
        {root_of_negative(), {}, "the right-hand side is not finite (inf or nan) for 'Y'"},
        {brusselator(), {.max_steps = 20}, "step limit of 20 reached"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.reason);
        const auto [outcome, table] = run(c.network, {c.network.species[0].id}, {0, 0.5, 5}, c.options);
        EXPECT_EQ(outcome.kind, Kind::failed);
        EXPECT_EQ(outcome.reason.substr(0, c.reason.size()), c.reason);
        EXPECT_LT(outcome.t, 5);
        EXPECT_LT(table.rows(), 3u);
        EXPECT_GE(table.rows(), 1u);
    }
}

TEST(Cvode, AnExplosionEndsAtItsTimeInBoundedWork) {
    const auto [outcome, table] = run(explosion(), {"X"}, {0, 0.5, 2});
    EXPECT_EQ(outcome.kind, Kind::failed);
    EXPECT_NEAR(outcome.t, 1, 1e-4);
    EXPECT_LT(outcome.steps, 50'000u);
    EXPECT_FALSE(outcome.reason.empty());
    ASSERT_EQ(table.rows(), 2u);
    EXPECT_NEAR(table.numbers("X")[1], 2, 1e-4);
}

// x' = 1 has no end, and steps that grow for ever.
TEST(Cvode, TimeItselfMayRunOut) {
    Network n = empty_network("clock");
    add_species(n, "X", 1);
    add_rate_rule(n, "X", num(1));
    const auto model = compiled(n, {"X"});
    Witness witness;
    const double forever = std::numeric_limits<double>::infinity();
    const auto outcome = integrate(*model, default_inputs(*model), 0, forever, {}, witness);
    EXPECT_EQ(outcome.kind, Kind::failed);
    EXPECT_EQ(outcome.reason, "the time grew beyond all bounds");
    EXPECT_GT(outcome.t, 1e150);
    EXPECT_LT(outcome.steps, 1000u);
}

TEST(Cvode, AnInitialValueThatIsNotFiniteFailsAtTheStart) {
    const auto model = compiled(decay(), {"X"});
    auto inputs = default_inputs(*model);
    inputs[*model->system().input("X")] = std::numeric_limits<double>::infinity();
    Witness witness;
    const auto outcome = integrate(*model, inputs, 0, 1, {}, witness);
    EXPECT_EQ(outcome.kind, Kind::failed);
    EXPECT_EQ(outcome.reason, "the initial value of 'X' is not finite (inf or nan)");
}

TEST(Cvode, SettingsAreCheckedByName) {
    const auto model = compiled(decay(), {"X"});
    struct Case {
        IntegrateOptions options;
        double t1;
        std::string message;
    };
    const Case cases[] = {
        {{.rtol = 0}, 1, "rtol is 0; it must be > 0"},
        {{.rtol = -1e-6}, 1, "rtol is -1e-06; it must be > 0"},
        {{.atol = -1}, 1, "atol is -1; it must be >= 0"},
        {{.max_steps = 0}, 1, "max_steps is 0; it must be >= 1"},
        {{.max_step = -2}, 1, "max_step is -2; it must be >= 0"},
        {{}, 0, "the end time is 0; it must be later than the start time"},
    };
    for (const Case& c : cases) {
        Witness witness;
        try {
            integrate(*model, default_inputs(*model), 0, c.t1, c.options, witness);
            ADD_FAILURE() << "no error for: " << c.message;
        } catch (const Error& error) {
            EXPECT_EQ(error.what(), c.message);
            EXPECT_EQ(error.fault(), Fault::input);
        }
    }
}

TEST(Cvode, AMissingInputIsNamed) {
    Network network = decay();
    network.parameters[0].value.reset();
    const auto model = compiled(network, {"X"});
    Witness witness;
    try {
        integrate(*model, default_inputs(*model), 0, 1, {}, witness);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "there is no value for 'k'; give one in the model or set it");
    }
}

TEST(Cvode, AModelWithoutStatesStillHasOutputs) {
    Network n = empty_network("empty");
    add_parameter(n, "k", 3);
    const auto [outcome, table] = run(n, {"k"}, {0, 1, 2});
    EXPECT_EQ(outcome.kind, Kind::finished);
    ASSERT_EQ(table.rows(), 3u);
    EXPECT_EQ(table.numbers("k")[2], 3);
}

TEST(Cvode, AbsoluteTolerancesFollowTheMagnitudes) {
    Network n = empty_network("scales");
    add_species(n, "big", 1e6);
    add_species(n, "fed", 0);      // heads for 2e-3 / 0.5
    add_species(n, "nothing", 0);  // stays: takes the smallest of the others
    add_reaction(n, "J1", {}, {"fed"}, num(2e-3));
    add_reaction(n, "J2", {"fed"}, {}, num(0.5) * sym("fed"));
    add_reaction(n, "J3", {"big"}, {}, num(1) * sym("big"));
    add_reaction(n, "J4", {"nothing"}, {}, num(1) * sym("nothing"));
    const auto model = compiled(n, {"big"});
    const std::vector<double> y{1e6, 0, 0}, p = default_inputs(*model);
    const auto atol = absolute_tolerances(*model, 0, y, p, {.rtol = 1e-6});
    EXPECT_DOUBLE_EQ(atol[0], 1e-3);
    EXPECT_DOUBLE_EQ(atol[1], 1e-9 * 4e-3);
    EXPECT_DOUBLE_EQ(atol[2], 1e-9 * 4e-3);
    EXPECT_EQ(absolute_tolerances(*model, 0, y, p, {.atol = 1e-5}), std::vector<double>(3, 1e-5));
}

TEST(Recorder, RefusesTimesOutOfOrder) {
    try {
        Recorder({"X"}, {0, 2, 1});
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "output times must ascend, but 1 follows 2");
    }
}

TEST(Outcome, DescribesItselfForAPerson) {
    Outcome outcome;
    outcome.kind = Kind::failed;
    outcome.t = 41.7;
    outcome.reason = "corrector did not converge (h = 3e-14)";
    EXPECT_EQ(describe(outcome, 100), "stopped at t = 41.7 of 100: corrector did not converge (h = 3e-14)");
}

}  // namespace
}  // namespace rondo
