#include "runtime/estimate/lane_runs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <memory>

#include "runtime/ensemble/record.h"

namespace rondo {
namespace {

// A sum of so many numbers, none negative, is known to so much whatever their order.
double rounding(std::size_t terms) {
    return static_cast<double>(terms) * 2 * std::numeric_limits<double>::epsilon();
}

// One point under way.
class Trial {
  public:
    Trial(const FitProblem& problem, const StopRule& rule, std::size_t point)
        : problem_(problem),
          rule_(rule),
          point_(point),
          until_(problem.times()),
          outputs_(problem.conditions() * problem.observables() * problem.times()),
          parts_(problem.conditions()),
          earlier_(rule.boundary.size()) {
        for (Part& part : parts_) {
            part.sums.resize(problem.observables());
            part.counts.resize(problem.observables());
            part.means.resize(rule.boundary.size());
        }
    }

    std::size_t point() const { return point_; }
    // Where a run's values go. [times]
    double* place(std::size_t c, std::size_t k) {
        return outputs_.data() + (c * problem_.observables() + k) * problem_.times();
    }

    // Times [first, last) of condition c have been read. True: its run need not go on.
    bool judge(std::size_t c, std::size_t first, std::size_t last) {
        Part& part = parts_[c];
        if (first == 0) begin(c);
        for (std::size_t j = first; j < last && j < part.until && !left_; ++j) {
            add(c, j);
            part.reached = j + 1;
        }
        return left_ || last >= part.until;
    }

    void end(std::size_t c, const Outcome& outcome) {
        Part& part = parts_[c];
        ++ended_;
        calls_ += static_cast<long>(outcome.rhs_calls);
        if (outcome.kind == Outcome::Kind::failed) find_failure(c);
        certain_ += part.share;
        if (part.cut && stops(rule_)) until_ = std::min(until_, part.until);
        const double mean = mean_deviation(part.sums, part.counts);  // behind the last value
        for (std::size_t j = 0; j < earlier_.size(); ++j)
            earlier_[j] += j < part.reached ? part.means[j] : mean;
    }
    bool over() const { return left_ || ended_ == parts_.size(); }

    Evaluated result(std::vector<double> z) {
        if (left_) {
            const std::size_t C = parts_.size(), c = ended_ - 1;
            return {.z = std::move(z),
                    .stopped = !failed_,
                    .failed = failed_,
                    .stop = (c * problem_.times() + parts_[c].reached + C - 1) / C,
                    .calls = calls_};
        }
        RunningObjective score(problem_);
        std::vector<double> now(problem_.observables());
        const auto observe = [&](std::size_t c) {
            for (std::size_t k = 0; k < now.size(); ++k) now[k] = place(c, k)[score.index()];
            return now.data();
        };
        Evaluated evaluated = follow(
            score, [&] { score.take(observe); }, rule_);
        evaluated.z = std::move(z);
        evaluated.calls = calls_;
        return evaluated;
    }

    static bool stops(const StopRule& rule) { return rule.limit || !rule.boundary.empty(); }

  private:
    // One condition's run, from where it last began.
    struct Part {
        std::vector<double> sums, counts;    // [observables] of the deviations
        std::vector<double> means;           // [times] of the deviations by then; beside a boundary alone
        double share = 0;                    // of S
        std::size_t reached = 0, until = 0;  // times passed, and that matter
        bool cut = false;                    // whether none behind them matters under any condition
    };

    void begin(std::size_t c) {
        Part& part = parts_[c];
        std::ranges::fill(part.sums, 0);
        std::ranges::fill(part.counts, 0);
        part.share = 0;
        part.reached = 0;
        part.until = std::min(until_, problem_.times_of(c));
        part.cut = false;
    }

    void add(std::size_t c, std::size_t j) {
        Part& part = parts_[c];
        const std::size_t K = problem_.observables(), first = (c * problem_.times() + j) * K;
        for (std::size_t k = 0; k < K; ++k) {
            const double measured = problem_.data().values[first + k];
            if (std::isnan(measured)) continue;
            const double deviation = std::abs(place(c, k)[j] - measured) / problem_.scale(first + k);
            if (!std::isfinite(deviation)) return fail(part, j);
            part.sums[k] += deviation;
            part.counts[k] += 1;
            part.share += problem_.weight(first + k) * deviation;
        }
        if (rule_.limit) {
            left_ = certain_ + part.share > *rule_.limit * (1 + rounding(outputs_.size()));
        } else if (!earlier_.empty()) {
            part.means[j] = mean_deviation(part.sums, part.counts);
            const double least = (earlier_[j] + part.means[j]) / static_cast<double>(parts_.size());
            if (j + 1 > rule_.grace && j + 1 < problem_.times() && least > rule_.boundary[j]) cut(part, j);
        }
    }
    void cut(Part& part, std::size_t j) {
        part.until = j + 1;
        part.cut = true;
    }
    // At time j, and for good.
    void fail(Part& part, std::size_t j) {
        cut(part, j);
        failed_ = left_ = rule_.limit.has_value();
    }
    void find_failure(std::size_t c) {
        Part& part = parts_[c];
        const std::size_t T = problem_.times_of(c), K = problem_.observables();
        for (std::size_t j = 0; j < T; ++j)
            for (std::size_t k = 0; k < K; ++k) {
                if (std::isnan(problem_.data().value(c, j, k)) || std::isfinite(place(c, k)[j])) continue;
                part.reached = j;
                return fail(part, j);
            }
    }

