#include "runtime/label/turns.h"

#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

// value0 + h x (slope0 + x (b + x a)), x in [0, 1].
struct Cubic {
    explicit Cubic(const Arc& arc)
        : h(arc.t1 - arc.t0),
          slope(h * arc.slope0),
          b(3 * (arc.value1 - arc.value0) - 2 * slope - h * arc.slope1),
          a(slope + h * arc.slope1 - 2 * (arc.value1 - arc.value0)) {}
    double h, slope, b, a;
};

}  // namespace

double Arc::turn() const {
    const Cubic c(*this);
    // 3 a x^2 + 2 b x + slope = 0; of its roots, the one at which the slope changes as it does from end to
    // end.
    const double root = std::sqrt(std::max(c.b * c.b - 3 * c.a * c.slope, 0.0));
    const double peak = slope0 > 0 ? 1 : -1;
    const double x = c.slope / (peak * root - c.b);
    return t0 + c.h * (x >= 0 && x <= 1 ? x : 0.5);
}

double Arc::crossing(double level) const {
    const Cubic c(*this);
    double low = 0, high = 1, x = (level - value0) / (value1 - value0);
    for (int i = 0; i < 20 && high - low > 1e-6; ++i) {
        const double over = value0 - level + x * (c.slope + x * (c.b + x * c.a));
        (over < 0 ? low : high) = x;
        const double next = x - over / (c.slope + x * (2 * c.b + 3 * x * c.a));
        if (std::abs(next - x) < 1e-7) break;
        x = next > low && next < high ? next : (low + high) / 2;
    }
    return t0 + c.h * x;
}

bool TurnFilter::add(const Turn& turn, double min_swing) {
    if (!last) {
        last = turn;
        return true;
    }
    if (turn.peak == last->peak) {  // what lay between was too small to count
        if ((turn.value > last->value) == turn.peak) last = turn;
        return false;
    }
    const double swing = turn.peak ? turn.value - last->value : last->value - turn.value;
    if (swing <= min_swing) return false;
    last = turn;
    return true;
}

}  // namespace rondo
