// lane_group.cpp: lanes filled, stepped and emptied.
#include "runtime/ensemble/lane_group.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace rondo {

LaneRows::LaneRows(std::size_t rows, int lanes) : lanes_(static_cast<std::size_t>(lanes)) {
    const std::size_t bytes = (rows * lanes_ * sizeof(double) + 63) / 64 * 64;
    data_.reset(static_cast<double*>(std::aligned_alloc(64, std::max<std::size_t>(bytes, 64))));
    if (!data_) throw std::bad_alloc();
    std::fill(data_.get(), data_.get() + bytes / sizeof(double), 0.0);
}

// The last attempt of all lanes.
class LaneGroup::LaneStep final : public Step {
  public:
    explicit LaneStep(LaneGroup& group) : group_(group) {
        lanes = group.lanes_;
        model = &group.model_;
        t0 = group.control_.rows(StepRow::t_before, 1);
        t1 = group.control_.rows(StepRow::t, 1);
        y = group.y_.rows(0, group.model_.state_count());
        p = group.p_.rows(0, group.model_.parameter_count());
    }

    void interpolate(int lane, double t, std::span<double> out) const override {
        if (begins(lane)) {
            for (std::size_t i = 0; i < out.size(); ++i) out[i] = group_.y_.at(i, lane);
            return;
        }
        learn();
        const double x = part(lane, t);
        const std::size_t degree = group_.steps_.method().degree();
        for (std::size_t i = 0; i < out.size(); ++i) {
            double value = group_.dense_.at(degree * out.size() + i, lane);
            for (std::size_t d = degree; d-- > 0;)
                value = group_.dense_.at(d * out.size() + i, lane) + x * value;
            out[i] = value;
        }
    }

    // Horner's rule for eight times at once, which compilers make vectors of.
    void interpolate(int lane, std::span<const double> times, std::span<const std::uint32_t> states,
                     std::span<double> out) const override {
        if (begins(lane)) return Step::interpolate(lane, times, states, out);
        learn();
        constexpr std::size_t width = 8;
        const std::size_t n = group_.model_.state_count(), degree = group_.steps_.method().degree();
        for (std::size_t first = 0; first < times.size(); first += width) {
            const std::size_t count = std::min(width, times.size() - first);
            double x[width] = {}, value[width];
            for (std::size_t k = 0; k < count; ++k) x[k] = part(lane, times[first + k]);
            for (std::size_t i = 0; i < states.size(); ++i) {
                const double top = group_.dense_.at(degree * n + states[i], lane);
                for (double& v : value) v = top;
                for (std::size_t d = degree; d-- > 0;) {
                    const double coefficient = group_.dense_.at(d * n + states[i], lane);
                    for (std::size_t k = 0; k < width; ++k) value[k] = coefficient + x[k] * value[k];
                }
                std::copy_n(value, count, out.data() + i * times.size() + first);
            }
        }
    }

    void renew(LaneMask moved) {
        active = moved;
        known_ = false;
    }

  private:
    void learn() const {
        if (known_) return;
        group_.steps_.code().dense(group_.control_.data(), group_.p_.data(), group_.work_.data(),
                                   group_.dense_.data());
        known_ = true;
    }
    // Whether the run has made no step yet.
    bool begins(int lane) const { return group_.control_.at(StepRow::h_taken, lane) == 0; }
    // How far t is along the last step, in [0, 1].
    double part(int lane, double t) const {
        return (t - group_.control_.at(StepRow::t_before, lane)) / group_.control_.at(StepRow::h_taken, lane);
    }

    LaneGroup& group_;
    mutable bool known_ = false;  // the coefficients of the dense output
};

LaneGroup::LaneGroup(const CompiledModel& model, const CompiledSteps& steps, const IntegrateOptions& options,
                     bool switches, std::unique_ptr<LaneObserver> observer)
    : model_(model),
      steps_(steps),
      options_(options),
      switches_(switches),
      autonomous_(!reads_time(model.system())),
      lanes_(steps.lanes()),
      all_((LaneMask{1} << steps.lanes()) - 1),
      observer_(std::move(observer)),
      start_(model),
      control_(StepRow::count, lanes_),
      y_(model.state_count(), lanes_),
      p_(model.parameter_count(), lanes_),
      atol_(model.state_count(), lanes_),
      work_(steps.work_rows(), lanes_),
      dense_((steps.method().degree() + 1) * model.state_count(), lanes_),
      step_(std::make_unique<LaneStep>(*this)),
      runs_(static_cast<std::size_t>(lanes_)) {}

LaneGroup::~LaneGroup() = default;

void LaneGroup::begin(std::size_t run, std::span<const double> inputs, double t0, double t1) {
    const int lane = free_lane();
    runs_[static_cast<std::size_t>(lane)] = {run, attempts_};
    observer_->begin(lane, run);
    control_.set(StepRow::t, lane, t0);
    const auto trouble = start_.make(inputs, t0, t1, options_, steps_.method().order);
    if (trouble) {
        fail(lane, *trouble);
        return;
    }
    place(lane, t0, t1, start_);
    step_->renew(LaneMask{1} << lane);
    if (observer_->start(*step_) >> lane & 1) finish(lane, Outcome::Kind::stopped);
}

int LaneGroup::free_lane() const {
    return std::countr_zero(~(active_ | waiting_));
}

