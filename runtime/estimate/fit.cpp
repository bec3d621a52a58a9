#include "runtime/estimate/fit.h"

#include <algorithm>

namespace rondo {

GeneticFit genetic_fit(const FitProblem& problem, const GeneticOptions& options,
                       const Termination& termination, const std::optional<Polish>& polishing,
                       std::uint64_t seed, const Executor& executor) {
    GeneticFit result{evolve(problem, options, termination, seed, executor), {}, {}, 0, Tally(problem)};
    auto members = result.evolved.population;
    std::ranges::stable_sort(members, {}, &Evaluated::fitness);
    result.z = members[0].z;
    result.fitness = members[0].fitness;
    result.all.add(result.evolved.initial);
    result.all.add(result.evolved.offspring);
    if (!polishing) return result;
    members.resize(std::min(members.size(), polishing->best));
    std::erase_if(members, [](const Evaluated& member) { return !member.valid(); });
    result.polished = polish(problem, members, polishing->powell, termination,
                             result.evolved.history.back().boundary, executor);
    for (const auto& one : result.polished) {
        result.all.add(one.tally);
        if (one.fitness < result.fitness) {
            result.fitness = one.fitness;
            result.z = one.z;
        }
    }
    return result;
}

}  // namespace rondo
