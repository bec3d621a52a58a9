// evolution_strategy.h: CMA-ES with restarts of growing populations (IPOP).
//
// Source: Hansen, "The CMA Evolution Strategy: A Tutorial" (arXiv 1604.00772), its default constants; Auger
// and Hansen, CEC 2005, for the restarts. Our own: Debian has no library of it that takes evaluations which
// end early, and it is short.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/estimate/genetic.h"

namespace rondo {

struct StrategyOptions {
    long evaluations = 12'000;   // in all
    long of_a_restart = 4'000;   // at most, before the next begins
    double step = 0.3;           // the first, in parts of the box
    std::size_t population = 0;  // of the first run; 0: 4 + 3 ln(coordinates). Each restart doubles it
};

struct StrategyGeneration {
    std::size_t restart;
    long evaluations, calls;  // so far
    double best, step;        // best so far
};

struct StrategyFit {
    std::vector<double> z;
    double fitness;
    std::vector<StrategyGeneration> history;
    Tally tally;
};

// lossless: an offspring is stopped once it cannot be among the half that guides the search. The adaptive
// rule has no meaning here. Points outside of the box are drawn again, and clipped after 100 times. Throws
// Error(numerics) if no point could be simulated. Draws: Random(seed, "fit strategy", generation).
StrategyFit strategy_fit(const FitProblem&, const StrategyOptions&, const Termination&, std::uint64_t seed,
                         const Executor&, const RowKeeper& = {});

}  // namespace rondo
