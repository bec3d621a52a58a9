#include "runtime/stochastic/clock.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

double after(double t) {
    return std::nextafter(t, never);
}

}  // namespace

Clock::Clock(const JumpProcess& process)
    : process_(process), now_(process.system().modes.size()), then_(now_.size()) {}

void Clock::read(const Situation& at, double t, std::vector<double>& modes) const {
    process_.code().code().modes(&t, at.y.data(), at.p.data(), modes.data());
}

bool Clock::differs(const Situation& at, double t) {
    read(at, t, then_);
    return std::ranges::any_of(process_.timed(),
                               [&](const TimedMode& m) { return then_[m.mode] != now_[m.mode]; });
}

// Where the mode's linear function passes, up to rounding.
double Clock::estimate(const Situation& at, const TimedMode& mode, std::size_t timed) const {
    double distance, slope;
    process_.distance(timed)(&at.t, at.y.data(), at.p.data(), &distance);
    process_.slope(timed)(&at.t, at.y.data(), at.p.data(), &slope);
    if (!(slope != 0)) return never;
    const double target = mode.at == TimedMode::At::zero ? 0
                          : slope > 0                    ? std::floor(distance) + 1
                                                         : std::ceil(distance) - 1;
    const double wait = (target - distance) / slope;
    return wait >= 0 ? std::max(at.t + wait, after(at.t)) : never;
}

// The first time at which a mode differs from now_, around `near` > at.t; infinite if none does there.
double Clock::first_difference(const Situation& at, double near) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon(), most_bits = 0x1p30;
    const double bit = epsilon * std::max(std::abs(near), std::abs(at.t));
    double low = std::max(at.t, near - 16 * bit), high = near;
    if (low > at.t && differs(at, low)) low = at.t;
    for (double step = bit; !differs(at, high); step *= 2) {
        if (step > most_bits * bit) return never;
        low = high;
        high += step;
    }
    for (double middle = low + (high - low) / 2; middle > low && middle < high;
         middle = low + (high - low) / 2)
        (differs(at, middle) ? high : low) = middle;
    return high;
}

double Clock::next(const Situation& at, double end) {
    if (process_.timed().empty()) return never;
    read(at, at.t, now_);
    if (differs(at, after(at.t))) return after(at.t);
    Situation from = at;
    for (;;) {
        double near = never;
        for (std::size_t i = 0; i < process_.timed().size(); ++i)
            near = std::min(near, estimate(from, process_.timed()[i], i));
        if (!(near <= end)) return never;
        if (const double found = first_difference(from, near); found < never) return found;
        from.t = near;
    }
}

bool Clock::meet(const Situation& at, double before) {
    read(at, before, now_);
    read(at, at.t, then_);
    bool met = false;
    for (const TimedMode& mode : process_.timed()) {
        if (!mode.by_sign || now_[mode.mode] * then_[mode.mode] != -1) continue;
        at.p[process_.system().first_mode + mode.mode] = 0;
        met = true;
    }
    return met;
}

void Clock::release(const Situation& at) {
    const auto first = at.p.begin() + static_cast<std::ptrdiff_t>(process_.system().first_mode);
    std::fill_n(first, process_.system().modes.size(), std::numeric_limits<double>::quiet_NaN());
}

}  // namespace rondo
