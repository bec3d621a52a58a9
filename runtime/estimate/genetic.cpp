#include "runtime/estimate/genetic.h"

#include <algorithm>
#include <cmath>

#include "runtime/estimate/fingerprint.h"
#include "runtime/table/quantile.h"

namespace rondo {
namespace {

using Points = std::vector<std::vector<double>>;

void check(const GeneticOptions& options) {
    const auto fail = [](const std::string& message) { throw Error(Fault::input, message); };
    if (options.parents < 2) fail("the genetic method needs at least 2 parents");
    if (options.population < options.parents) fail("the population must hold the parents");
    if (options.offspring < 1) fail("the genetic method needs at least 1 offspring");
}

class Evolution {
  public:
    Evolution(const FitProblem& problem, const GeneticOptions& options, const Termination& termination,
              std::uint64_t seed, const Executor& executor, const RowKeeper& keeper)
        : problem_(problem),
          options_(options),
          termination_(termination),
          seed_(seed),
          executor_(executor),
          keeper_(keeper),
          crossover_(options.crossover, options.parents, options.offspring, problem.space()),
          result_{{}, {}, Tally(problem), Tally(problem)} {}

    Evolved run(Progress* progress) {
        begin();
        for (std::size_t g = 1; g <= options_.generations; ++g) {
            executor_.throw_if_stopping();
            generation(g);
            if (progress) progress->advance(g);
        }
        return std::move(result_);
    }

  private:
    void begin() {
        Random random(seed_, "fit genetic", 0);
        Points points(options_.population);
        for (auto& z : points) z = problem_.space().random(random);
        result_.population = kept_or(keeper_, points, [&] { return evaluate_all(points); });
        for (const auto& point : result_.population) result_.initial.add(point);
        if (std::ranges::none_of(result_.population, &Evaluated::valid))
            throw Error(Fault::numerics,
                        "no point of the initial population can be simulated to the end of the data; "
                        "narrow the box of free parameters");
        note(0);
    }

    void generation(std::size_t g) {
        Random random(seed_, "fit genetic", g);
        const auto parents = choose(random);
        Points chosen;
        std::vector<double> at_stake;  // objectives of parents that compete
        for (const std::size_t i : parents) {
            chosen.push_back(result_.population[i].z);
            if (options_.elitist) at_stake.push_back(result_.population[i].fitness);
        }
        const auto children = crossover_.cross(chosen, random);
        std::vector<Evaluated> offspring = kept_or(keeper_, children.points, [&] {
            return termination_.kind == Termination::Kind::lossless ? race_for(children.points, at_stake)
                                                                    : evaluate_all(children.points);
        });
        for (const auto& point : offspring) result_.offspring.add(point);
        std::vector<std::size_t> best;  // valid offspring in order
        for (std::size_t i = 0; i < offspring.size(); ++i)
            if (offspring[i].valid()) best.push_back(i);
        std::ranges::stable_sort(best, {}, [&](std::size_t i) { return offspring[i].fitness; });
        adapt(children.weights, best);
        const std::size_t valid = best.size();
        replace(parents, best, offspring);
        note(valid);
    }

    // Distinct members, best first.
    std::vector<std::size_t> choose(Random& random) const {
        std::vector<std::size_t> members(options_.population);
        for (std::size_t i = 0; i < members.size(); ++i) members[i] = i;
        for (std::size_t i = 0; i < options_.parents; ++i)
            std::swap(members[i], members[i + random.below(members.size() - i)]);
        members.resize(options_.parents);
        std::ranges::sort(members, {},
                          [&](std::size_t i) { return std::pair(result_.population[i].fitness, i); });
        return members;
    }

    std::vector<Evaluated> evaluate_all(const Points& points) const {
        const std::size_t grace = grace_times(termination_.adaptive, problem_.times());
        return rondo::evaluate_all(problem_, points, executor_, {boundary_, grace});
    }

    // Stopped are those that can neither survive nor guide the adaptation.
    std::vector<Evaluated> race_for(const Points& points, const std::vector<double>& at_stake) const {
        const auto threshold = [&](const std::vector<double>& finished) {
            std::vector<double> pool = finished;
            pool.insert(pool.end(), at_stake.begin(), at_stake.end());
            const double survives = kth_smallest(std::move(pool), options_.parents);
            return crossover_.ranked() ? std::max(survives, kth_smallest(finished, crossover_.ranked()))
                                       : survives;
        };
        return race(problem_, points, termination_.lossless, threshold, executor_);
    }

    void adapt(const Points& weights, const std::vector<std::size_t>& best) {
        if (crossover_.ranked() == 0 || best.size() < crossover_.ranked()) return;
        Points of_best;
        for (std::size_t i = 0; i < crossover_.ranked(); ++i) of_best.push_back(weights[best[i]]);
        crossover_.adapt(of_best);
    }

    // The r best offspring take the places of the r worst parents; elitist: only those that are better.
    void replace(const std::vector<std::size_t>& parents, const std::vector<std::size_t>& best,
                 std::vector<Evaluated>& offspring) {
        const std::size_t r = std::min(parents.size(), best.size());
        for (std::size_t i = 0; i < r; ++i) {
            Evaluated& parent = result_.population[parents[parents.size() - 1 - i]];
            if (options_.elitist && parent.fitness <= offspring[best[i]].fitness) break;
            parent = std::move(offspring[best[i]]);
        }
    }

    void note(std::size_t valid) {
        Generation now;
        std::vector<double> fitness;
        Fingerprint seen;
        for (const auto& member : result_.population) {
            fitness.push_back(member.fitness);
            seen.add(member.fitness);
            for (const double z : member.z) seen.add(z);
        }
        seen.add(crossover_.expansion());
        now.best = std::ranges::min(fitness);
        now.median = quantile(fitness, 0.5);
        now.expansion = crossover_.expansion();
        now.valid = valid;
        now.calls = result_.initial.calls() + result_.offspring.calls();
        now.hash = seen.value();
        if (termination_.kind == Termination::Kind::adaptive) {
            Points running;
            for (const auto& member : result_.population) running.push_back(member.running);
            now.quantiles = quantiles(running, termination_.adaptive.quantile);
            now.boundary = boundary_ = boundary(termination_.adaptive, now.quantiles, problem_.data().times);
        }
        result_.history.push_back(std::move(now));
    }

    const FitProblem& problem_;
    const GeneticOptions& options_;
    const Termination& termination_;
    const std::uint64_t seed_;
    const Executor& executor_;
    const RowKeeper& keeper_;
    Crossover crossover_;
    std::vector<double> boundary_;
    Evolved result_;
};

}  // namespace

Evolved evolve(const FitProblem& problem, const GeneticOptions& options, const Termination& termination,
               std::uint64_t seed, const Executor& executor, const RowKeeper& keeper) {
    check(options);
    const Executor quiet = executor.quiet();
    const ProgressMark mark(executor.progress(), "fitting", options.generations);
    return Evolution(problem, options, termination, seed, quiet, keeper).run(executor.progress());
}

}  // namespace rondo
