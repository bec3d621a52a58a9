// strata.cpp: a one-dimensional Gaussian mixture by expectation and maximisation.
#include "runtime/sample/strata.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "dsl/syntax/error.h"
#include "runtime/sample/choose.h"
#include "runtime/sample/portable.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

constexpr std::size_t parts = 3;
using Each = std::array<double, parts>;

struct Mixture {
    Each weight{}, mean{}, variance{};
};

double mean_of(std::span<const double> x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double variance_of(std::span<const double> x) {
    const double mean = mean_of(x);
    double sum = 0;
    for (const double each : x) sum += (each - mean) * (each - mean);
    return sum / static_cast<double>(x.size());
}

std::size_t nearest_part(double x, const Each& mean) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < parts; ++k)
        if (std::abs(x - mean[k]) < std::abs(x - mean[best])) best = k;
    return best;
}

// Means of three clusters (Lloyd), from the quantiles 1/6, 1/2, 5/6 of what is there.
Each cluster_means(std::span<const double> x) {
    std::vector<double> sorted(x.begin(), x.end());
    std::sort(sorted.begin(), sorted.end());
    Each mean;
    for (std::size_t k = 0; k < parts; ++k) mean[k] = sorted[(2 * k + 1) * sorted.size() / (2 * parts)];
    for (int round = 0; round < 300; ++round) {
        Each sum{}, count{};
        for (const double each : sorted) {
            const std::size_t k = nearest_part(each, mean);
            sum[k] += each;
            ++count[k];
        }
        const Each before = mean;
        for (std::size_t k = 0; k < parts; ++k)
            if (count[k] > 0) mean[k] = sum[k] / count[k];
        if (mean == before) break;
    }
    return mean;
}

// Of each row and component its share of the row; returns the mean log-likelihood.
double expect(std::span<const double> x, const Mixture& mixture, std::vector<Each>& shares) {
    double likelihood = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        Each logs;
        for (std::size_t k = 0; k < parts; ++k) {
            const double deviation = x[i] - mixture.mean[k], variance = mixture.variance[k];
            logs[k] = mixture.weight[k] > 0 ? portable_log(mixture.weight[k]) -
                                                  0.5 * (portable_log(2 * std::numbers::pi * variance) +
                                                         deviation * deviation / variance)
                                            : -1e300;
        }
        const double largest = *std::max_element(logs.begin(), logs.end());
        double sum = 0;
        for (std::size_t k = 0; k < parts; ++k) {
            shares[i][k] = logs[k] - largest < -700 ? 0 : portable_exp(logs[k] - largest);
            sum += shares[i][k];
        }
        for (double& share : shares[i]) share /= sum;
        likelihood += largest + portable_log(sum);
    }
    return likelihood / static_cast<double>(x.size());
}

void maximise(std::span<const double> x, const std::vector<Each>& shares, double floor, Mixture& mixture) {
    for (std::size_t k = 0; k < parts; ++k) {
        double weight = 0, sum = 0, square = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            weight += shares[i][k];
            sum += shares[i][k] * x[i];
        }
        mixture.weight[k] = weight / static_cast<double>(x.size());
        if (weight > 0) mixture.mean[k] = sum / weight;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double deviation = x[i] - mixture.mean[k];
            square += shares[i][k] * deviation * deviation;
        }
        mixture.variance[k] = (weight > 0 ? square / weight : 0) + floor;
    }
}

std::vector<std::uint8_t> by_shares(std::span<const double> x) {
    const std::size_t tenth = std::max<std::size_t>(1, x.size() / 10);
    const auto high = top(x, tenth), not_low = top(x, x.size() - tenth);
    std::vector<std::uint8_t> of(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) of[i] = high[i] ? 2 : not_low[i] ? 1 : 0;
    return of;
}

std::vector<double> shares_of_sum(std::span<const double> residuals) {
    if (residuals.size() < 4)
        throw Error(Fault::input,
                    "strata need at least 4 residuals; there are " + std::to_string(residuals.size()));
    double sum = 0;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
        if (!std::isfinite(residuals[i]) || residuals[i] < 0)
            throw Error(Fault::input, "the residual of row " + std::to_string(i + 1) + " is " +
                                          shortest(residuals[i]) + "; residuals are finite and not negative");
        sum += residuals[i];
    }
    std::vector<double> x(residuals.begin(), residuals.end());
    if (sum > 0)
        for (double& each : x) each /= sum;
    return x;
}

}  // namespace

Strata strata(std::span<const double> residuals, VarianceFloor kind) {
    const std::vector<double> x = shares_of_sum(residuals);
    const double spread = variance_of(x);
    Strata result;
    const bool coded = kind == VarianceFloor::coded;
    const double floor = coded ? 1e-6 : 1e-6 * spread, least_gain = coded ? 1e-3 : 1e-6;
    if (spread > 0) {
        Mixture mixture;
        std::vector<Each> shares(x.size());
        const Each start = cluster_means(x);
        mixture.mean = start;
        for (std::size_t i = 0; i < x.size(); ++i) shares[i][nearest_part(x[i], start)] = 1;
        maximise(x, shares, floor, mixture);
        double before = -std::numeric_limits<double>::infinity();
        for (int round = 0; round < 100; ++round) {
            const double now = expect(x, mixture, shares);
            maximise(x, shares, floor, mixture);
            if (std::abs(now - before) < least_gain) break;
            before = now;
        }
        expect(x, mixture, shares);
        std::array<std::size_t, parts> order{0, 1, 2}, rank{};
        std::sort(order.begin(), order.end(),
                  [&](auto a, auto b) { return mixture.mean[a] < mixture.mean[b]; });
        for (std::size_t k = 0; k < parts; ++k) rank[order[k]] = k;
        for (std::size_t k = 0; k < parts; ++k) result.mean[k] = mixture.mean[order[k]];
        for (const Each& share : shares) {
            const auto likeliest = std::max_element(share.begin(), share.end()) - share.begin();
            result.of.push_back(static_cast<std::uint8_t>(rank[static_cast<std::size_t>(likeliest)]));
        }
    }
    if (std::count(result.of.begin(), result.of.end(), 2) < 2 ||
        std::count(result.of.begin(), result.of.end(), 1) < 1) {
        return {by_shares(x), false, {}};
    }
    return result;
}

}  // namespace rondo
