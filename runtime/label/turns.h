// turns.h: what one quantity does within one step: peaks, troughs, and where it crosses a level.
#pragma once
#include <optional>

namespace rondo {

struct Turn {
    double t, value;
    bool peak;  // else a trough
};

// A quantity over a step, by its values and slopes at both ends: the cubic through them says where to look.
struct Arc {
    double t0, t1;
    double value0, slope0, value1, slope1;

    bool turns() const { return (slope0 > 0) != (slope1 > 0); }
    bool rises_through(double level) const { return value0 < level && value1 >= level; }
    // Where the cubic turns, or rises through the level; within the step.
    double turn() const;
    double crossing(double level) const;
};

// Keeps turns that matter: peaks above the trough before, and troughs below the peak, by more than a given
// swing. So rounding and solver noise make none, be it in values or, where a quantity creeps, in slopes
// alone.
class TurnFilter {
  public:
    // Whether the turn counts as a new one.
    bool add(const Turn& turn, double min_swing);
    std::optional<Turn> last;
};

}  // namespace rondo
