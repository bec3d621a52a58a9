// boundary.h: the curve of running objectives above which a candidate is stopped, learnt from a population.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace rondo {

struct AdaptiveRule {
    double quantile = 0.75;  // (0, 1]
    double alpha = 1.2, beta = 0.7;
    double grace = 0;      // fraction of the times at which nothing is stopped, [0, 1)
    bool floored = false;  // never below the quantile itself (the published rule falls to 0.6 of it)
};

// Times of the data, of so many, that pass before anything is stopped.
inline std::size_t grace_times(const AdaptiveRule& rule, std::size_t times) {
    return static_cast<std::size_t>(rule.grace * static_cast<double>(times));
}

// Q(j), of the members' running objectives [members][times].
std::vector<double> quantiles(std::span<const std::vector<double>> running, double q);

// B(j) = Q(j) * alpha * exp(-beta * t_j / t_T), the factor at least 1 if floored. Source: the work on
// estimation with early-stopped simulations, equation 10.
std::vector<double> boundary(const AdaptiveRule&, std::span<const double> quantiles,
                             std::span<const double> times);

}  // namespace rondo
