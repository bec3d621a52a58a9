#include "runtime/integrate/events.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace rondo {
namespace {

constexpr int most_rounds = 100'000;  // of events at one time that trigger each other

// A fair choice that is the same in every run: SplitMix64 (Steele, Lea, Flood 2014).
std::size_t pick(std::uint64_t seed, std::uint64_t counter, std::size_t count) {
    std::uint64_t z = seed + (counter + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::size_t>((z ^ (z >> 31)) % count);
}

}  // namespace

Events::Events(const CompiledModel& model)
    : model_(model),
      codes_(model.system().events),
      now_(model.system().event_values.size()),
      held_(codes_.size()) {}

void Events::start(std::uint64_t seed) {
    for (std::size_t i = 0; i < codes_.size(); ++i) held_[i] = codes_[i].initial_value;
    pending_.clear();
    seed_ = seed;
    choices_ = 0;
}

double Events::next() const {
    double t = std::numeric_limits<double>::infinity();
    for (const Pending& pending : pending_) t = std::min(t, pending.t);
    return t;
}

void Events::evaluate(const Situation& at) {
    model_.code().events(&at.t, at.y.data(), at.p.data(), now_.data());
}

std::vector<double> Events::values_of(std::size_t event) const {
    std::vector<double> values;
    for (const auto& assignment : codes_[event].assignments) values.push_back(now_[assignment.value]);
    return values;
}

void Events::fire(std::size_t event, const Situation& at, const SlopeJump* slopes) {
    const EventCode& code = codes_[event];
    const double delay = code.delay ? now_[*code.delay] : 0;
    if (!(delay >= 0))
        throw std::runtime_error("the delay of event '" + code.id + "' is " +
                                 (delay < 0 ? "negative" : "not a number"));
    Pending pending{event, at.t + delay, {}, {}};
    if (code.use_values_from_trigger_time) {
        pending.values = values_of(event);
        if (slopes) pending.slopes = slopes->values_of(code, at);
    }
    pending_.push_back(std::move(pending));
}

// Triggers that begin to hold fire; those that cease cancel what is not persistent.
void Events::watch(const Situation& at, const SlopeJump* slopes) {
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        const bool holds = now_[codes_[i].trigger] != 0;
        if (holds && !held_[i]) fire(i, at, slopes);
        if (!holds && !codes_[i].persistent)
            std::erase_if(pending_, [&](const Pending& pending) { return pending.event == i; });
        held_[i] = holds;
    }
}

// What is made first of what is due: the highest priority as it is now; chance decides between equal ones.
std::vector<Events::Pending>::iterator Events::choose(double t) {
    std::vector<std::vector<Pending>::iterator> first;
    double highest = -std::numeric_limits<double>::infinity();
    for (auto i = pending_.begin(); i != pending_.end(); ++i) {
        if (i->t > t) continue;
        const auto& priority = codes_[i->event].priority;
        const double height = priority ? now_[*priority] : std::numeric_limits<double>::quiet_NaN();
        if (first.empty() || (height > highest) || (std::isnan(highest) && !std::isnan(height))) {
            first.clear();
            highest = height;
        }
        if (first.empty() || height == highest) first.push_back(i);
    }
    if (first.empty()) return pending_.end();
    return first.size() == 1 ? first[0] : first[pick(seed_, choices_++, first.size())];
}

// One assignment after another, as listed: a concentration that is set before its compartment's size changes
// keeps the amount it means.
void Events::assign(const Pending& pending, const Situation& at, SlopeJump* slopes) {
    const EventCode& code = codes_[pending.event];
    const auto values = pending.values.empty() ? values_of(pending.event) : pending.values;
    std::vector<double> moved = pending.slopes;
    if (slopes && pending.values.empty()) moved = slopes->values_of(code, at);
    const std::size_t count = values.empty() ? 0 : moved.size() / values.size();
    const auto& concentrations = model_.system().concentrations;
    std::vector<double> sizes(concentrations.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& [target, value, size] = code.assignments[i];
        if (slopes)
            slopes->assign(code.assignments[i], values[i], size ? now_[*size] : 1,
                           std::span(moved).subspan(i * count, count), at);
        for (std::size_t k = 0; k < sizes.size(); ++k) sizes[k] = now_[concentrations[k].second];
        (target.kind == Symbol::Kind::state ? at.y[target.index] : at.p[target.index]) =
            values[i] * (size ? now_[*size] : 1);
        evaluate(at);
        for (std::size_t k = 0; k < sizes.size(); ++k) {
            const auto& [state, changed] = concentrations[k];
            if (now_[changed] != sizes[k]) at.y[state] *= sizes[k] / now_[changed];
        }
    }
}

bool Events::settle(const Situation& at, const std::function<void()>& changed, SlopeJump* slopes) {
    if (!any()) return false;
    bool assigned = false;
    for (int round = 0; round < most_rounds; ++round) {
        evaluate(at);
        watch(at, slopes);
        const auto chosen = choose(at.t);
        if (chosen == pending_.end()) return assigned;
        const Pending made = std::move(*chosen);
        pending_.erase(chosen);
        assign(made, at, slopes);
        changed();
        assigned = true;
    }
    throw std::runtime_error("events trigger each other without end at one time");
}

}  // namespace rondo
