#include "runtime/estimate/race.h"

#include <algorithm>
#include <limits>

namespace rondo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Best first: all advance, each as long as it looks best.
class Race {
  public:
    Race(const FitProblem& problem, const std::vector<std::vector<double>>& points, const LosslessRule& rule,
         const Threshold& threshold)
        : rule_(rule), threshold_(threshold), stretch_(problem.times() / 10 + 1) {
        for (const auto& z : points) runs_.emplace_back(problem, z);
        for (std::size_t i = 0; i < runs_.size(); ++i) open_.push_back(i);
    }

    void run(const Executor& executor) {
        for (double limit = threshold_({}); !open_.empty();) {
            const std::size_t count = std::min(rule_.block, open_.size());
            const double other = best_to_front(count);
            executor.map("evaluating", count,
                         [&](int, std::size_t i) { advance(runs_[open_[i]], limit, other); });
            limit = close(count, limit);
        }
    }

    const Simulation& simulation(std::size_t i) const { return runs_[i]; }

  private:
    // The best bound of those behind.
    double best_to_front(std::size_t count) {
        const auto order = [&](std::size_t i) { return std::pair(runs_[i].bound(), i); };
        const auto last = open_.begin() + static_cast<std::ptrdiff_t>(std::min(count + 1, open_.size()));
        std::ranges::partial_sort(open_, last, {}, order);
        return count < open_.size() ? runs_[open_[count]].bound() : infinity;
    }
    void advance(Simulation& run, double limit, double other) const {
        // Side by side they go on for a while at least, so that handing out the work costs little beside it.
        const std::size_t least = run.index() + (rule_.block > 1 ? stretch_ : 1);
        do {
            run.advance();
        } while (!run.finished() && run.bound() <= limit && (run.index() < least || run.bound() <= other));
    }
    // Takes out those that have finished, and then those that are no longer of interest; the new limit.
    double close(std::size_t count, double limit) {
        const std::size_t before = finished_.size();
        for (std::size_t i = 0; i < count; ++i)
            if (runs_[open_[i]].finished()) finished_.push_back(runs_[open_[i]].bound());
        if (finished_.size() > before) {
            limit = threshold_(finished_);
            std::erase_if(open_, [&](std::size_t i) { return runs_[i].finished(); });
        }
        std::erase_if(open_, [&](std::size_t i) { return runs_[i].bound() > limit; });
        return limit;
    }

    const LosslessRule& rule_;
    const Threshold& threshold_;
    const std::size_t stretch_;
    std::vector<Simulation> runs_;
    std::vector<std::size_t> open_;
    std::vector<double> finished_;
};

std::vector<Evaluated> race_by_index(const FitProblem& problem,
                                     const std::vector<std::vector<double>>& points, std::size_t block,
                                     const Threshold& threshold, const Executor& executor) {
    std::vector<Evaluated> result;
    std::vector<double> finished;
    while (result.size() < points.size()) {
        const auto first = points.begin() + static_cast<std::ptrdiff_t>(result.size());
        const auto count = static_cast<std::ptrdiff_t>(std::min(block, points.size() - result.size()));
        StopRule rule;
        rule.limit = threshold(finished);
        for (auto& point : evaluate_all(problem, {first, first + count}, executor, rule)) {
            if (!point.stopped) finished.push_back(point.fitness);
            result.push_back(std::move(point));
        }
    }
    return result;
}

}  // namespace

double kth_smallest(std::vector<double> values, std::size_t k) {
    if (values.size() < k || k == 0) return infinity;
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(k - 1));
    return values[k - 1];
}

LosslessRule settled(LosslessRule rule, bool pausable) {
    using Order = LosslessRule::Order;
    if (rule.order == Order::automatic) rule.order = pausable ? Order::best_first : Order::by_index;
    if (rule.order == Order::best_first && !pausable)
        throw Error(
            Fault::input,
            "\"best_first\" pauses runs, which the solver \"dormand_prince\" alone can; leave the order "
            "out, or ask for \"sequential\"");
    if (rule.block == 0) rule.block = pausable ? 1 : 8;
    return rule;
}

std::vector<Evaluated> race(const FitProblem& problem, const std::vector<std::vector<double>>& points,
                            const LosslessRule& given, const Threshold& threshold, const Executor& executor) {
    const LosslessRule rule = settled(given, !problem.ensemble());
    if (rule.order == LosslessRule::Order::by_index)
        return race_by_index(problem, points, rule.block, threshold, executor);
    Race runs(problem, points, rule, threshold);
    runs.run(executor);
    std::vector<Evaluated> result;
    for (std::size_t i = 0; i < points.size(); ++i) result.push_back(outcome(runs.simulation(i), points[i]));
    return result;
}

}  // namespace rondo
