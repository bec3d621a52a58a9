#include "runtime/label/cycle.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

namespace rondo {
namespace {

constexpr long look_interval = 16;  // steps between looks
constexpr double calm = 0.02;       // moved since the last look, relative: then a fixed point may be near
constexpr long still_steps = 100;
constexpr int damped_swings = 4;           // two cycles at least of what is called damped
constexpr double noise = 10;               // scatter of a period, in units of rtol
constexpr int turns_without_crossing = 4;  // a quantity: then the section has been left
constexpr double near = 1e-2;  // of its swing: how far a state may have to go where returns tell the rest
// A run is on its way if so many returns in a row are clearly nearer than the one before, and still far from
// the cycle (in units of convergence).
constexpr int nearing_returns = 3;
constexpr double nearer = 0.9, far = 10;
constexpr double linear_gap = 0.02;  // how closely a fading rhythm has to follow the eigenvalues of its
constexpr double linear_rate = 0.1;  // fixed point: period and decay rate, relative

// d quantity / d t along the run.
NodeId slope_of(OdeSystem& system, const Gradient& gradient) {
    NodeId sum = system.graph.number(0);
    for (const auto& [state, derivative] : gradient) {
        const NodeId rate = state == time_state ? system.graph.number(1) : system.rhs[state];
        sum = system.graph.apply(Op::plus, {sum, system.graph.apply(Op::times, {derivative, rate})});
    }
    return sum;
}

}  // namespace

CycleCode::CycleCode(const Selection& selection) : observed(selection.outputs.size()) {
    if (observed == 0) throw Error(Fault::input, "labelling needs at least one quantity to observe");
    auto system = std::make_shared<OdeSystem>(*selection.system);
    CompileOptions options;
    options.outputs = selection.outputs;
    for (const auto& gradient : gradients(system->graph, selection.outputs, By::states_and_time))
        options.outputs.push_back(slope_of(*system, gradient));
    one = compile(system, options);
}

void CycleCode::widen(int lanes) {
    many = one;
    if (lanes == 1) return;
    OdeSystem system;
    system.graph = one->system().graph;
    CompileOptions options;
    options.lanes = lanes;
    options.outputs = one->outputs();
    many = compile(std::make_shared<const OdeSystem>(std::move(system)), options);
}

CycleTrack::CycleTrack(const CycleCode& code, const RestFinder& rests, const CycleOptions& options)
    : model_(*code.one),
      rests_(rests),
      options_(options),
      observed_(code.observed),
      p_(model_.parameter_count()),
      y_(model_.state_count()),
      values_(2 * observed_),
      y_peak_(y_.size()),
      y_trough_(y_.size()),
      y_largest_(y_.size()),
      y_return_(y_.size()),
      center_(y_.size()),
      scale_(y_.size()),
      signals_(observed_, options.min_swing),
      returns_(observed_) {}

void CycleTrack::start(const Step& step, int lane, const Reading& reading) {
    gather(step.p, step.lanes, lane, p_);
    gather(step.y, step.lanes, lane, y_);
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = reading.at(reading.now, i);
    for (std::size_t i = 0; i < y_.size(); ++i) y_largest_[i] = std::abs(y_[i]);
    label_ = {};
    t0_ = t_ = step.t1[static_cast<std::size_t>(lane)];
    y_start_ = y_peak_ = y_trough_ = y_looked_ = y_;
    const std::span<const double> values(values_.data(), observed_);
    signals_.start(values);
    section_.reset();
    steps_ = 0;
    next_look_ = rest_due_ = rest_pause_ = look_interval;
    rest_.reset();
    still_.begin = t_;
    still_.steps = 0;
    still_.ranges.clear();
    for (const double value : values) still_.ranges.push_back({value, value});
}

Arc CycleTrack::arc(const Step& step, int lane, const Reading& reading, std::size_t q) const {
    const auto index = static_cast<std::size_t>(lane);
    return {step.t0[index],
            step.t1[index],
            reading.at(reading.before, q),
            reading.at(reading.before, observed_ + q),
            reading.at(reading.now, q),
            reading.at(reading.now, observed_ + q)};
}

// Turns and returns of the step, in order of time.
bool CycleTrack::take_events(const Step& step, int lane, const Reading& reading) {
    t_ = step.t1[static_cast<std::size_t>(lane)];
    // A jump is over. (In lanes there are none: a step may be too small to be told in t.)
    if (step.lanes == 1 && step.t0[0] == t_) {
        gather(step.p, step.lanes, lane, p_);
        return false;
    }
    events_.clear();
    for (std::size_t q = 0; q < observed_; ++q) {
        if (!std::isfinite(reading.at(reading.now, q)))
            return decide(Rhythm::failed, "an observed quantity is not finite");
        const Arc arc_of = arc(step, lane, reading, q);
        if (arc_of.turns()) events_.push_back({arc_of.turn(), q, false});
        if (section_ && q == section_->quantity && arc_of.rises_through(section_->level))
            events_.push_back({arc_of.crossing(section_->level), q, true});
    }
    std::ranges::sort(events_, {}, &Event::t);
    for (const Event& event : events_) {
        if (event.is_return) {
            if (take_return(step, lane, event.t)) return true;
        } else {
            take_turn(step, lane, event, reading.at(reading.before, observed_ + event.quantity) > 0);
        }
    }
    if (!section_ || signals_.turns_since_taken() > turns_without_crossing * static_cast<int>(observed_)) {
        if (const auto section = signals_.section_by_turns()) use(*section);
    }
    return false;
}

// y_ and values_ at t, in the step.
void CycleTrack::look_at(const Step& step, int lane, double t) {
    step.interpolate(lane, t, y_);
    model_.code().outputs(&t, y_.data(), p_.data(), values_.data());
}

void CycleTrack::take_turn(const Step& step, int lane, const Event& event, bool peak) {
    look_at(step, lane, event.t);
    for (std::size_t i = 0; i < y_.size(); ++i) y_largest_[i] = std::max(y_largest_[i], std::abs(y_[i]));
    const bool counts = signals_.add(event.quantity, {event.t, values_[event.quantity], peak});
    if (counts && section_ && section_->quantity == event.quantity) (peak ? y_peak_ : y_trough_) = y_;
}

// Newton's iteration on the dense output, kept within the step.
double CycleTrack::refine_crossing(const Step& step, int lane, double t) {
    const auto index = static_cast<std::size_t>(lane);
    const std::size_t q = section_->quantity;
    double low = step.t0[index], high = step.t1[index];
    const double close = 1e-13 * std::abs(high) + 1e-12 * (high - low);
    for (int i = 0; i < 60; ++i) {
        look_at(step, lane, t);
        const double over = values_[q] - section_->level;
        (over < 0 ? low : high) = t;
        const double next = t - over / values_[observed_ + q];
        if (std::abs(next - t) <= close || high - low <= close) return std::clamp(next, low, high);
        t = next > low && next < high ? next : (low + high) / 2;
    }
    return t;
}

bool CycleTrack::take_return(const Step& step, int lane, double guess) {
    const double t = refine_crossing(step, lane, guess);
    signals_.take_ranges({values_.data(), observed_}, ranges_);
    returns_.add(t, ranges_);
    return decide_by_return() || decide_by_cycle() || decide_by_decay();
}

// The state itself has come back: the flow is deterministic, so what follows repeats the last return. Or it
// comes ever nearer, so that what the returns tend to is known before they are there.
bool CycleTrack::decide_by_return() {
    if (rests_.driven()) return false;
    if (returns_.count() == 0) {
        y_return_ = y_;
        shift_ = drift_ = std::numeric_limits<double>::infinity();
        nearing_ = 0;
        return false;
    }
    const std::size_t q = section_->quantity, last = returns_.count() - 1;
    const double swing = signals_.relative_swing(q, returns_.range(last, q));
    double shift = 0;  // the largest change of a state, relative to its swing
    double drift = 0;  // the same where a swing like the section's counts for states of less
    for (const std::uint32_t i : rests_.states()) {
        const double moved = std::abs(y_[i] - y_return_[i]), own = std::abs(y_peak_[i] - y_trough_[i]);
        if (moved == 0) continue;
        shift = std::max(shift, moved / own);
        drift = std::max(drift, moved / std::max(own, swing * std::abs(y_[i])));
    }
    y_return_ = y_;
    const double ratio = shift < shift_ ? shift / shift_ : 0, pace = drift / drift_;
    shift_ = shift;
    drift_ = drift;
    nearing_ = pace < nearer ? nearing_ + 1 : 0;
    if (swing < options_.min_swing) return false;
    if (shift <= options_.convergence * (1 - ratio))
        return decide_cycle({returns_.gap(last), returns_.range(last, 0).swing()});
    if (!(drift <= near * (1 - pace))) return false;
    const auto cycle = returns_.approached(options_.convergence);
    return cycle && decide_cycle(*cycle);
}

bool CycleTrack::decide_cycle(const Cycle& cycle) {
    label_.frequency = 1 / cycle.period;
    label_.amplitude = cycle.swing / 2;
    return decide(Rhythm::sustained);
}

void CycleTrack::use(const Section& section) {
    section_ = section;
    returns_.start(section.quantity);
    signals_.take_ranges({values_.data(), observed_}, ranges_);
}

bool CycleTrack::decide(Rhythm rhythm, std::string reason) {
    label_.rhythm = rhythm;
    label_.reason = std::move(reason);
    if (rhythm == Rhythm::sustained) label_.y = y_return_;
    if (rhythm == Rhythm::undecided) label_.y = y_;
    label_.swings = signals_.swings();
    label_.t = t_;
    if (rhythm == Rhythm::undecided || rhythm == Rhythm::failed)
        label_.frequency = std::numeric_limits<double>::quiet_NaN();
    return true;
}

// The returns repeat themselves.
bool CycleTrack::decide_by_cycle() {
    constexpr std::size_t recent = 4;
    if (returns_.count() == 0) return false;
    // The gaps of a run that is on its way may stand still for a while.
    if (nearing_ >= nearing_returns && drift_ > far * options_.convergence) return false;
    if (const auto cycle = returns_.cycle(noise * options_.rtol, options_.convergence))
        return decide_cycle(*cycle);
    if (returns_.count() < recent) return false;
    ranges_.clear();
    for (std::size_t q = 0; q < observed_; ++q) ranges_.push_back(returns_.range_of_last(recent, q));
    const Extent& range = ranges_[section_->quantity];
    if (std::abs(section_->level - (range.low + range.high) / 2) > 0.3 * range.swing())
        use(signals_.section_of(std::vector<Extent>(ranges_)));
    return false;
}

std::optional<Rest> CycleTrack::rest_near(std::span<const double> y) {
    for (std::size_t i = 0; i < y.size(); ++i)
        scale_[i] = std::max({std::abs(y[i]), 1e-6 * y_largest_[i], std::numeric_limits<double>::min()});
    return rests_.find(y, p_, scale_);
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
    for (std::size_t i = 0; i < center_.size(); ++i) center_[i] = (y_peak_[i] + y_trough_[i]) / 2;
    const auto rest = rest_near(center_);
    return rest && fades_as(*rest) && decide(Rhythm::damped);
}

bool CycleTrack::look_around(const Step& step, int lane, const Reading& reading, long steps) {
    steps_ = steps;
    t_ = step.t1[static_cast<std::size_t>(lane)];
    next_look_ = steps + look_interval;
    gather(step.y, step.lanes, lane, y_);
    for (std::size_t q = 0; q < observed_; ++q) values_[q] = reading.at(reading.now, q);
    for (std::size_t i = 0; i < y_.size(); ++i) y_largest_[i] = std::max(y_largest_[i], std::abs(y_[i]));
    signals_.widen_by({values_.data(), observed_});
    return decide_by_rest() || decide_by_stillness();
}

// The run is at a stable fixed point, or so near that nothing else can come of it.
bool CycleTrack::decide_by_rest() {
    if (rests_.driven()) return false;
    const bool moving = std::any_of(rests_.states().begin(), rests_.states().end(), [&](std::uint32_t i) {
        return std::abs(y_[i] - y_looked_[i]) > calm * std::max(std::abs(y_[i]), 1e-6 * y_largest_[i]);
    });
    y_looked_ = y_;
    if (moving) return false;
    if (steps_ >= rest_due_) {
        rest_due_ = steps_ + rest_pause_;
        rest_pause_ *= 3;
        auto found = rest_near(y_);
        if (found && found->stable)
            rest_ = std::move(found);
        else if (found && at(*found))
            return decide_unstable(*found);
    }
    if (!rest_) return false;
    if (at(*rest_)) return decide_still();
    if (rests_.attracts(*rest_, y_, p_))
        return decide_still(rests_.swings_left(*rest_, y_, options_.min_swing));
    return false;
}

// A run stays on an unstable fixed point if it began there. Else it leaves, however late; not in long steps
// of an implicit method, though, which damp what grows.
bool CycleTrack::decide_unstable(const Rest& rest) {
    const auto way_out = y_ == y_start_ ? std::nullopt : rests_.way_out(rest, y_);
    if (!way_out) return decide_still();
    label_.way_out = *way_out;
    return decide(Rhythm::undecided, "it came to an unstable fixed point");
}

// No observed quantity has moved in the last half of the run: for models driven by time, and those whose
// other states never rest.
bool CycleTrack::decide_by_stillness() {
    for (std::size_t q = 0; q < observed_; ++q) still_.ranges[q].widen(values_[q]);
    if (steps_ < still_.steps + still_steps || t_ - t0_ < 2 * (still_.begin - t0_)) return false;
    bool still = true;
    for (std::size_t q = 0; q < observed_; ++q)
        still &= signals_.relative_swing(q, still_.ranges[q]) < options_.min_swing;
    if (still) {
        const auto rest = rest_near(y_);
        if (!rest || rest->stable) return decide_still();
    }
    still_.begin = t_;
    still_.steps = steps_;
    for (std::size_t q = 0; q < observed_; ++q) still_.ranges[q] = {values_[q], values_[q]};
    return false;
}

bool CycleTrack::decide_still(int further_swings) {
    return decide(signals_.swings() + further_swings >= damped_swings ? Rhythm::damped : Rhythm::steady);
}

CycleObserver::CycleObserver(const CycleCode& code, const RestFinder& rests, const CycleOptions& options,
                             int lanes, Done done)
    : model_(lanes == 1 ? *code.one : *code.many),
      observed_(code.observed),
      lanes_(static_cast<std::size_t>(lanes)),
      horizon_(options.horizon > 0 ? options.horizon : std::numeric_limits<double>::infinity()),
      before_(2 * observed_ * lanes_),
      now_(before_.size()),
      level_(observed_ * lanes_),
      end_(lanes_),
      begun_(lanes_),
      due_(lanes_),
      done_(std::move(done)) {
    for (int lane = 0; lane < lanes; ++lane)
        tracks_.push_back(std::make_unique<CycleTrack>(code, rests, options));
}

void CycleObserver::read(const Step& step) {
    model_.code().outputs(step.t1.data(), step.y.data(), step.p.data(), now_.data());
}

CycleTrack::Reading CycleObserver::reading(int lane) const {
    return {before_, now_, lanes_, static_cast<std::size_t>(lane)};
}

// What eventful() and step() need of the track.
void CycleObserver::follow(int lane) {
    const auto index = static_cast<std::size_t>(lane);
    const CycleTrack& track = *tracks_[index];
    for (std::size_t q = 0; q < observed_; ++q) {
        const bool watched = track.section() && track.section()->quantity == q;
        level_[q * lanes_ + index] =
            watched ? track.section()->level : std::numeric_limits<double>::infinity();
    }
    due_[index] = begun_[index] + track.next_look();
    next_due_ = std::min(next_due_, due_[index]);
}

LaneMask CycleObserver::start(const Step& step) {
    read(step);
    for_each_lane(step.active, [&](int lane) {
        const auto index = static_cast<std::size_t>(lane);
        tracks_[index]->start(step, lane, reading(lane));
        begun_[index] = count_;
        end_[index] = step.t1[index] + horizon_;
        follow(lane);
    });
    return 0;
}

void CycleObserver::take_over(int lane, LaneObserver& other, int there) {
    const auto from = static_cast<std::size_t>(there), to = static_cast<std::size_t>(lane);
    auto& observer = static_cast<CycleObserver&>(other);
    std::swap(tracks_[to], observer.tracks_[from]);
    for (std::size_t row = 0; row < 2 * observed_; ++row)
        now_[row * lanes_ + to] = observer.now_[row * observer.lanes_ + from];
    begun_[to] = count_ - (observer.count_ - observer.begun_[from]);
    end_[to] = observer.end_[from];
    follow(lane);
}

// Lanes in which a quantity turns, rises through the section, or is no number. Few steps are; this is where
// most of the labeller's time would go, so it is written for all lanes at once.
LaneMask CycleObserver::eventful_lanes() const {
    if (lanes_ == 1) return 1;
    using Pair [[gnu::vector_size(16)]] = double;
    using Flags [[gnu::vector_size(16)]] = std::int64_t;
    const auto pair = [](const double* values) {
        Pair both;
        std::memcpy(&both, values, sizeof both);
        return both;
    };
    const std::size_t slopes = observed_ * lanes_;
    LaneMask found = 0;
    for (std::size_t lane = 0; lane < lanes_; lane += 2) {
        const double *before = before_.data() + lane, *now = now_.data() + lane,
                     *level = level_.data() + lane;
        Flags any = {0, 0};
        for (std::size_t row = 0; row < slopes; row += lanes_) {
            const Pair value = pair(now + row), section = pair(level + row), zero = {0, 0};
            any |= (pair(before + slopes + row) > zero) ^ (pair(now + slopes + row) > zero);
            any |= (pair(before + row) < section) & (value >= section);
            any |= (value - value) != zero;
        }
        found |= static_cast<LaneMask>((any[0] & 1) | (any[1] & 2)) << lane;
    }
    return found;
}

// A lane whose attempt failed reads the same values again.
LaneMask CycleObserver::step(const Step& step) {
    std::swap(before_, now_);
    read(step);
    ++count_;
    const LaneMask open = eventful_lanes() & step.active;
    LaneMask decided = 0;
    for_each_lane(open, [&](int lane) {
        if (tracks_[static_cast<std::size_t>(lane)]->take_events(step, lane, reading(lane)))
            decided |= LaneMask{1} << lane;
        follow(lane);
    });
    return count_ < next_due_ ? decided : decided | look_around(step, step.active & ~decided);
}

// The lanes whose turn it is.
LaneMask CycleObserver::look_around(const Step& step, LaneMask open) {
    LaneMask decided = 0;
    for_each_lane(open, [&](int lane) {
        const auto index = static_cast<std::size_t>(lane);
        CycleTrack& track = *tracks_[index];
        const bool over = step.t1[index] >= end_[index];
        if (count_ < due_[index] && !over) return;
        if (track.look_around(step, lane, reading(lane), count_ - begun_[index]) ||
            (over && track.decide(Rhythm::undecided, "no answer within the horizon")))
            decided |= LaneMask{1} << lane;
        follow(lane);
    });
    next_due_ = *std::ranges::min_element(due_);
    if (std::isfinite(horizon_)) next_due_ = 0;
    return decided;
}

void CycleObserver::end(int lane, std::size_t run, const Outcome& outcome) {
    CycleTrack& track = *tracks_[static_cast<std::size_t>(lane)];
    Label& label = track.label();
    if (outcome.kind == Outcome::Kind::failed) {
        label = {};
        if (outcome.out_of_steps) label.y = track.state();
        label.swings = track.swings();
        label.rhythm = outcome.out_of_steps ? Rhythm::undecided : Rhythm::failed;
        label.frequency = std::numeric_limits<double>::quiet_NaN();
        label.t = outcome.t;
        label.reason = outcome.reason;
    }
    label.rhs_calls = outcome.rhs_calls;
    done_(run, label);
}

}  // namespace rondo
