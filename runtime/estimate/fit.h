// fit.h: a global search and what polishes its best, as one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/estimate/genetic.h"
#include "runtime/estimate/polish.h"

namespace rondo {

struct Polish {
    std::size_t best = 10;  // members of the population to start from
    PowellOptions powell;
};

struct GeneticFit {
    Evolved evolved;
    std::vector<Polished> polished;
    std::vector<double> z;  // the best point met anywhere
    double fitness;
    Tally all;
};

// Throws as evolve().
GeneticFit genetic_fit(const FitProblem&, const GeneticOptions&, const Termination&,
                       const std::optional<Polish>&, std::uint64_t seed, const Executor&,
                       const RowKeeper& = {});

// Names of the coordinates that change nothing: the objective at z is the same to the bit at three other
// values of each.
std::vector<std::string> insensitive(const FitProblem&, const std::vector<double>& z, const Executor&);

}  // namespace rondo
