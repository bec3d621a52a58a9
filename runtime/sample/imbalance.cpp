// imbalance.cpp: the imbalance ratio and Gini's index.
#include "runtime/sample/imbalance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

std::vector<double> sorted_values(std::span<const double> y) {
    std::vector<double> sorted(y.begin(), y.end());
    std::sort(sorted.begin(), sorted.end());
    const bool sound = std::all_of(y.begin(), y.end(), [](double v) { return v >= 0 && std::isfinite(v); });
    if (y.size() < 2 || !sound || sorted.back() == 0) {
        throw Error(Fault::input,
                    "Gini's index needs at least 2 finite values, none negative and not all of them 0");
    }
    return sorted;
}

// Sums of the values at or below the percentiles 0, 100/99, ..., 100, as shares of the whole. Ties at a
// percentile all count, which is why it reads low where labels repeat.
double by_lorenz_curve(std::span<const double> y) {
    const std::vector<double> sorted = sorted_values(y.subspan(1));
    std::vector<double> sums{0};
    for (const double each : sorted) sums.push_back(sums.back() + each);
    constexpr int points = 100;
    double area = 0, before = 0;
    for (int i = 0; i < points; ++i) {
        const double place = static_cast<double>(i) / (points - 1) * static_cast<double>(sorted.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const double next = sorted[std::min(below + 1, sorted.size() - 1)];
        const double percentile = std::lerp(sorted[below], next, place - static_cast<double>(below));
        const auto count = std::upper_bound(sorted.begin(), sorted.end(), percentile) - sorted.begin();
        const double share = sums[static_cast<std::size_t>(count)] / sums.back();
        if (i > 0) area += (before + share) / 2 / (points - 1);
        before = share;
    }
    return 1 - 2 * area;
}

}  // namespace

double imbalance_ratio(std::span<const double> y) {
    const auto zero = std::count(y.begin(), y.end(), 0.0);
    const auto above = std::count_if(y.begin(), y.end(), [](double v) { return v > 0; });
    return above > 0 ? static_cast<double>(zero) / static_cast<double>(above)
                     : std::numeric_limits<double>::infinity();
}

double gini(std::span<const double> y, GiniForm form) {
    if (form == GiniForm::lorenz && y.size() > 2) return by_lorenz_curve(y);
    const std::vector<double> sorted = sorted_values(y);
    const auto n = static_cast<double>(sorted.size());
    double sum = 0, ranked = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        sum += sorted[i];
        ranked += static_cast<double>(i + 1) * sorted[i];
    }
    return 2 * ranked / (n * sum) - (n + 1) / n;
}

}  // namespace rondo