    const FitProblem& problem_;
    const StopRule& rule_;
    const std::size_t point_;
    std::size_t until_;            // times that matter to conditions that follow
    std::vector<double> outputs_;  // [conditions][observables][times]
    std::vector<Part> parts_;      // [conditions]
    std::vector<double> earlier_;  // [times] sums of the means of conditions that have ended
    double certain_ = 0;           // of S, by those
    std::size_t ended_ = 0;
    long calls_ = 0;
    bool left_ = false, failed_ = false;  // by or under a limit
};

// Hands out the runs of a worker's points.
class RunFeed final : public Feed {
  public:
    RunFeed(const FitProblem& problem, const StopRule& rule, Feed& points)
        : problem_(problem), rule_(rule), points_(points) {}

    std::optional<std::size_t> next() override {
        if (ready_.empty() && !open()) return std::nullopt;
        const std::size_t run = ready_.front();
        ready_.pop_front();
        return run;
    }
    void done() override {}  // points are
    bool stopping() const override { return points_.stopping(); }

    // Of a run.
    Trial& trial(std::size_t run) { return *trials_[run / problem_.conditions()]; }
    std::size_t condition(std::size_t run) const { return run % problem_.conditions(); }

    // A run is over. The trial, if it is so too.
    std::unique_ptr<Trial> end(std::size_t run, const Outcome& outcome) {
        Trial& now = trial(run);
        now.end(condition(run), outcome);
        if (!now.over()) {
            if (Trial::stops(rule_)) ready_.push_back(run + 1);
            return nullptr;
        }
        points_.done();
        free_.push_back(run / problem_.conditions());
        return std::move(trials_[free_.back()]);
    }

  private:
    bool open() {
        const auto point = points_.next();
        if (!point) return false;
        if (free_.empty()) {
            free_.push_back(trials_.size());
            trials_.emplace_back();
        }
        const std::size_t slot = free_.back(), first = slot * problem_.conditions();
        free_.pop_back();
        trials_[slot] = std::make_unique<Trial>(problem_, rule_, *point);
        const std::size_t count = Trial::stops(rule_) ? 1 : problem_.conditions();
        for (std::size_t c = 0; c < count; ++c) ready_.push_back(first + c);
        return true;
    }

    const FitProblem& problem_;
    const StopRule& rule_;
    Feed& points_;
    std::vector<std::unique_ptr<Trial>> trials_;  // by slot; a run is slot * conditions + condition
    std::vector<std::size_t> free_;               // slots
    std::deque<std::size_t> ready_;               // runs
};

}  // namespace

void evaluate_in_lanes(const FitProblem& problem, const std::vector<std::vector<double>>& points,
                       const StopRule& rule, Feed& numbers,
                       const std::function<void(std::size_t point, Evaluated evaluated)>& take) {
    RunFeed runs(problem, rule, numbers);
    const auto& times = problem.data().times;
    std::vector<double> inputs;
    Ensemble::Task task;
    task.t0 = problem.options().start;
    // Nothing happens after a start that is the last time; no integrator likes an end there.
    task.t1 = times.back() > task.t0 ? times.back() : std::numeric_limits<double>::infinity();
    task.inputs = [&](std::size_t run) -> std::span<const double> {
        inputs = problem.inputs(runs.condition(run), points[runs.trial(run).point()]);
        return inputs;
    };
    task.observe = [&](int lanes) {
        return std::make_unique<LaneRecorder>(
            problem.code(), times, lanes,
            [&](std::size_t run, std::size_t k) { return runs.trial(run).place(runs.condition(run), k); },
            [&](std::size_t run, const Outcome& outcome) {
                const auto trial = runs.end(run, outcome);
                if (trial) take(trial->point(), trial->result(points[trial->point()]));
            },
            [&](std::size_t run, std::size_t first, std::size_t last) {
                return runs.trial(run).judge(runs.condition(run), first, last);
            });
    };
    problem.ensemble()->serve(runs, task);
}

}  // namespace rondo
