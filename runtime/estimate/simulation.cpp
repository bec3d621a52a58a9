#include "runtime/estimate/simulation.h"

namespace rondo {

Simulation::Simulation(const FitProblem& problem, std::span<const double> z)
    : RunningObjective(problem),
      problem_(&problem),
      runs_(problem.conditions(), DormandPrince(problem.code(), problem.options().solver.control)),
      outputs_(problem.observables()) {
    for (std::size_t c = 0; c < runs_.size(); ++c)
        runs_[c].start(problem.inputs(c, z), problem.options().start);
}

void Simulation::advance() {
    take([this](std::size_t c) { return observe(c); });
}

// At the next time; null if the run fails on the way.
const double* Simulation::observe(std::size_t c) {
    const auto& times = problem_->data().times;
    const double time = times[index()];
    DormandPrince& run = runs_[c];
    const bool there = time == run.time()                   ? true
                       : problem_->options().solver.restart ? run.restart_to(time)
                                                            : run.pass(time, times.back());
    if (!there) return nullptr;
    problem_->code().code().outputs(&time, run.state().data(), run.parameters().data(), outputs_.data());
    return outputs_.data();
}

long Simulation::calls() const {
    long sum = 0;
    for (const auto& run : runs_) sum += run.calls();
    return sum;
}

}  // namespace rondo
