// Runs in lanes against CVODE and against themselves.
#include "runtime/ensemble/ensemble.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "dsl/syntax/error.h"
#include "jit/method/method.h"
#include "runtime/ensemble/record.h"
#include "tests/support/compiled.h"
#include "tests/support/ensembles.h"

namespace rondo {
namespace {

using namespace testing;

using Inputs = std::vector<std::vector<double>>;

std::vector<LastState> run(std::shared_ptr<const CompiledModel> model, const Inputs& inputs, double end,
                           const EnsembleOptions& options, int jobs = 1) {
    const Ensemble ensemble(std::move(model), options);
    std::vector<LastState> results(inputs.size());
    Ensemble::Task task;
    task.inputs = [&](std::size_t i) { return std::span<const double>(inputs[i]); };
    task.t1 = end;
    task.observe = [&](int lanes) { return std::make_unique<LastObserver>(results, lanes); };
    Executor(jobs).feed("runs", inputs.size(), [&](int, Feed& feed) { ensemble.serve(feed, task); });
    return results;
}

std::vector<LastState> run(const RunSet& set, const EnsembleOptions& options, int jobs = 1) {
    return run(set.model, set.inputs, set.end, options, jobs);
}

EnsembleOptions options_with(EnsembleMethod method, double rtol, int lanes = 0) {
    EnsembleOptions options;
    options.method = method;
    options.rtol = rtol;
    options.lanes = lanes;
    return options;
}

void expect_near(const std::vector<LastState>& results, const std::vector<LastState>& reference,
                 double close) {
    for (std::size_t i = 0; i < results.size(); ++i) {
        ASSERT_EQ(results[i].outcome.kind, Outcome::Kind::finished) << results[i].outcome.reason;
        ASSERT_EQ(results[i].y.size(), reference[i].y.size());
        for (std::size_t k = 0; k < results[i].y.size(); ++k) {
            const double exact = reference[i].y[k];
            EXPECT_NEAR(results[i].y[k], exact, close * (1 + std::abs(exact)))
                << "run " << i << ", state " << k;
        }
    }
}

// A short time, so that what differs is the error of the methods, not how it grows along a rhythm.
TEST(Ensemble, EveryMethodAgreesWithCvode) {
    for (RunSet set : run_sets()) {
        SCOPED_TRACE(set.name);
        set.inputs.resize(16);
        set.end /= 50;
        const auto reference = run(set, options_with(EnsembleMethod::bdf, 1e-11));
        for (const auto method : {EnsembleMethod::automatic, EnsembleMethod::dop853, EnsembleMethod::tsit5,
                                  EnsembleMethod::rodas5p}) {
            SCOPED_TRACE(static_cast<int>(method));
            if (set.stiff && (method == EnsembleMethod::dop853 || method == EnsembleMethod::tsit5)) continue;
            expect_near(run(set, options_with(method, 1e-9)), reference, 1e-5);
        }
    }
}

TEST(Ensemble, RandomNetworksAgreeWithCvode) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        const auto model = compiled(generated_network(6, seed), {});
        if (!why_not_in_lanes(model->system()).empty()) continue;
        const Inputs inputs(3, default_inputs(*model));
        const auto reference = run(model, inputs, 1, options_with(EnsembleMethod::bdf, 1e-11));
        if (reference[0].outcome.kind == Outcome::Kind::failed) continue;
        expect_near(run(model, inputs, 1, options_with(EnsembleMethod::automatic, 1e-9)), reference, 1e-6);
    }
}

TEST(Ensemble, GivesTheSameBitsForAnyLanesAndThreads) {
    for (RunSet set : run_sets()) {
        SCOPED_TRACE(set.name);
        set.inputs.resize(24);
        set.end /= 10;
        const auto expected = run(set, options_with(EnsembleMethod::automatic, 1e-6, 2));
        for (const int lanes : {4, 8, 16}) {
            for (const int jobs : {1, 3}) {
                const auto found = run(set, options_with(EnsembleMethod::automatic, 1e-6, lanes), jobs);
                for (std::size_t i = 0; i < found.size(); ++i) {
                    EXPECT_EQ(found[i].y, expected[i].y) << "run " << i;
                    EXPECT_EQ(found[i].outcome.rhs_calls, expected[i].outcome.rhs_calls);
                    EXPECT_EQ(found[i].outcome.t, set.end);
                }
            }
        }
    }
}

