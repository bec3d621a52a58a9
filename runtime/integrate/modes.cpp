#include "runtime/integrate/modes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr int parts = 4;  // of a step that are looked at: a mode may change and change back within one

// A comparison of what has died away turns with every rounding error. Its mode is given up when this many
// changes in a row came closer together than this share of the time.
constexpr int most_changes = 100;
constexpr double close = 1e-7;

}  // namespace

Modes::Modes(const CompiledModel& model)
    : model_(model),
      first_(model.system().first_mode),
      count_(model.system().modes.size()),
      now_(count_),
      y_(model.state_count()) {}

void Modes::start(const Situation& at) {
    changes_.assign(count_, 0);
    changed_at_.assign(count_, -std::numeric_limits<double>::infinity());
    std::fill_n(at.p.begin() + static_cast<std::ptrdiff_t>(first_), count_, 0.0);
    update(at, false);
}

double Modes::longest_step(const Situation& at) const {
    const OdeSystem& system = model_.system();
    double fastest = 0;
    for (const NodeId frequency : system.frequencies)
        fastest = std::max(fastest, std::abs(evaluate(system.graph, frequency, at.t, at.y, at.p)));
    return fastest > 0 ? 1 / fastest : std::numeric_limits<double>::infinity();  // 25 looks a period
}

bool Modes::differs(const Step& step, double t) {
    step.interpolate(0, t, y_);
    const auto p = step.parameters(t, y_);
    model_.code().modes(&t, y_.data(), p.data(), now_.data());
    for (std::size_t k = 0; k < count_; ++k) {
        if (now_[k] != p[first_ + k] && !std::isnan(p[first_ + k])) return true;
    }
    return false;
}

std::optional<double> Modes::first_change(const Step& step, double end) {
    if (!any()) return std::nullopt;
    const double begin = step.t0[0], width = end - begin;
    double low = begin, high = begin;
    for (int part = 1; part <= parts; ++part) {
        low = high;
        high = part == parts ? end : begin + width * part / parts;
        if (high > low && differs(step, high)) break;
        if (part == parts) return std::nullopt;
    }
    while (high - low > 1e-18 * width) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        (differs(step, middle) ? high : low) = middle;
    }
    return high;
}

// Whether a mode that changes at t does so too often to be kept.
bool Modes::restless(std::size_t mode, double t) {
    const bool soon = t - changed_at_[mode] < close * std::abs(t);
    changes_[mode] = soon ? changes_[mode] + 1 : 0;
    changed_at_[mode] = t;
    return changes_[mode] > most_changes;
}

// Modes may read each other: as often as it takes, but no longer than a chain of all of them.
bool Modes::update(const Situation& at, bool crossing) {
    bool met = false;
    for (std::size_t round = 0, changed = 1; changed && round <= count_; ++round, crossing = false) {
        changed = 0;
        model_.code().modes(&at.t, at.y.data(), at.p.data(), now_.data());
        for (std::size_t k = 0; k < count_; ++k) {
            double& kept = at.p[first_ + k];
            if (std::isnan(kept) || kept == now_[k]) continue;
            const bool turned = crossing && kept * now_[k] == -1;
            met = met || turned;
            kept = turned ? 0 : now_[k];
            if (crossing && restless(k, at.t)) kept = std::numeric_limits<double>::quiet_NaN();
            changed = 1;
        }
        if (met) break;
    }
    return met;
}

}  // namespace rondo
