// turns.h: peaks and troughs of one quantity, sampled as a run goes along.
#pragma once
#include <optional>

namespace rondo {

struct Turn {
    double t, value;
    bool peak;  // else a trough
};

// A turn counts once the quantity has gone back from it by more than a given swing, so that rounding and
// solver noise make none. Its height is that of the parabola through the three samples around it.
class TurnFinder {
  public:
    // t ascending. Returns the turn that this sample completes, if any.
    std::optional<Turn> add(double t, double value, double min_swing);

  private:
    struct Sample {
        double t = 0, value = 0;
    };
    void follow(Sample now);
    Turn vertex() const;

    int samples_ = 0;
    int direction_ = 0;    // 1: looking for a peak, -1: for a trough, 0: not known yet
    Sample first_, last_;  // first_: until the direction is known
    Sample before_, best_, after_;
    bool has_after_ = false;
};

}  // namespace rondo
