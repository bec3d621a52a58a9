// stochastic.h: exact stochastic simulation, whole ensembles as tables.
//
// The state is amounts, whole numbers; reactions fire one at a time, each with its rate law's value
// (substance per time) as its propensity, as the law stands: P*(P - 1)/2 has to be written where it is meant.
// What time or events change in jumps is done at its exact time.
#pragma once
#include "runtime/simulate/simulate.h"
#include "runtime/stochastic/walk.h"

namespace rondo {

struct StochasticOptions {
    JumpMethod method =
        JumpMethod::direct;  // the faster one up to thousands of reactions (docs/measurements.md)
    std::uint64_t seed = 1;
    std::size_t runs = 1;  // >= 1
};

// Run i is a function of the model, the options, the seed and i alone. Columns `run` (from 1) if there are
// several, time and quantities; rows of run 1 first. SimulateOptions::integrate has no part in it.
// Throws as simulate(), JumpProcess and Walk do.
Runs simulate_stochastic(const Model&, const SimulateOptions&, const StochasticOptions&, const Executor&,
                         const RowKeeper& = {});

// One run a row of `points`, as simulate_over has it. StochasticOptions::runs has no part in it.
Runs simulate_stochastic_over(const Model&, const Table& points, const std::string& source,
                              const SimulateOptions&, const StochasticOptions&, const Executor&,
                              const RowKeeper& = {});

// Of the same runs (at least 2): time, then X_mean and X_sd (of the sample: n - 1) of each quantity X, over
// the runs that did not fail. Memory does not grow with their number.
Runs stochastic_moments(const Model&, const SimulateOptions&, const StochasticOptions&, const Executor&,
                        const RowKeeper& = {});

// What a helper does for them, from setups of the tasks "jump" and "moments".
std::function<Table(const Table& items, const Executor&)> jump_part(const Table& setup);
std::function<Table(const Table& items, const Executor&)> moments_part(const Table& setup);

}  // namespace rondo
