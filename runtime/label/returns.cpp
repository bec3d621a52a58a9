#include "runtime/label/returns.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rondo {
namespace {

// A slow approach looks still over stretches that are short compared with it: the shortest that counts, as
// what part of all returns there are.
constexpr std::size_t shortest = 8;
constexpr double less = 0.8;     // the ratio of changes in a row that is clearly less than 1
constexpr double coarse = 10;    // how much farther from the last estimate the last but two may be
constexpr double even = 1e-3;    // how closely two estimates in a row agree on the swing
constexpr double lasting = 0.1;  // how much of the swing may still come or go

// Of three values in a row, evenly spaced: whether the changes fall fast enough for a limit to be believed.
bool falls(double first, double second, double third) {
    constexpr double steep = 0.5;
    return std::abs(third - second) < steep * std::abs(second - first);
}

// Their limit, if they approach it like a geometric series (Aitken's delta-squared process).
double aitken(double first, double second, double third) {
    const double change = third - second, bend = change - (second - first);
    return bend == 0 ? third : third - change * change / bend;
}

// Whether changes grow less from value to value; value(0) is the last, value(1) the one before.
template <class Value>
bool shrinks(const Value& value, std::size_t changes) {
    for (std::size_t k = 0; k + 1 < changes; ++k)
        if (!(std::abs(value(k) - value(k + 1)) < less * std::abs(value(k + 1) - value(k + 2)))) return false;
    return true;
}

// What the last three but `back` tend to, if they do.
template <class Value>
double limit_of_three(const Value& value, std::size_t back) {
    const auto earlier = [&](std::size_t k) { return value(back + k); };
    return shrinks(earlier, 2) ? aitken(earlier(2), earlier(1), earlier(0)) : earlier(0);
}

// Aitken's process on each three values in a row, as above the last first.
template <std::size_t n>
std::array<double, n - 2> limits(const std::array<double, n>& values) {
    std::array<double, n - 2> result;
    for (std::size_t k = 0; k < n - 2; ++k) result[k] = aitken(values[k + 2], values[k + 1], values[k]);
    return result;
}

}  // namespace

void Returns::start(std::size_t section) {
    section_ = section;
    times_.clear();
    ranges_.clear();
    swing_sum_.clear();
}

void Returns::add(double t, std::span<const Extent> ranges) {
    times_.push_back(t);
    if (times_.size() == 1) {
        swing_sum_ = {0};
        return;
    }
    ranges_.insert(ranges_.end(), ranges.begin(), ranges.end());
    swing_sum_.push_back(swing_sum_.back() + ranges[section_].swing());
}

Extent Returns::range_of_last(std::size_t n, std::size_t quantity) const {
    Extent all = range(count() - 1, quantity);
    for (std::size_t k = count() - std::min(n, count()); k < count(); ++k) {
        all.low = std::min(all.low, range(k, quantity).low);
        all.high = std::max(all.high, range(k, quantity).high);
    }
    return all;
}

// Of the stretch that ends `back` stretches before the last return.
double Returns::length(std::size_t stretch, std::size_t back) const {
    const std::size_t end = count() - back * stretch;
    return times_[end] - times_[end - stretch];
}

double Returns::mean_gap(std::size_t stretch, std::size_t back) const {
    return length(stretch, back) / static_cast<double>(stretch);
}

// The mean gap that stretches of `stretch` returns tend to.
std::optional<double> Returns::limit_period(std::size_t stretch, double noise, double convergence) const {
    const double first = mean_gap(stretch, 2), second = mean_gap(stretch, 1), third = mean_gap(stretch, 0);
    const double change = std::max(std::abs(third - second), std::abs(second - first));
    if (change <= noise * third) return third;
    const double limit = aitken(first, second, third);
    if (!falls(first, second, third) || std::abs(limit - third) > convergence * third) return std::nullopt;
    return limit;
}

// Not shrinking to nothing, nor growing on.
bool Returns::swing_settled(std::size_t stretch) const {
    constexpr double noise = 1e-5;  // of the parabolas at the turns
    constexpr double settled = 1e-4;
    const auto mean = [&](std::size_t back) {
        const std::size_t end = count() - back * stretch;
        return (swing_sum_[end] - swing_sum_[end - stretch]) / static_cast<double>(stretch);
    };
    const double first = mean(2), second = mean(1), third = mean(0);
    const double change = std::max(std::abs(third - second), std::abs(second - first));
    if (change <= noise * third) return true;
    return falls(first, second, third) && std::abs(aitken(first, second, third) - third) <= settled * third;
}

// Whether each of the last returns is like the one `pattern` returns before it.
bool Returns::repeats(std::size_t pattern, std::size_t stretch) const {
    constexpr double same_gap = 1e-5, same_extreme = 1e-3;
    const std::size_t look = std::max(stretch, pattern + 1);
    if (look + pattern > count()) return false;
    for (std::size_t k = count() - look; k < count(); ++k) {
        if (std::abs(gap(k) - gap(k - pattern)) > same_gap * gap(k)) return false;
        for (std::size_t q = 0; q < quantities_; ++q) {
            const Extent &now = range(k, q), &then = range(k - pattern, q);
            const double near = same_extreme * range_of_last(pattern, q).swing();
            if (std::abs(now.low - then.low) > near || std::abs(now.high - then.high) > near) return false;
        }
    }
    return true;
}

std::optional<Cycle> Returns::cycle(double noise, double convergence) const {
    constexpr std::array<std::size_t, 26> stretches = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};
    for (std::size_t stretch : stretches) {
        if (3 * stretch > count()) break;
        if (shortest * stretch < count()) continue;
        const auto gap = limit_period(stretch, noise, convergence);
        if (!gap || !swing_settled(stretch)) continue;
        for (std::size_t pattern = 1; pattern <= std::min<std::size_t>(stretch, 16); ++pattern)
            if (stretch % pattern == 0 && repeats(pattern, stretch))
                return Cycle{*gap * static_cast<double>(pattern), range_of_last(pattern, 0).swing()};
    }
    return std::nullopt;
}

std::optional<Cycle> Returns::approached(double convergence) const {
    for (std::size_t stretch = 1; 7 * stretch <= count(); ++stretch) {
        if (2 * shortest * stretch < count()) continue;
        std::array<double, 7> lengths;
        for (std::size_t back = 0; back < lengths.size(); ++back) lengths[back] = length(stretch, back);
        if (!shrinks([&](std::size_t back) { return lengths[back]; }, 4)) continue;
        const auto settling = limits(limits(lengths));
        const double close = convergence * settling[0];
        if (!(std::abs(settling[0] - settling[1]) <= close)) continue;
        if (!(std::abs(settling[0] - settling[2]) <= coarse * close)) continue;
        const auto swing = [&](std::size_t back) { return range(count() - 1 - back * stretch, 0).swing(); };
        const double settled = limit_of_three(swing, 0);
        if (!(std::abs(settled - limit_of_three(swing, 1)) <= even * settled)) continue;
        if (!(std::abs(settled - swing(0)) <= lasting * settled)) continue;
        return Cycle{settling[0] / static_cast<double>(stretch), settled};
    }
    return std::nullopt;
}

}  // namespace rondo
