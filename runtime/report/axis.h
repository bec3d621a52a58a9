// axis.h: numbers to places: which interval an axis shows, where its ticks are and what they say.
#pragma once
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace rondo {

// The smallest interval around some values; empty until one is included.
struct Limits {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    bool empty() const { return low > high; }
    void include(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

// Whether an axis can show the value at all. Beyond 1e300 differences overflow.
inline bool drawable(double value, bool log) {
    return std::isfinite(value) && std::abs(value) < 1e300 && (!log || value > 1e-300);
}

struct Tick {
    double value;
    std::string label;     // "0.5"; "10" or "2×10" before an exponent
    std::string exponent;  // raised behind the label; usually empty
};

struct PlotAxis {
    double low = 0, high = 1;  // low < high
    bool log = false;
    std::vector<Tick> ticks;
    std::vector<double> minor;  // log axes: between the ticks, without labels
    int factor = 0;             // labels are to be read times 10^factor

    // 0 at low, 1 at high.
    double operator()(double value) const {
        return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    }
};

// `range` with a fraction of its length added at its ends; of its length in decades if `log`.
Limits pad(Limits range, bool log, double below, double above);

// An axis over `range` with about `wanted` ticks at 1, 2 or 5 times a power of ten. A range of no length is
// widened, an empty one is [0, 1].
PlotAxis make_axis(Limits range, bool log, int wanted);

}  // namespace rondo
