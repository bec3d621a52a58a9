// polish.h: Powell's method from the best members of a population, stopped early as the population's search
// was.
#pragma once
#include <vector>

#include "runtime/estimate/genetic.h"
#include "runtime/estimate/powell.h"

namespace rondo {

struct Polished {
    Evaluated start;
    std::vector<double> z;  // the best point met on the way; the start if nothing was better
    double fitness;
    std::size_t asked = 0;   // values the method asked for
    std::uint64_t hash = 0;  // of all points it asked for, in order
    Tally tally;
};

// From each start on its own, with the boundary (of the adaptive rule; empty: none) frozen. Points outside
// the space have the value 1e6 at no cost, and so have stopped ones; those that fail are infinite. Adaptive:
// a start may itself be beyond the boundary, and then sees nothing but 1e6; floored: the boundary is raised
// to the start's own running objectives. Lossless: comparisons are decided on bounds, values are completed
// where the method computes with them, and points met again cost nothing; iterates are those of
// Termination::none, exactly. An ensemble's runs cannot wait: there, each is made at once, to its end.
// Helpers of executor.crew() take part.
std::vector<Polished> polish(const FitProblem&, const std::vector<Evaluated>& starts, const PowellOptions&,
                             const Termination&, std::span<const double> boundary, const Executor&,
                             const RowKeeper& = {});

// What a helper makes of a setup of the task "polish".
std::function<Table(const Table& starts, const Executor&)> polish_part(const Table& setup);

}  // namespace rondo
