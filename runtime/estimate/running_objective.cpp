#include "runtime/estimate/running_objective.h"

namespace rondo {

RunningObjective::RunningObjective(const FitProblem& problem)
    : problem_(&problem), sums_(problem.conditions() * problem.observables()), counts_(sums_.size()) {}

// False if what is observed is no number.
bool RunningObjective::compare(std::size_t c, const double* values) {
    const std::size_t K = problem_->observables(), first = (c * problem_->times() + index_) * K;
    for (std::size_t k = 0; k < K; ++k) {
        const double measured = problem_->data().values[first + k];
        if (std::isnan(measured)) continue;
        const double deviation = std::abs(values[k] - measured) / problem_->scale(first + k);
        if (!std::isfinite(deviation)) return false;
        sums_[c * K + k] += deviation;
        counts_[c * K + k] += 1;
        bound_ += problem_->weight(first + k) * deviation;
    }
    return true;
}

double RunningObjective::running() const {
    if (failed_) return std::numeric_limits<double>::infinity();
    if (index_ == problem_->times()) return bound_;
    const std::size_t K = problem_->observables();
    double total = 0;
    for (std::size_t c = 0; c < problem_->conditions(); ++c)
        total += mean_deviation(std::span(sums_).subspan(c * K, K), std::span(counts_).subspan(c * K, K));
    return total / static_cast<double>(problem_->conditions());
}

double mean_deviation(std::span<const double> sums, std::span<const double> counts) {
    double sum = 0, measured = 0;
    for (std::size_t k = 0; k < sums.size(); ++k) {
        if (counts[k] == 0) continue;
        sum += sums[k] / counts[k];
        measured += 1;
    }
    return measured > 0 ? sum / measured : 0;
}

}  // namespace rondo
