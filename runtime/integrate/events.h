// events.h: the events of a run, as SBML Level 3 Version 2 has them (section 4.11).
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "runtime/integrate/modes.h"
#include "runtime/integrate/slopes.h"

namespace rondo {

class Events {
  public:
    explicit Events(const CompiledModel&);
    bool any() const { return !codes_.empty(); }

    // Before the first settle(): triggers as they count as having been. The choices among events of equal
    // priority follow from `seed`.
    void start(std::uint64_t seed = 0);

    // Fires what the situation triggers and makes the assignments that are due, one event after another,
    // until nothing is left to do at this time; `changed` is called after each. True if an assignment was
    // made. Of simultaneous events the one of highest priority goes first; then events without one, in order.
    // `slopes` follow, if there are any.
    // Throws std::runtime_error naming the event if a delay is negative or not a number, or if there is no
    // end.
    bool settle(const Situation&, const std::function<void()>& changed, SlopeJump* slopes = nullptr);

    // When the next delayed assignments are due; infinite if none wait.
    double next() const;

  private:
    struct Pending {
        std::size_t event;
        double t;
        std::vector<double> values;  // empty: to be computed when they are made
        std::vector<double> slopes;  // of those
    };
    void evaluate(const Situation&);
    void watch(const Situation&, const SlopeJump*);
    void fire(std::size_t event, const Situation&, const SlopeJump*);
    std::vector<Pending>::iterator choose(double t);
    std::vector<double> values_of(std::size_t event) const;
    void assign(const Pending&, const Situation&, SlopeJump*);

    const CompiledModel& model_;
    const std::vector<EventCode>& codes_;
    std::vector<double> now_;  // event_values
    std::vector<bool> held_;   // [events] the trigger when it was last looked at
    std::vector<Pending> pending_;
    std::uint64_t seed_ = 0, choices_ = 0;  // among events of equal priority
};

}  // namespace rondo
