#include "runtime/table/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(values);
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(below);
    if (rest == 0 || below + 1 == values.size() || std::isinf(values[below])) return values[below];
    if (std::isinf(values[below + 1])) return values[below + 1];
    return values[below] + rest * (values[below + 1] - values[below]);
}

}  // namespace rondo