// Where a run begins or goes on.
void LaneGroup::place(int lane, double t, double end, const Start& start) {
    const Run& run = runs_[static_cast<std::size_t>(lane)];
    active_ |= LaneMask{1} << lane;
    next_limit_ = std::min(next_limit_, limit_of(run));
    p_.set_column(0, lane, start.p);
    y_.set_column(0, lane, start.y);
    atol_.set_column(0, lane, start.atol);
    if (!steps_.method().implicit()) work_.set_column(steps_.slope_row(), lane, start.slope);
    control_.set(StepRow::t, lane, t);
    control_.set(StepRow::t_before, lane, t);
    control_.set(StepRow::h_taken, lane, 0);
    control_.set(StepRow::h, lane, start.h);
    control_.set(StepRow::end, lane, end);
    control_.set(StepRow::rtol, lane, options_.rtol);
    control_.set(StepRow::growth, lane, largest_growth);
    control_.set(StepRow::stiff, lane, 0);
    control_.set(StepRow::quarter_root, lane, 1);
}

void LaneGroup::take_over(LaneGroup& other) {
    const int lane = free_lane(), there = std::countr_zero(other.waiting_);
    other.waiting_ &= ~(LaneMask{1} << there);
    const Run& run = other.runs_[static_cast<std::size_t>(there)];
    runs_[static_cast<std::size_t>(lane)] = {run.index, attempts_, 0, other.attempts_ - run.begun,
                                             other.outcome(there, Outcome::Kind::stopped)};
    const double t = other.control_.at(StepRow::t, there), end = other.control_.at(StepRow::end, there);
    other.p_.get_column(0, there, start_.p);
    other.y_.get_column(0, there, start_.y);
    other.atol_.get_column(0, there, start_.atol);
    start_.go_on(t, end, options_.rtol, steps_.method().order);
    place(lane, t, end, start_);
    observer_->take_over(lane, *other.observer_, there);
}

void LaneGroup::step() {
    const std::uint64_t said =
        steps_.code().step(control_.data(), y_.data(), p_.data(), atol_.data(), work_.data());
    ++attempts_;
    const LaneMask moved = said & active_, rejected = active_ & ~moved;
    step_->renew(moved);
    const LaneMask ended = said >> 16 & moved;
    const LaneMask stopped = observer_->step(*step_) & moved & ~ended;
    const LaneMask stiff = switches_ ? said >> 32 & moved & ~stopped & ~ended : 0;
    if ((stopped | ended | stiff) != 0) {
        for_each_lane(stopped, [&](int lane) { finish(lane, Outcome::Kind::stopped); });
        for_each_lane(ended, [&](int lane) { finish(lane, Outcome::Kind::finished); });
        hand_on(stiff);
    }
    if (rejected != 0) look_after(rejected);
    if (attempts_ >= next_limit_) check_limits();
}

// Lanes whose attempt failed: has h become too small for t to move?
void LaneGroup::look_after(LaneMask rejected) {
    for_each_lane(rejected, [&](int lane) {
        ++runs_[static_cast<std::size_t>(lane)].rejected;
        const double t = control_.at(StepRow::t, lane), h = control_.at(StepRow::h, lane);
        // Where time is in no equation, the state moves on even where t itself hardly does.
        const double least = autonomous_ ? std::numeric_limits<double>::min()
                                         : 4 * std::numeric_limits<double>::epsilon() * std::abs(t);
        if (h > least) return;
        if (switches_) {
            hand_on(LaneMask{1} << lane);
            return;
        }
        char text[80];
        std::snprintf(text, sizeof text, "the step size became too small (h = %.2g)", h);
        fail(lane, text);
    });
}

// To an implicit method.
void LaneGroup::hand_on(LaneMask lanes) {
    active_ &= ~lanes;
    waiting_ |= lanes;
}

// The group's count of attempts at which the run has had all that it may make.
std::uint64_t LaneGroup::limit_of(const Run& run) const {
    return run.begun + static_cast<std::uint64_t>(options_.max_steps) - run.attempts_before;
}

void LaneGroup::check_limits() {
    next_limit_ = std::numeric_limits<std::uint64_t>::max();
    for_each_lane(active_, [&](int lane) {
        const std::uint64_t last = limit_of(runs_[static_cast<std::size_t>(lane)]);
        if (attempts_ >= last) {
            fail(lane, "more than " + std::to_string(options_.max_steps) + " steps", true);
        } else {
            next_limit_ = std::min(next_limit_, last);
        }
    });
}

Outcome LaneGroup::outcome(int lane, Outcome::Kind kind) const {
    const Run& run = runs_[static_cast<std::size_t>(lane)];
    const StepMethod& method = steps_.method();
    const std::uint64_t attempts = attempts_ - run.begun, stages = method.stages.size();
    Outcome outcome;
    outcome.kind = kind;
    outcome.t = control_.at(StepRow::t, lane);
    outcome.steps = run.before.steps + attempts - run.rejected;
    outcome.rhs_calls = run.before.rhs_calls + attempts * stages;
    outcome.jacobian_calls = method.implicit() ? attempts : 0;
    return outcome;
}

void LaneGroup::finish(int lane, Outcome::Kind kind) {
    active_ &= ~(LaneMask{1} << lane);
    observer_->end(lane, runs_[static_cast<std::size_t>(lane)].index, outcome(lane, kind));
    on_end();
}

void LaneGroup::fail(int lane, std::string reason, bool out_of_steps) {
    active_ &= ~(LaneMask{1} << lane);
    Ending ending{runs_[static_cast<std::size_t>(lane)].index, lane, outcome(lane, Outcome::Kind::failed)};
    ending.outcome.reason = std::move(reason);
    ending.outcome.out_of_steps = out_of_steps;
    on_trouble(ending);
}

}  // namespace rondo
