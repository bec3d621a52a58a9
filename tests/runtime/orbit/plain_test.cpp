// The oracle of generated steps, and they against it.
#include "runtime/integrate/plain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/ensembles.h"

namespace rondo {
namespace {

using namespace testing;

TEST(Plain, FollowsACircleToTheLastDigits) {
    std::vector<double> y{1, 0}, atol{1e-14, 1e-14};
    const Slope slope = [](double, const double* at, double* dydt) {
        dydt[0] = -at[1];
        dydt[1] = at[0];
    };
    ASSERT_TRUE(integrate_plainly(dop853(), slope, 0, 10, y, {.rtol = 1e-13, .atol = atol}));
    EXPECT_NEAR(y[0], std::cos(10), 1e-12);
    EXPECT_NEAR(y[1], std::sin(10), 1e-12);
    EXPECT_FALSE(integrate_plainly(dop853(), slope, 0, 10, y, {.rtol = 1e-13, .atol = atol, .max_steps = 3}));
}

TEST(Plain, GeneratedStepsComeToTheSameStates) {
    for (const RunSet& set : run_sets()) {
        if (set.stiff) continue;
        SCOPED_TRACE(set.name);
        const std::vector<std::vector<double>> inputs(set.inputs.begin(), set.inputs.begin() + 4);
        EnsembleOptions options;
        options.method = EnsembleMethod::dop853;
        options.rtol = 1e-9;
        options.atol = 1e-12;
        const Ensemble ensemble(set.model, options);
        std::vector<LastState> lanes(inputs.size());
        Ensemble::Task task;
        task.inputs = [&](std::size_t run) { return std::span<const double>(inputs[run]); };
        task.t1 = 20;
        task.observe = [&](int width) { return std::make_unique<LastObserver>(lanes, width); };
        Executor(1).feed("runs", lanes.size(), [&](int, Feed& feed) { ensemble.serve(feed, task); });

        const CompiledModel& model = *set.model;
        const std::vector<double> atol(model.state_count(), options.atol);
        for (std::size_t run = 0; run < lanes.size(); ++run) {
            std::vector<double> p(model.parameter_count()), y(model.state_count());
            std::ranges::copy(inputs[run], p.begin());
            const double t0 = 0;
            model.code().initialize(&t0, p.data(), y.data());
            const Slope slope = [&](double t, const double* at, double* dydt) {
                model.code().rhs(&t, at, p.data(), dydt);
            };
            ASSERT_TRUE(integrate_plainly(dop853(), slope, 0, 20, y, {.rtol = options.rtol, .atol = atol}));
            for (std::size_t i = 0; i < y.size(); ++i)
                EXPECT_NEAR(lanes[run].y[i], y[i], 1e-7 * (1 + std::abs(y[i])));
        }
    }
}

}  // namespace
}  // namespace rondo
