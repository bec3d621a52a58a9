// box.cpp: what a box must be, and its coordinates.
#include "runtime/sample/box.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/sample/portable.h"
#include "runtime/table/csv.h"

namespace rondo {

double Axis::value(double u) const {
    if (scale == Scale::linear) return std::lerp(lower, upper, u);
    if (u <= 0) return lower;
    if (u >= 1) return upper;
    const double x = portable_exp(std::lerp(portable_log(lower), portable_log(upper), u));
    return std::clamp(x, lower, upper);
}

double Axis::unit(double x) const {
    if (scale == Scale::linear) return (x - lower) / (upper - lower);
    const double from = portable_log(lower), to = portable_log(upper);
    return (portable_log(x) - from) / (to - from);
}

std::vector<std::string> Box::names() const {
    std::vector<std::string> result;
    for (const auto& axis : axes) result.push_back(axis.name);
    return result;
}

namespace {

void check_axis(const Axis& axis) {
    const std::string given =
        "axis '" + axis.name + "' of the box is " + shortest(axis.lower) + ".." + shortest(axis.upper);
    const auto fail = [&](const std::string& expected) {
        throw Error(Fault::input, given + "; " + expected);
    };
    if (!std::isfinite(axis.lower) || !std::isfinite(axis.upper)) fail("its bounds must be finite");
    if (axis.lower >= axis.upper) fail("the lower bound must be below the upper one");
    if (!std::isfinite(axis.upper - axis.lower)) fail("it is too wide for a double");
    if (axis.scale == Scale::log && axis.lower <= 0) {
        fail("a logarithmic axis must start above 0, such as at " +
             shortest(axis.upper > 0 ? axis.upper / 1000 : 0.001));
    }
}

}  // namespace

void check(const Box& box) {
    if (box.axes.empty()) throw Error(Fault::input, "the box has no axes; write such as box(a = 0..5)");
    std::vector<std::string> names = box.names();
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) {
        throw Error(Fault::input, "axis '" + *twice + "' of the box is given twice; leave one out");
    }
    if (names.front().empty()) throw Error(Fault::input, "an axis of the box has no name");
    for (const auto& axis : box.axes) check_axis(axis);
}

}  // namespace rondo
