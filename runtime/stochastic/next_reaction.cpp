#include "runtime/stochastic/next_reaction.h"

#include <algorithm>
#include <numeric>

namespace rondo {

NextReaction::NextReaction(const JumpProcess& process)
    : process_(process),
      rates_(process.size()),
      clocks_(process.size()),
      heap_(process.size()),
      place_(process.size()) {
    std::iota(heap_.begin(), heap_.end(), 0u);
    std::iota(place_.begin(), place_.end(), 0u);
}

void NextReaction::put(std::size_t place, std::uint32_t reaction) {
    heap_[place] = reaction;
    place_[reaction] = static_cast<std::uint32_t>(place);
}

// Up or down to where it belongs.
void NextReaction::sift(std::size_t place) {
    const std::uint32_t reaction = heap_[place];
    const double time = clocks_[reaction].time;
    const auto time_at = [&](std::size_t at) { return clocks_[heap_[at]].time; };
    while (place > 0 && time < time_at((place - 1) / 2)) {
        put(place, heap_[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
        if (child + 1 < heap_.size() && time_at(child + 1) < time_at(child)) ++child;
        if (!(time_at(child) < time)) break;
        put(place, heap_[child]);
        place = child;
    }
    put(place, reaction);
}

void NextReaction::set(std::size_t reaction, double t, double rest) {
    const double rate = rates_[reaction];
    clocks_[reaction] = {rate > 0 ? t + rest / rate : std::numeric_limits<double>::infinity(), rate, rest};
    sift(place_[reaction]);
}

void NextReaction::move(std::size_t reaction, double t) {
    const Clock& clock = clocks_[reaction];
    if (clock.rate == rates_[reaction]) return;
    set(reaction, t, clock.rate > 0 ? (clock.time - t) * clock.rate : clock.rest);
}

void NextReaction::restart(double t, Random& random) {
    for (std::size_t i = 0; i < rates_.size(); ++i) set(i, t, exponential(random));
}

void NextReaction::all_changed(double t) {
    for (std::size_t i = 0; i < rates_.size(); ++i) move(i, t);
}

void NextReaction::fired(std::size_t i, double t, Random& random) {
    for (const std::uint32_t reaction : process_.affected(i)) {
        if (reaction != i) move(reaction, t);
    }
    set(i, t, exponential(random));
}

}  // namespace rondo
