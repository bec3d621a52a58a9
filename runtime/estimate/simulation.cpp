#include "runtime/estimate/simulation.h"

#include <cmath>

namespace rondo {

Simulation::Simulation(const FitProblem& problem, std::span<const double> z)
    : problem_(&problem),
      runs_(problem.conditions(), DormandPrince(problem.code(), problem.options().solver.control)),
      sums_(problem.conditions() * problem.observables()),
      counts_(sums_.size()),
      outputs_(problem.observables()) {
    for (std::size_t c = 0; c < runs_.size(); ++c)
        runs_[c].start(problem.inputs(c, z), problem.options().start);
}

void Simulation::advance() {
    const auto& times = problem_->data().times;
    const double time = times[index_];
    for (std::size_t c = 0; c < runs_.size() && !failed_; ++c) {
        DormandPrince& run = runs_[c];
        const bool there = time == run.time()                   ? true
                           : problem_->options().solver.restart ? run.restart_to(time)
                                                                : run.pass(time, times.back());
        failed_ = !there || !compare(c);
    }
    ++index_;
}

// False if what is observed is no number.
bool Simulation::compare(std::size_t c) {
    const DormandPrince& run = runs_[c];
    const double time = run.time();
    const std::size_t K = outputs_.size(), first = (c * problem_->times() + index_) * K;
    problem_->code().code().outputs(&time, run.state().data(), run.parameters().data(), outputs_.data());
    for (std::size_t k = 0; k < K; ++k) {
        const double measured = problem_->data().values[first + k];
        if (std::isnan(measured)) continue;
        const double deviation = std::abs(outputs_[k] - measured) / problem_->scale(first + k);
        if (!std::isfinite(deviation)) return false;
        sums_[c * K + k] += deviation;
        counts_[c * K + k] += 1;
        bound_ += problem_->weight(first + k) * deviation;
    }
    return true;
}

double Simulation::running() const {
    if (failed_) return std::numeric_limits<double>::infinity();
    if (index_ == problem_->times()) return bound_;
    const std::size_t K = outputs_.size();
    double total = 0;
    for (std::size_t c = 0; c < runs_.size(); ++c) {
        double sum = 0, measured = 0;
        for (std::size_t k = 0; k < K; ++k) {
            if (counts_[c * K + k] == 0) continue;
            sum += sums_[c * K + k] / counts_[c * K + k];
            measured += 1;
        }
        if (measured > 0) total += sum / measured;
    }
    return total / static_cast<double>(runs_.size());
}

long Simulation::calls() const {
    long sum = 0;
    for (const auto& run : runs_) sum += run.calls();
    return sum;
}

}  // namespace rondo
