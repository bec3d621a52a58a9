// march.cpp: a run from start to end, step by step and jump by jump.
#include <cfloat>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "runtime/integrate/memory.h"
#include "runtime/integrate/project.h"

namespace rondo {
namespace {

Outcome failed(double t, std::string reason) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::failed;
    outcome.t = t;
    outcome.reason = std::move(reason);
    return outcome;
}

Outcome ended(Outcome::Kind kind, double t) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.t = t;
    return outcome;
}

// CVODE makes no step between times that hardly differ.
bool too_close(double t, double stop) {
    return std::isfinite(stop) && stop - t <= 100 * DBL_EPSILON * std::max(std::abs(t), std::abs(stop));
}

}  // namespace

// Ends the step at t1.
void Integrator::Memory::cut(CvodeStep& step, double t1) {
    step.interpolate(0, t1, last_);
    step.y = last_;
    step.end = t1;
}

// ---- what jumps ----

// From p and state() as initialised to what the run starts with. False if the constraints cannot be met.
bool Integrator::Memory::begin_run(double t0) {
    history_.start(at(t0), inputs_);
    if (modes_.any()) modes_.start(at(t0));
    if (!project(model, at(t0))) return false;
    events_.start();
    begin_jump(t0, false);
    settle(t0, false);
    jump_.reset();
    return true;
}

// S at t, within the last step.
void Integrator::Memory::read_slopes(double t) {
    for (std::size_t k = 0; k < slopes.count; ++k)
        CVodeGetSensDky1(cvode_.get(), t, 0, static_cast<int>(k), slope_handles_[k]);
}

// What follows the jump, if anything does.
void Integrator::Memory::begin_jump(double t, bool crossing) {
    if (has_slopes())
        jump_.emplace(*slope_code_, at(t), slopes, crossing);
    else if (way_back_ && (events_.any() || modes_.any()))
        jump_.emplace(*slope_code_, at(t), way_back_->directions(), crossing);
}

// Over the jump at t, where state() is what it is before.
void Integrator::Memory::cross(double t) {
    if (has_slopes()) read_slopes(t);
    begin_jump(t, true);
    take_changes(t);
    settle(t, true);
    if (jump_) jump_->finish(at(t));
    jump_.reset();
}

// Modes and events at t, until nothing more happens there.
void Integrator::Memory::settle(double t, bool crossing) {
    const auto refresh = [&](bool smoothly) {
        history_.look_up(at(t));
        return modes_.any() && modes_.update(at(t), smoothly);
    };
    const auto changed = [&] {
        if (!project(model, at(t)))
            throw std::runtime_error("the algebraic rules cannot be met after an event");
        refresh(false);
    };
    const bool met = refresh(crossing);
    events_.settle(at(t), changed, jump_ ? &*jump_ : nullptr);
    if (met) {
        refresh(false);
        events_.settle(at(t), changed, jump_ ? &*jump_ : nullptr);
    }
}

void Integrator::Memory::take_changes(double t) {
    for (; !changes_.empty() && changes_.front().t <= t; changes_ = changes_.subspan(1))
        changes_.front().apply(t, state(), p);
}

double Integrator::Memory::next_change() const {
    return changes_.empty() ? std::numeric_limits<double>::infinity() : changes_.front().t;
}

double Integrator::Memory::next_stop(double t) const {
    return std::min({next_change(), events_.next(), history_.next_echo(t)});
}

void Integrator::Memory::remember(const CvodeStep& step, double reached) {
    if (!history_.any()) return;
    int order = 0;
    CVodeGetLastOrder(cvode_.get(), &order);
    history_.add(step.begin, step.end, reached, order, p, [&](int k, double* out) {
        if (n == 0) return;
        N_VSetArrayPointer(out, handle_.get());
        CVodeGetDky(cvode_.get(), reached, k, handle_.get());
    });
}

