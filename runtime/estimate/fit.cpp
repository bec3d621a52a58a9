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
    std::vector<std::vector<double>> points{z};
    for (std::size_t i = 0; i < coordinates.size(); ++i)
        for (const double part : {0.1, 0.45, 0.9}) {
            points.push_back(z);
            points.back()[i] = coordinates[i].lower + part * (coordinates[i].upper - coordinates[i].lower);
        }
    const auto found = evaluate_all(problem, points, executor.quiet());
    std::vector<std::string> still;
    for (std::size_t i = 0; i < coordinates.size(); ++i)
        if (std::all_of(found.begin() + std::ptrdiff_t(1 + 3 * i), found.begin() + std::ptrdiff_t(4 + 3 * i),
                        [&](const Evaluated& moved) { return moved.fitness == found[0].fitness; }))
            still.push_back(coordinates[i].name);
    return still;
}

}  // namespace rondo
