// modes.h: the modes of a run (see OdeSystem::modes), kept in p while the run is smooth.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "runtime/integrate/stream.h"

namespace rondo {

// Where a run is. y and p may be changed in place.
struct Situation {
    double t;
    std::span<double> y, p;
};

class Modes {
  public:
    explicit Modes(const CompiledModel&);
    bool any() const { return count_ > 0; }

    // Sets p to what t, y and p give; none is released any more.
    void start(const Situation&);

    // How long steps may be, for `first_change` to see what oscillates with time; infinite if nothing does.
    double longest_step(const Situation&) const;

    // The first time in (step.t0, end] at which a mode has changed, to the last bit: found in `parts` of the
    // step, then by bisection. Nothing if none has.
    std::optional<double> first_change(const Step&, double end);

    // Brings p up to date. If `crossing`, the run came here smoothly: an equality whose sign has turned was
    // met on the way, and holds until the next update. True if there was one.
    bool update(const Situation&, bool crossing);

  private:
    bool differs(const Step&, double t);
    bool restless(std::size_t mode, double t);
    const CompiledModel& model_;
    std::size_t first_, count_;
    std::vector<double> now_, y_;
    std::vector<int> changes_;  // [modes] that came in close succession
    std::vector<double> changed_at_;
};

}  // namespace rondo