// Half of the runs take some forty times the steps of the others, side by side.
TEST(Ensemble, ALaneIsRefilledAsSoonAsItsRunIsOver) {
    Network n = empty_network("rotation");
    add_species(n, "x", 1);
    add_species(n, "y", 0);
    add_parameter(n, "w", 1);
    add_rate_rule(n, "x", num(-1) * sym("w") * sym("y"));
    add_rate_rule(n, "y", sym("w") * sym("x"));
    const auto model = compiled(n, {});
    Inputs inputs(200, default_inputs(*model));
    for (std::size_t i = 0; i < inputs.size(); ++i)
        inputs[i][*model->system().input("w")] = i % 2 == 0 ? 1 : 40;

    // Attempts of a group of 8 lanes, by the observer that hears of each.
    class Count : public LastObserver {
      public:
        Count(std::vector<LastState>& results, int lanes, std::uint64_t& attempts)
            : LastObserver(results, lanes), attempts_(attempts) {}
        LaneMask step(const Step& step) override {
            ++attempts_;
            return LastObserver::step(step);
        }

      private:
        std::uint64_t& attempts_;
    };
    const Ensemble ensemble(model, options_with(EnsembleMethod::dop853, 1e-8, 8));
    std::vector<LastState> results(inputs.size());
    std::uint64_t attempts = 0, used = 0;
    Ensemble::Task task;
    task.inputs = [&](std::size_t i) { return std::span<const double>(inputs[i]); };
    task.t1 = 50;
    task.observe = [&](int lanes) { return std::make_unique<Count>(results, lanes, attempts); };
    Executor(1).feed("runs", inputs.size(), [&](int, Feed& feed) { ensemble.serve(feed, task); });
    for (const LastState& result : results) used += result.outcome.rhs_calls / 12;
    EXPECT_LE(8.0 * static_cast<double>(attempts), 1.3 * static_cast<double>(used));
    EXPECT_GT(results[1].outcome.steps, 20 * results[0].outcome.steps);
}

TEST(Ensemble, AFailureIsAnOutcomeOfItsRunAlone) {
    Network n = empty_network("explosion");
    add_species(n, "X", 1);
    add_parameter(n, "k", 1);
    add_rate_rule(n, "X", sym("k") * pow(sym("X"), 2));
    const auto model = compiled(n, {});
    Inputs inputs(5, default_inputs(*model));
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i][*model->system().input("k")] = i == 2 ? 1 : -1;
    for (const auto method : {EnsembleMethod::dop853, EnsembleMethod::rodas5p, EnsembleMethod::automatic}) {
        const auto results = run(model, inputs, 2, options_with(method, 1e-8));
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (i == 2) {
                EXPECT_EQ(results[i].outcome.kind, Outcome::Kind::failed);
                EXPECT_FALSE(results[i].outcome.reason.empty());
                EXPECT_NEAR(results[i].outcome.t, 1, 1e-3);
            } else {
                EXPECT_NEAR(results[i].y[0], 1.0 / 3, 1e-7);
            }
        }
    }
}

TEST(Ensemble, StopsAtTheStepLimit) {
    const auto model = compiled(brusselator(), {});
    EnsembleOptions options;
    options.max_steps = 500;
    const auto results = run(model, {default_inputs(*model)}, 1e6, options);
    EXPECT_EQ(results[0].outcome.kind, Outcome::Kind::failed);
    EXPECT_TRUE(results[0].outcome.out_of_steps);
    EXPECT_EQ(results[0].outcome.reason, "more than 500 steps");
}

