#include "runtime/estimate/fit.h"

#include <algorithm>

namespace rondo {

GeneticFit genetic_fit(const FitProblem& problem, const GeneticOptions& options,
                       const Termination& termination, const std::optional<Polish>& polishing,
                       std::uint64_t seed, const Executor& executor, const RowKeeper& keeper) {
    GeneticFit result{
        evolve(problem, options, termination, seed, executor, keeper), {}, {}, 0, Tally(problem)};
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
                             result.evolved.history.back().boundary, executor, keeper);
    for (const auto& one : result.polished) {
        result.all.add(one.tally);
        if (one.fitness < result.fitness) {
            result.fitness = one.fitness;
            result.z = one.z;
        }
    }
    return result;
}

std::vector<std::string> insensitive(const FitProblem& problem, const std::vector<double>& z,
                                     const Executor& executor) {
    const auto& coordinates = problem.space().coordinates;
    const double fitness = evaluate(problem, z).fitness;
    std::vector<char> moves(coordinates.size());
    executor.quiet().map("moving coordinates", coordinates.size(), [&](int, std::size_t i) {
        for (const double part : {0.1, 0.45, 0.9}) {
            auto moved = z;
            moved[i] = coordinates[i].lower + part * (coordinates[i].upper - coordinates[i].lower);
            if (evaluate(problem, moved).fitness != fitness) moves[i] = 1;
        }
    });
    std::vector<std::string> still;
    for (std::size_t i = 0; i < moves.size(); ++i)
        if (!moves[i]) still.push_back(coordinates[i].name);
    return still;
}

}  // namespace rondo
