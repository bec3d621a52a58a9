// genetic.h: the real-coded genetic algorithm: AREX children, JGG generations, and simulations that may be
// stopped.
//
// Source: the work on estimation with early-stopped simulations, sections 2.3 and 2.6.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/estimate/boundary.h"
#include "runtime/estimate/crossover.h"
#include "runtime/estimate/race.h"
#include "runtime/estimate/tally.h"

namespace rondo {

// none: every simulation runs to its end. adaptive: up to a boundary (a heuristic: it may change the result).
// lossless: only while it matters (the result stays the same to the bit).
struct Termination {
    enum class Kind : std::uint8_t { none, adaptive, lossless } kind = Kind::lossless;
    AdaptiveRule adaptive;
    LosslessRule lossless;
};

struct GeneticOptions {
    std::size_t population = 50, offspring = 30, parents = 3, generations = 100;
    CrossoverOptions crossover;
    bool elitist = false;  // parents compete with their offspring; else the offspring replace them
};

struct Generation {
    double best, median;  // objective in the population
    double expansion;     // of the crossover
    std::size_t valid;    // offspring that were finished
    long calls;           // of right-hand sides, so far
    std::uint64_t hash;   // of all points and objectives of the population, and of the expansion
    std::vector<double> quantiles, boundary;  // [times], of the adaptive rule
};

struct Evolved {
    std::vector<Evaluated> population;
    std::vector<Generation> history;  // the initial population first
    Tally initial, offspring;
};

// Throws Error(input) for options that make no sense; Error(numerics) if no point of the initial population
// can be simulated. Draws: Random(seed, "fit genetic", generation).
Evolved evolve(const FitProblem&, const GeneticOptions&, const Termination&, std::uint64_t seed,
               const Executor&, const RowKeeper& = {});

}  // namespace rondo
