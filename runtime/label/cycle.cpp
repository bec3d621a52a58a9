#include "runtime/label/cycle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace rondo {
namespace {

constexpr long rest_interval = 10;  // steps between looks for a fixed point; doubled after each in vain
constexpr long still_steps = 100;
constexpr int damped_swings = 4;           // two cycles at least of what is called damped
constexpr double noise = 10;               // scatter of a period, in units of rtol
constexpr int turns_without_crossing = 8;  // a quantity: then the section has been left
constexpr double linear_gap = 0.02;        // how closely a fading rhythm has to follow the eigenvalues of its
constexpr double linear_rate = 0.1;        // fixed point: period and decay rate, relative

// The lane's column of an array [count][lanes].
void gather(std::span<const double> all, int lanes, int lane, std::vector<double>& out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = all[i * static_cast<std::size_t>(lanes) + static_cast<std::size_t>(lane)];
}

void widen(Range& range, double value) {
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
}

std::vector<Range> points(std::span<const double> values) {
    std::vector<Range> ranges;
    for (double value : values) ranges.push_back({value, value});
    return ranges;
}

}  // namespace

CycleTrack::CycleTrack(const CompiledModel& model, const RestFinder& rests, const CycleOptions& options)
    : model_(model),
      rests_(rests),
      options_(options),
      p_(model.parameter_count()),
      y_(model.state_count()),
      outputs_(model.output_count()),
      signals_(options.min_swing) {}

void CycleTrack::read(const Step& step, int lane) {
    t_ = step.t1[static_cast<std::size_t>(lane)];
    gather(step.y, step.lanes, lane, y_);
    for (std::size_t i = 0; i < y_.size(); ++i) y_largest_[i] = std::max(y_largest_[i], std::abs(y_[i]));
    model_.code().outputs(&t_, y_.data(), p_.data(), outputs_.data());
}

void CycleTrack::start(const Step& step, int lane) {
    gather(step.p, step.lanes, lane, p_);
    y_largest_.assign(y_.size(), 0);
    read(step, lane);
    label_ = {};
    t0_ = t_;
    y_before_ = y_mean_ = y_;
    signals_.start(t_, outputs_);
    section_.reset();
    y_sum_.assign(y_.size(), 0);
    sum_time_ = 0;
    steps_ = 0;
    next_rest_ = rest_pause_ = rest_interval;
    y_looked_ = y_;
    still_ = {t_, 0, points(outputs_)};
}

bool CycleTrack::step(const Step& step, int lane) {
    if (step.t0[static_cast<std::size_t>(lane)] == step.t1[static_cast<std::size_t>(lane)])
        gather(step.p, step.lanes, lane, p_);  // a jump is over
    std::swap(y_, y_before_);
    read(step, lane);
    ++steps_;
    for (double value : outputs_)
        if (!std::isfinite(value)) return decide(Rhythm::failed, "an observed quantity is not finite");
    signals_.add(t_, outputs_);
    const double h = t_ - step.t0[static_cast<std::size_t>(lane)];
    for (std::size_t i = 0; i < y_.size(); ++i) y_sum_[i] += h / 2 * (y_[i] + y_before_[i]);
    sum_time_ += h;

    if (section_ && signals_.crossed(*section_)) {
        add_return(crossing(step, lane));
        if (decide_by_cycle() || decide_by_decay()) return true;
    } else if (!section_ ||
               signals_.turns_since_taken() > turns_without_crossing * static_cast<int>(outputs_.size())) {
        if (const auto section = signals_.section_by_turns()) use(*section);
    }
    if (decide_by_rest() || decide_by_stillness()) return true;
    if (options_.horizon > 0 && t_ - t0_ >= options_.horizon)
        return decide(Rhythm::undecided, "no answer within the horizon");
    return false;
}

// Where the section's quantity rises through its level, within this step: regula falsi (Illinois).
double CycleTrack::crossing(const Step& step, int lane) {
    std::vector<double> y(y_.size()), values(outputs_.size());
    const auto height = [&](double t) {
        step.interpolate(lane, t, y);
        model_.code().outputs(&t, y.data(), p_.data(), values.data());
        return values[section_->quantity] - section_->level;
    };
    double a = step.t0[static_cast<std::size_t>(lane)], b = t_;
    double at_a = height(a), at_b = height(b);
    if (at_a >= 0) return a;
    const double close = 1e-13 * std::abs(b) + 1e-12 * (b - a);
    for (int i = 0, side = 0; i < 100 && b - a > close; ++i) {
        const double t = std::clamp((a * at_b - b * at_a) / (at_b - at_a), a, b);
        const double at_t = height(t);
        if (at_t == 0) return t;
        if (at_t > 0) {
            b = t, at_b = at_t;
            if (side == 1) at_a /= 2;
            side = 1;
        } else {
            a = t, at_a = at_t;
            if (side == -1) at_b /= 2;
            side = -1;
        }
    }
    return (a + b) / 2;
}

void CycleTrack::use(const Section& section) {
    section_ = section;
    returns_ = Returns(outputs_.size(), section.quantity);
    signals_.take_ranges();
}

void CycleTrack::add_return(double t) {
    returns_.add(t, signals_.take_ranges());
    if (sum_time_ > 0)
        for (std::size_t i = 0; i < y_.size(); ++i) y_mean_[i] = y_sum_[i] / sum_time_;
    std::fill(y_sum_.begin(), y_sum_.end(), 0.0);
    sum_time_ = 0;
}

bool CycleTrack::decide(Rhythm rhythm, std::string reason) {
    label_.rhythm = rhythm;
    label_.reason = std::move(reason);
    label_.t = t_;
    if (rhythm == Rhythm::undecided || rhythm == Rhythm::failed)
        label_.frequency = std::numeric_limits<double>::quiet_NaN();
    return true;
}

