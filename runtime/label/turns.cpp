#include "runtime/label/turns.h"

namespace rondo {

std::optional<Turn> TurnFinder::add(double t, double value, double min_swing) {
    const Sample now{t, value};
    if (samples_++ == 0) {
        first_ = last_ = now;
        return std::nullopt;
    }
    std::optional<Turn> turn;
    if (direction_ == 0) {
        if (value - first_.value > min_swing) direction_ = 1;
        if (first_.value - value > min_swing) direction_ = -1;
        if (direction_ != 0) follow(now);
    } else if ((value - best_.value) * direction_ > 0) {
        follow(now);
    } else {
        if (!has_after_) after_ = now;
        has_after_ = true;
        if ((best_.value - value) * direction_ > min_swing) {
            turn = vertex();
            direction_ = -direction_;
            follow(now);
        }
    }
    last_ = now;
    return turn;
}

void TurnFinder::follow(Sample now) {
    before_ = last_;
    best_ = now;
    has_after_ = false;
}

// The parabola a x^2 + b x with x = t - best.t, through before and after.
Turn TurnFinder::vertex() const {
    const double x0 = before_.t - best_.t, v0 = before_.value - best_.value;
    const double x1 = after_.t - best_.t, v1 = after_.value - best_.value;
    const double a = (v1 / x1 - v0 / x0) / (x1 - x0);
    const double b = v1 / x1 - a * x1;
    Turn turn{best_.t, best_.value, direction_ > 0};
    if (a * direction_ < 0) {
        turn.t -= b / (2 * a);
        turn.value -= b * b / (4 * a);
    }
    return turn;
}

}  // namespace rondo
