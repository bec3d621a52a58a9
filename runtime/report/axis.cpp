#include "runtime/report/axis.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/report/markup.h"

namespace rondo {
namespace {

std::string fixed(double value, int decimals) {
    std::array<char, 400> buffer;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals)
            .ptr;
    std::string text(buffer.data(), end);
    const bool zero = text.find_first_not_of("-0.") == text.npos;
    if (text.starts_with('-')) text.replace(0, 1, zero ? "" : "−");
    return text;
}

// mantissa * 10^exponent; mantissa 1, 2 or 5.
struct Step {
    int mantissa, exponent;
    double value() const { return mantissa * std::pow(10.0, exponent); }
};

Step nice_step(double least) {
    const int exponent = static_cast<int>(std::floor(std::log10(least)));
    for (const int mantissa : {1, 2, 5}) {
        if (const Step step{mantissa, exponent}; step.value() >= least * (1 - 1e-9)) return step;
    }
    return {1, exponent + 1};
}

std::vector<Tick> linear_ticks(double first, double last, Step step, int factor) {
    std::vector<Tick> ticks;
    const int decimals = std::clamp(factor - step.exponent, 0, 15);
    for (double i = first; i <= last; ++i) {
        const double scaled = i * step.mantissa * std::pow(10.0, step.exponent - factor);
        ticks.push_back({i * step.value(), fixed(scaled, decimals), ""});
    }
    return ticks;
}

double longest(const std::vector<Tick>& ticks) {
    double length = 0;
    for (const Tick& tick : ticks) length = std::max(length, text_width(tick.label, 1));
    return length;
}

void add_linear_ticks(PlotAxis& axis, int wanted) {
    const Step step = nice_step((axis.high - axis.low) / std::max(wanted, 1));
    const double first = std::ceil(axis.low / step.value() - 1e-9);
    const double last = std::floor(axis.high / step.value() + 1e-9);
    axis.ticks = linear_ticks(first, last, step, 0);
    const double largest = std::max({std::abs(first), std::abs(last), 1.0}) * step.value();
    const int magnitude = static_cast<int>(std::floor(std::log10(largest) + 1e-9));
    auto scaled = linear_ticks(first, last, step, magnitude);
    // a common power of ten pays where it makes long labels shorter by at least two digits
    const double digit = text_width("0", 1), before = longest(axis.ticks);
    if (before < 5 * digit || longest(scaled) > before - 1.9 * digit) return;
    axis.ticks = std::move(scaled);
    axis.factor = magnitude;
}

Tick power_tick(int mantissa, int exponent, bool plain) {
    const double value = mantissa * std::pow(10.0, exponent);
    if (plain) return {value, fixed(value, std::max(0, -exponent)), ""};
    const std::string sign = exponent < 0 ? "−" : "";
    return {value, mantissa == 1 ? "10" : std::to_string(mantissa) + "×10",
            sign + std::to_string(std::abs(exponent))};
}

void add_log_ticks(PlotAxis& axis, int wanted) {
    const int first = static_cast<int>(std::floor(std::log10(axis.low) + 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(axis.high) + 1e-9));
    const int decades = last - first;
    const int stride = std::max(1, (decades + wanted) / std::max(wanted, 1));
    const bool dense = decades * 3 <= wanted;  // room for 2 and 5
    const bool plain = axis.low >= 0.9e-3 && axis.high <= 1.1e4;
    const double slack = 1e-9;
    for (int e = first; e <= last; ++e) {
        for (int m = 1; m < 10; ++m) {
            const double value = m * std::pow(10.0, e);
            if (value < axis.low * (1 - slack) || value > axis.high * (1 + slack)) continue;
            const bool labelled = (m == 1 && e % stride == 0) || (dense && (m == 2 || m == 5));
            if (labelled)
                axis.ticks.push_back(power_tick(m, e, plain));
            else if (stride == 1)
                axis.minor.push_back(value);
        }
    }
}

// Length enough that ticks differ in their digits.
void widen(PlotAxis& axis) {
    if (axis.log && axis.high / axis.low < 1 + 1e-9) {
        axis.low /= 2;
        axis.high *= 2;
    }
    const double size = std::max(std::abs(axis.low), std::abs(axis.high));
    if (!axis.log && !(axis.high - axis.low > std::max(size * 1e-12, 1e-290))) {
        const double half = size > 1e-280 ? size / 2 : 0.5;
        axis.low -= half;
        axis.high += half;
    }
}

}  // namespace

Limits pad(Limits range, bool log, double below, double above) {
    if (range.empty()) return range;
    if (log) {
        const double decades = std::log10(range.high / range.low);
        return {range.low / std::pow(10, below * decades), range.high * std::pow(10, above * decades)};
    }
    const double length = range.high - range.low;
    return {range.low - below * length, range.high + above * length};
}

PlotAxis make_axis(Limits range, bool log, int wanted) {
    PlotAxis axis;
    axis.log = log;
    axis.low = range.empty() ? (log ? 0.1 : 0) : range.low;
    axis.high = range.empty() ? 1 : range.high;
    widen(axis);
    if (log) add_log_ticks(axis, wanted);
    if (axis.ticks.size() < 2) {  // less than a decade: plain steps serve a log axis too
        axis.ticks.clear();
        axis.minor.clear();
        add_linear_ticks(axis, wanted);
    }
    return axis;
}

}  // namespace rondo