// The returns repeat themselves.
bool CycleTrack::decide_by_cycle() {
    constexpr std::size_t recent = 4;
    if (returns_.count() == 0) return false;
    if (const auto cycle = returns_.cycle(noise * options_.rtol, options_.convergence)) {
        label_.frequency = 1 / cycle->period;
        label_.amplitude = returns_.range_of_last(static_cast<std::size_t>(cycle->returns), 0).swing() / 2;
        return decide(Rhythm::sustained);
    }
    if (returns_.count() < recent) return false;
    std::vector<Range> ranges;
    for (std::size_t q = 0; q < outputs_.size(); ++q) ranges.push_back(returns_.range_of_last(recent, q));
    const Range& range = ranges[section_->quantity];
    if (std::abs(section_->level - (range.low + range.high) / 2) > 0.3 * range.swing())
        use(signals_.section_of(ranges));
    return false;
}

std::optional<Rest> CycleTrack::rest_near(std::span<const double> y) const {
    std::vector<double> scale(y.size());
    for (std::size_t i = 0; i < y.size(); ++i)
        scale[i] = std::max({std::abs(y[i]), 1e-6 * y_largest_[i], std::numeric_limits<double>::min()});
    return rests_.find(y, p_, scale);
}

// Whether the run is as good as there: within min_swing.
bool CycleTrack::at(const Rest& rest) const {
    return std::all_of(rests_.states().begin(), rests_.states().end(), [&](std::uint32_t i) {
        const double scale = std::max(std::abs(rest.y[i]), 1e-6 * y_largest_[i]);
        return std::abs(y_[i] - rest.y[i]) <= options_.min_swing * scale;
    });
}

// Whether the last two returns shrink and last as the linear equations around the fixed point say: then
// nothing else can come of it.
bool CycleTrack::fades_as(const Rest& rest) const {
    const std::size_t n = returns_.count();
    const auto agrees = [&](std::complex<double> value, std::size_t k) {
        if (value.imag() <= 0) return false;
        const double gap = 2 * std::numbers::pi / value.imag();
        const double rate = std::log(returns_.swing(k) / returns_.swing(k - 1));
        return std::abs(returns_.gap(k) - gap) <= linear_gap * gap &&
               std::abs(rate - value.real() * gap) <= linear_rate * -value.real() * gap;
    };
    return rest.stable &&
           std::any_of(rest.eigenvalues.begin(), rest.eigenvalues.end(), [&](std::complex<double> value) {
               return agrees(value, n - 1) && agrees(value, n - 2);
           });
}

// The returns shrink towards a stable fixed point. Near a Hopf bifurcation this comes long before the rest.
bool CycleTrack::decide_by_decay() {
    const std::size_t n = returns_.count();
    if (n < 3 || rests_.driven()) return false;
    const double last = returns_.swing(n - 1), middle = returns_.swing(n - 2), first = returns_.swing(n - 3);
    if (!(last < middle && middle < first)) return false;
    const double rate = std::log(last / middle), before = std::log(middle / first);
    if (std::abs(rate - before) > 2 * linear_rate * std::abs(rate)) return false;
    const auto rest = rest_near(y_mean_);
    return rest && fades_as(*rest) && decide(Rhythm::damped);
}

// The run has come to a stable fixed point.
bool CycleTrack::decide_by_rest() {
    if (steps_ < next_rest_ || rests_.driven()) return false;
    next_rest_ = steps_ + rest_pause_;
    const double calm = 10 * options_.min_swing;  // moved since the last look
    const bool moving = std::any_of(rests_.states().begin(), rests_.states().end(), [&](std::uint32_t i) {
        return std::abs(y_[i] - y_looked_[i]) > calm * std::max(std::abs(y_[i]), 1e-6 * y_largest_[i]);
    });
    y_looked_ = y_;
    if (moving) return false;
    const auto rest = rest_near(y_);
    if (rest && rest->stable && at(*rest)) return decide_still();
    if (!rest || !rest->stable) next_rest_ = steps_ + (rest_pause_ *= 2);
    return false;
}

// No observed quantity has moved in the last half of the run: for models driven by time, and those whose
// other states never rest.
bool CycleTrack::decide_by_stillness() {
    for (std::size_t q = 0; q < outputs_.size(); ++q) widen(still_.ranges[q], outputs_[q]);
    if (steps_ < still_.steps + still_steps || t_ - t0_ < 2 * (still_.begin - t0_)) return false;
    bool still = true;
    for (std::size_t q = 0; q < outputs_.size(); ++q)
        still &= signals_.relative_swing(q, still_.ranges[q]) < options_.min_swing;
    if (still) {
        const auto rest = rest_near(y_);
        if (!rest || rest->stable) return decide_still();
    }
    still_ = {t_, steps_, points(outputs_)};
    return false;
}

bool CycleTrack::decide_still() {
    return decide(signals_.swings() >= damped_swings ? Rhythm::damped : Rhythm::steady);
}

CycleObserver::CycleObserver(const CompiledModel& model, const RestFinder& rests, const CycleOptions& options,
                             int lanes) {
    for (int lane = 0; lane < lanes; ++lane) tracks_.emplace_back(model, rests, options);
}

LaneMask CycleObserver::start(const Step& step) {
    for (int lane = 0; lane < step.lanes; ++lane) tracks_[static_cast<std::size_t>(lane)].start(step, lane);
    return 0;
}

LaneMask CycleObserver::step(const Step& step) {
    LaneMask decided = 0;
    for (int lane = 0; lane < step.lanes; ++lane)
        if (step.active >> lane & 1 && tracks_[static_cast<std::size_t>(lane)].step(step, lane))
            decided |= LaneMask{1} << lane;
    return decided;
}

}  // namespace rondo
