#include "runtime/estimate/boundary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/sample/portable.h"
#include "runtime/table/quantile.h"

namespace rondo {

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
