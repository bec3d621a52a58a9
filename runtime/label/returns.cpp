#include "runtime/label/returns.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rondo {
namespace {

// A limit is believed where the changes fall at least this fast from stretch to stretch.
constexpr double steep = 0.5;

// What three values in a row, evenly spaced, tend to, if they approach it like a geometric series.
struct Limit {
    double ratio;    // of the last change to the one before
    double to_come;  // the change still to come
};

Limit limit_of(double first, double second, double third) {
    const double ratio = (third - second) / (second - first);
    return {ratio, (third - second) * ratio / (1 - ratio)};
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

// The mean gap that stretches of `stretch` returns tend to.
std::optional<double> Returns::limit_period(std::size_t stretch, double noise, double convergence) const {
    const auto mean = [&](std::size_t back) {
        const std::size_t end = count() - back * stretch;
        return (times_[end] - times_[end - stretch]) / static_cast<double>(stretch);
    };
    const double first = mean(2), second = mean(1), third = mean(0);
    const double change = std::max(std::abs(third - second), std::abs(second - first));
    if (change <= noise * third) return third;
    const auto [ratio, to_come] = limit_of(first, second, third);
    if (!(std::abs(ratio) < steep) || std::abs(to_come) > convergence * third) return std::nullopt;
    return third + to_come;
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
    const auto [ratio, to_come] = limit_of(first, second, third);
    return std::abs(ratio) < steep && std::abs(to_come) <= settled * third;
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
    // A slow approach looks still over stretches that are short compared with it.
    constexpr std::size_t shortest = 8;  // th part of what there is
    for (std::size_t stretch : stretches) {
        if (3 * stretch > count()) break;
        if (shortest * stretch < count()) continue;
        const auto gap = limit_period(stretch, noise, convergence);
        if (!gap || !swing_settled(stretch)) continue;
        for (std::size_t pattern = 1; pattern <= std::min<std::size_t>(stretch, 16); ++pattern)
            if (stretch % pattern == 0 && repeats(pattern, stretch))
                return Cycle{*gap * static_cast<double>(pattern), static_cast<int>(pattern),
                             range_of_last(pattern, section_).swing()};
    }
    return std::nullopt;
}

}  // namespace rondo
