#include "runtime/estimate/boundary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/sample/portable.h"

namespace rondo {

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(values);
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(below);
    if (rest == 0 || below + 1 == values.size()) return values[below];
    if (std::isinf(values[below + 1])) return values[below + 1];
    return values[below] + rest * (values[below + 1] - values[below]);
}

std::vector<double> quantiles(std::span<const std::vector<double>> running, double q) {
    std::vector<double> result;
    for (std::size_t j = 0; j < running.front().size(); ++j) {
        std::vector<double> values;  // those that failed on the way have NaN behind
        for (const auto& member : running)
            values.push_back(std::isnan(member[j]) ? std::numeric_limits<double>::infinity() : member[j]);
        result.push_back(quantile(std::move(values), q));
    }
    return result;
}

std::vector<double> boundary(const AdaptiveRule& rule, std::span<const double> quantiles,
                             std::span<const double> times) {
    std::vector<double> result;
    for (std::size_t j = 0; j < times.size(); ++j) {
        const double factor = rule.alpha * portable_exp(-rule.beta * times[j] / times.back());
        result.push_back(quantiles[j] * (rule.floored ? std::max(factor, 1.0) : factor));
    }
    return result;
}

}  // namespace rondo
