#include "runtime/integrate/stream.h"

#include <cassert>
#include <cstdio>
#include <vector>

namespace rondo {

void Step::interpolate(int lane, std::span<const double> times, std::span<const std::uint32_t> states,
                       std::span<double> out) const {
    std::vector<double> all(y.size() / static_cast<std::size_t>(lanes));
    for (std::size_t k = 0; k < times.size(); ++k) {
        interpolate(lane, times[k], all);
        for (std::size_t i = 0; i < states.size(); ++i) out[i * times.size() + k] = all[states[i]];
    }
}

void Step::slopes(double, std::span<double>) const {
    assert(false && "only a run that was given directions has slopes");
}

std::string describe(const Outcome& outcome, double end) {
    char place[80];
    std::snprintf(place, sizeof place, "stopped at t = %.6g of %.6g", outcome.t, end);
    switch (outcome.kind) {
        case Outcome::Kind::finished: return "finished" + std::string(place + 7);
        case Outcome::Kind::stopped: return std::string(place) + ": nothing more was asked for";
        case Outcome::Kind::failed: break;
    }
    return std::string(place) + ": " + outcome.reason;
}

}  // namespace rondo