int Integrator::Memory::advance(double hint, double& reached) {
    if (way_back_) return way_back_->advance(hint, y_.get(), reached);
    return CVode(cvode_.get(), hint, y_.get(), &reached, CV_ONE_STEP);
}

Outcome Integrator::Memory::march(CvodeStep& step, double t1, const IntegrateOptions& options,
                                  Observer& observer) {
    constexpr double longest = 1e200;  // CVODE itself does not come back where a step overflows
    int idle = 0;
    long since_jump = 0, taken = 0;
    for (; taken < 10 * options.max_steps && since_jump < options.max_steps; ++taken) {
        ++since_jump;
        step.stay();
        const double stop = next_stop(step.end);
        if (std::isfinite(stop)) CVodeSetStopTime(cvode_.get(), stop);
        // For a first step alone; not t1, on which steps must not depend.
        const double hint = step.end + std::max(1.0, std::abs(step.end));
        double reached = stop;
        const bool at_once = too_close(step.end, stop);
        if (at_once) {
            step.end = stop;
            step.stay();
        } else if (const int flag = advance(hint, reached); flag < 0) {
            double h = 0;
            CVodeGetCurrentStep(cvode_.get(), &h);
            return failed(step.end, reason(flag, h));
        }
        if (!(std::abs(reached) < longest)) return failed(step.end, "the time grew beyond all bounds");
        step.end = reached;
        if (reached > t1) cut(step, t1);
        const auto change = modes_.first_change(step, step.end);
        if (change && *change < step.end) cut(step, *change);
        remember(step, reached);
        const bool is_echo = !change && step.end < std::min(next_change(), events_.next());
        step.jumps = change || step.end == stop;
        idle = reached == step.begin && !at_once ? idle + 1 : 0;
        if (idle == 0) not_finite_.reset();
        if (idle > 0 && stuck(idle, reached)) return failed(step.end, stuck_reason());
        bool stop_asked = observer.step(step);
        if (step.jumps && !stop_asked) {
            std::copy(step.y.begin(), step.y.end(), state().begin());
            cross(step.end);
            if (!is_echo) history_.remember_jump(at(step.end));
            restart(step.end);
            since_jump = 0;
            step.stay();
            step.jumps = false;
            stop_asked = observer.step(step);
        }
        if (step.end >= t1) return ended(Outcome::Kind::finished, t1);
        if (stop_asked) return ended(Outcome::Kind::stopped, step.end);
    }
    Outcome outcome = failed(step.end, "step limit of " + std::to_string(taken) + " reached");
    outcome.out_of_steps = true;
    return outcome;
}

Outcome Integrator::Memory::run(std::span<const double> inputs, double t0, double t1,
                                const IntegrateOptions& options, std::span<const Intervention> changes,
                                Observer& observer) {
    const auto y = state();
    if (const auto bad = first_not_finite(y.data(), n))
        return failed(
            t0, "the initial value of '" + model.system().states[*bad] + "' is not finite (inf or nan)");
    changes_ = changes;
    if (way_back_) way_back_->forget();
    inputs_.assign(inputs.begin(), inputs.end());
    try {
        take_changes(t0);
        if (!begin_run(t0))
            return failed(t0, "the algebraic rules and fast reactions have no solution at the start");
        prepare(t0, options);
        CvodeStep step(model, cvode_.get(), handle_.get(), history_, t0, y, p, slopes);
        if (observer.start(step)) return ended(Outcome::Kind::stopped, t0);
        Outcome outcome = march(step, t1, options, observer);
        count();
        outcome.steps = static_cast<std::uint64_t>(steps_);
        outcome.rhs_calls = static_cast<std::uint64_t>(rhs_calls_);
        outcome.jacobian_calls = static_cast<std::uint64_t>(jacobian_calls_);
        return outcome;
    } catch (const std::runtime_error& error) {  // of events, at the time that was reached
        return failed(t0, error.what());
    }
}

}  // namespace rondo