// What was done by the explicit method stands: steps are counted on, and the step limit is of both.
TEST(Ensemble, AStiffRunGoesOnByTheImplicitMethod) {
    for (const RunSet& set : run_sets()) {
        if (!set.stiff) continue;
        EnsembleOptions options = options_with(EnsembleMethod::automatic, 1e-6);
        const auto results = run(set, options);
        std::size_t switched = 0;
        for (const LastState& result : results) {
            EXPECT_EQ(result.outcome.kind, Outcome::Kind::finished);
            EXPECT_EQ(result.steps, result.outcome.steps) << set.name;
            const std::uint64_t stages = rodas5p().stages.size();
            if (result.outcome.jacobian_calls == 0) continue;
            ++switched;
            EXPECT_GT(result.outcome.rhs_calls, result.outcome.jacobian_calls * stages) << set.name;
        }
        EXPECT_GT(switched, 0u) << set.name;
        options.max_steps = static_cast<long>(results[0].outcome.steps) - 1;
        const auto cut = run(set.model, {set.inputs[0]}, set.end, options);
        EXPECT_TRUE(cut[0].outcome.out_of_steps) << set.name;
        EXPECT_GT(cut[0].outcome.t, 0);
    }
}

TEST(Ensemble, ARecorderGoesOnWithAStiffRun) {
    for (const RunSet& set : run_sets()) {
        if (!set.stiff) continue;
        std::vector<double> times;
        for (int i = 0; i <= 200; ++i) times.push_back(set.end * i / 200.0);
        const auto recorded = [&](EnsembleMethod method) {
            const Ensemble ensemble(set.model, options_with(method, 1e-9));
            const std::size_t runs = 8, outputs = set.model->output_count();
            std::vector<double> values(runs * outputs * times.size());
            Ensemble::Task task;
            task.inputs = [&](std::size_t i) { return std::span<const double>(set.inputs[i]); };
            task.t1 = set.end;
            task.observe = [&](int lanes) {
                const auto place = [&](std::size_t run, std::size_t output) {
                    return values.data() + (run * outputs + output) * times.size();
                };
                return std::make_unique<LaneRecorder>(*set.model, times, lanes, place,
                                                      [](std::size_t, const Outcome&) {});
            };
            Executor(1).feed("runs", runs, [&](int, Feed& feed) { ensemble.serve(feed, task); });
            return values;
        };
        const auto switching = recorded(EnsembleMethod::automatic),
                   implicit = recorded(EnsembleMethod::rodas5p);
        for (std::size_t i = 0; i < switching.size(); ++i)
            ASSERT_NEAR(switching[i], implicit[i], 1e-4 * (1 + std::abs(implicit[i])))
                << set.name << " " << i;
    }
}

TEST(Ensemble, WhatDoesNotFitInLanesIsMadeByCvode) {
    const auto model = compiled(generated_network(200, 1), {});
    EXPECT_EQ(Ensemble(model, {}).describe(), "CVODE bdf: it is large");
    const auto results = run(model, {default_inputs(*model)}, 0.1, {});
    EXPECT_EQ(results[0].outcome.kind, Outcome::Kind::finished);
    EXPECT_EQ(results[0].lanes, 1);
}

TEST(Ensemble, OptionsAreChecked) {
    const auto model = compiled(brusselator(), {});
    const auto message = [&](auto&& change) {
        EnsembleOptions options;
        change(options);
        try {
            const Ensemble ensemble(model, options);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(message([](auto& o) { o.rtol = 0; }), "rtol is 0; it must be > 0");
    EXPECT_EQ(message([](auto& o) { o.atol = -1; }), "atol is -1; it must be >= 0");
    EXPECT_EQ(message([](auto& o) { o.max_steps = 0; }), "max_steps is 0; it must be >= 1");
    EXPECT_EQ(message([](auto& o) { o.lanes = 3; }), "lanes is 3; it must be 2, 4, 8 or 16, or 0 to choose");
}

}  // namespace
}  // namespace rondo
