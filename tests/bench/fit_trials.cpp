// fit_trials.cpp: what a fit costs: MODEL restart|continuous none|adaptive|repaired|lossless [TRIALS [BLOCK
// [standard|wide|narrow]]].
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "runtime/estimate/fit.h"
#include "tests/runtime/estimate/problems.h"

using namespace rondo;

int main(int count, char** words) {
    const std::string model = words[1], solver = words[2], rule = words[3];
    const int trials = count > 4 ? std::atoi(words[4]) : 10;
    const test::Published made =
        test::published(model, solver == "restart" ? test::restarting() : SolverOptions());
    GeneticOptions genetic;
    if (model == "gwx") {
        genetic.population = 100;
        genetic.parents = 5;
    }
    Termination termination;
    termination.kind = rule == "none"       ? Termination::Kind::none
                       : rule == "lossless" ? Termination::Kind::lossless
                                            : Termination::Kind::adaptive;
    termination.adaptive.floored = rule == "repaired";
    if (count > 5) {
        termination.lossless.block = std::size_t(std::abs(std::atoi(words[5])));
        if (words[5][0] == '-') termination.lossless.order = LosslessRule::Order::by_index;
    }
    const std::string variant = count > 6 ? words[6] : "standard";
    if (variant.find("paper") != variant.npos) {
        genetic.crossover.adapt = false;
        genetic.crossover.variance = 1.0 / double(genetic.parents);
    }
    if (variant.find("elitist") != variant.npos) genetic.elitist = true;
    const Executor executor(std::getenv("JOBS") ? std::atoi(std::getenv("JOBS")) : 2);
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    std::vector<double> totals, ga, rho, fitness, gaf;
    const double begin = now();
    for (int trial = 0; trial < trials; ++trial) {
        const GeneticFit fit =
            genetic_fit(made.problem, genetic, termination, Polish{}, 1 + std::uint64_t(trial), executor);
        totals.push_back(double(fit.all.calls()) / 1e6);
        ga.push_back(double(fit.evolved.initial.calls() + fit.evolved.offspring.calls()) / 1e6);
        rho.push_back(fit.all.mean_stop());
        fitness.push_back(fit.fitness);
        gaf.push_back(fit.evolved.history.back().best);
    }
    std::printf("%s %s %s %s: total %.2f M (GA %.2f), rho %.3f, fitness %.3g (GA %.3g), %.3f s a trial\n",
                model.c_str(), solver.c_str(), rule.c_str(), variant.c_str(), quantile(totals, .5),
                quantile(ga, .5), quantile(rho, .5), quantile(fitness, .5), quantile(gaf, .5),
                (now() - begin) / trials);
}
