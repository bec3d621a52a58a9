// fit_trials.cpp: what fits cost: medians over trials, of right-hand sides (million) and of CPU time, and of
// what it took to reach the published fitness of the full arm. With FILE.csv last, a row a trial goes there,
// for wall_clock.rondo to draw.
//   fit_trials MODEL METHOD RULE TRIALS [GENERATIONS [SOLVER [RTOL]]] [FILE.csv]
//   MODEL lv, gw, gwx   METHOD published, paper, default, descents, cma   RULE none, adaptive, repaired,
//   lossless   SOLVER dormand_prince, automatic, dop853, ...; left out, what studies take
// published and paper restart at each time; paper: AREX of variance 1 / parents, not adapted. One thread.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <map>
#include <string>

#include "runtime/estimate/evolution_strategy.h"
#include "runtime/estimate/fit.h"
#include "runtime/estimate/least_squares.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "runtime/table/quantile.h"
#include "tests/support/fits.h"

namespace rondo {
namespace {

struct Trial {
    double calls = 0, to_target = std::numeric_limits<double>::infinity(), stop = 1, fitness = 0;
};

void reach(Trial& trial, double target, double fitness, double calls) {
    if (fitness <= target) trial.to_target = std::min(trial.to_target, calls);
}

Trial genetic(const FitProblem& problem, const std::string& model, const std::string& method,
              const Termination& rule, std::size_t generations, std::uint64_t seed, double target) {
    GeneticOptions options;
    options.generations = generations;
    if (model == "gwx") {
        options.population = 100;
        options.parents = 5;
    }
    if (method != "published") {
        options.crossover.adapt = false;
        options.crossover.variance = 1 / static_cast<double>(options.parents);
    }
    options.elitist = method == "default";
    const auto fit = genetic_fit(problem, options, rule, Polish(), seed, Executor(1));
    Trial trial{static_cast<double>(fit.all.calls())};
    for (const auto& g : fit.evolved.history) reach(trial, target, g.best, static_cast<double>(g.calls));
    double calls = static_cast<double>(fit.evolved.history.back().calls);
    for (const auto& one : fit.polished) {  // one start after the other, each counted to its end
        calls += static_cast<double>(one.tally.calls());
        reach(trial, target, one.fitness, calls);
    }
    trial.stop = fit.all.mean_stop();
    trial.fitness = fit.fitness;
    return trial;
}

Trial strategy(const FitProblem& problem, const Termination& rule, std::uint64_t seed, double target) {
    const auto fit = strategy_fit(problem, {}, rule, seed, Executor(1));
    Trial trial{static_cast<double>(fit.tally.calls())};
    for (const auto& g : fit.history) reach(trial, target, g.best, static_cast<double>(g.calls));
    trial.stop = fit.tally.mean_stop();
    trial.fitness = fit.fitness;
    return trial;
}

Trial descents(const FitProblem& problem, std::uint64_t seed, double target) {
    Trial trial;
    trial.fitness = std::numeric_limits<double>::infinity();
    const Sensitivities model(problem);
    for (const auto& one : descend_from_many(model, 20, {}, seed, Executor(1))) {
        const auto end = evaluate(problem, one.z);
        trial.calls += static_cast<double>(one.calls + end.calls);
        trial.fitness = std::min(trial.fitness, end.fitness);
        reach(trial, target, trial.fitness, trial.calls);
    }
    return trial;
}

SolverOptions solver_of(const std::string& method, std::string name, double rtol) {
    SolverOptions solver;
    if (name.empty()) name = method == "default" || method == "cma" ? "automatic" : "dormand_prince";
    if (const auto ensemble = ensemble_method(name)) {
        solver.ensemble = {.method = *ensemble, .rtol = rtol, .max_steps = solver.control.max_attempts};
        return solver;
    }
    if (method == "published" || method == "paper") solver = test::restarting();
    solver.control.rtol = rtol;
    return solver;
}

void run(const std::string& model, const std::string& method, const std::string& rule, std::size_t trials,
         std::size_t generations, const SolverOptions& solver, const std::string& file) {
    using Clock = std::chrono::steady_clock;
    const auto made = test::published(model, solver);
    Termination termination;
    if (rule == "none") termination.kind = Termination::Kind::none;
    if (rule == "adaptive" || rule == "repaired") termination.kind = Termination::Kind::adaptive;
    termination.adaptive.floored = rule == "repaired";
    const double target = std::map<std::string, double>{{"lv", 0.0187}, {"gw", 0.0119}, {"gwx", 0.1}}[model];
    std::vector<double> calls, to_target, stops, fitness, seconds, wall_clock;
    for (std::uint64_t seed = 1; seed <= trials; ++seed) {
        const std::clock_t begin = std::clock();
        const auto wall_begin = Clock::now();
        const Trial trial = method == "cma"        ? strategy(made.problem, termination, seed, target)
                            : method == "descents" ? descents(made.problem, seed, target)
                                                   : genetic(made.problem, model, method, termination,
                                                             generations, seed, target);
        seconds.push_back(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
        wall_clock.push_back(std::chrono::duration<double>(Clock::now() - wall_begin).count());
        calls.push_back(trial.calls / 1e6);
        to_target.push_back(trial.to_target / 1e6);
        stops.push_back(trial.stop);
        fitness.push_back(trial.fitness);
    }
    const auto reached = std::ranges::count_if(to_target, [](double x) { return std::isfinite(x); });
    std::printf(
        "%s %s %s, %zu trials: calls %.2f M, mean stop %.3f, fitness %.3g, CPU %.3f s; target %g reached in "
        "%td after %.2f M\n",
        model.c_str(), method.c_str(), rule.c_str(), trials, quantile(calls, 0.5), quantile(stops, 0.5),
        quantile(fitness, 0.5), quantile(seconds, 0.5), target, reached, quantile(to_target, 0.5));
    if (file.empty()) return;
    Table rows;
    rows.set("calls", calls);
    rows.set("fitness", fitness);
    rows.set("cpu", seconds);
    rows.set("wall_clock", wall_clock);
    write_file(file, to_csv(rows));
}

}  // namespace
}  // namespace rondo

int main(int count, char** words) {
    const bool to_file = count > 1 && std::string_view(words[count - 1]).ends_with(".csv");
    const std::string file = to_file ? words[--count] : "";
    if (count < 5) {
        std::fprintf(stderr,
                     "fit_trials MODEL METHOD RULE TRIALS [GENERATIONS [SOLVER [RTOL]]] [FILE.csv]\n");
        return 2;
    }
    rondo::run(words[1], words[2], words[3], static_cast<std::size_t>(std::atoi(words[4])),
               count > 5 ? static_cast<std::size_t>(std::atoi(words[5])) : 100,
               rondo::solver_of(words[2], count > 6 ? words[6] : "", count > 7 ? std::atof(words[7]) : 1e-6),
               file);
}
