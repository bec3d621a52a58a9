#include "runtime/surrogate/inputs.h"

#include <cmath>
#include <numbers>

#include "runtime/sample/portable.h"

namespace rondo {

namespace {

int harmonics(const Surrogate& surrogate, std::size_t axis) {
    return surrogate.harmonics.empty() ? 0 : surrogate.harmonics[axis];
}

// cos(k w x) for k = 0..n and sin(k w x) for k = 1..n, w = 2 pi / length, each wave from the one before.
// Each derivative turns by a quarter and multiplies by k w.
void periodic_inputs(double w, double x, int n, int order, double* out) {
    const double turn_c = std::cos(w * x), turn_s = std::sin(w * x);
    double c = 1, s = 0;
    for (int k = 0; k <= n; ++k) {
        const double factor = order == 0 ? 1 : order == 1 ? k * w : -(k * w) * (k * w);
        *out++ = factor * (order == 1 ? -s : c);
        if (k > 0) *out++ = factor * (order == 1 ? c : s);
        const double before = c;
        c = c * turn_c - s * turn_s;
        s = s * turn_c + before * turn_s;
    }
}

}  // namespace

double log_input(double u) {
    constexpr double least = 1e-3;
    return 1 + portable_log(std::max(u, 0.0) * (1 - least) + least) / -portable_log(least);
}

std::size_t axis_width(const Surrogate& surrogate, std::size_t axis) {
    const int n = harmonics(surrogate, axis);
    return n > 0 ? 2 * static_cast<std::size_t>(n) + 1 : surrogate.logs ? 2 : 1;
}

std::size_t input_width(const Surrogate& surrogate) {
    std::size_t width = surrogate.features.size();
    for (std::size_t axis = 0; axis < surrogate.box.axes.size(); ++axis) width += axis_width(surrogate, axis);
    return width;
}

void axis_inputs(const Surrogate& surrogate, std::size_t axis, double x, int order, double* out) {
    const Axis& along = surrogate.box.axes[axis];
    const double length = along.upper - along.lower;
    if (const int n = harmonics(surrogate, axis); n > 0)
        return periodic_inputs(2 * std::numbers::pi / length, x, n, order, out);
    if (order > 0) {
        *out = order > 1 ? 0 : surrogate.raw ? 1 : 1 / length;
        return;
    }
    *out = surrogate.raw ? x : along.unit(x);
    if (surrogate.logs) out[1] = log_input(along.unit(x));
}

}  // namespace rondo
