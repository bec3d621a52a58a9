// choose.cpp: rows by score and by weight.
#include "runtime/sample/choose.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "dsl/syntax/error.h"
#include "runtime/sample/random.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

[[noreturn]] void fail(const std::string& what, std::size_t row, double value, const std::string& expected) {
    throw Error(Fault::input,
                what + " of row " + std::to_string(row + 1) + " is " + shortest(value) + "; " + expected);
}

void check_weights(std::span<const double> weights) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!std::isfinite(weights[i]) || weights[i] < 0)
            fail("the weight", i, weights[i], "weights are finite and not negative");
    }
}

// Sums up to and with each row of mix w / sum w + (1 - mix) / rows; the last is 1.
std::vector<double> cumulative(std::span<const double> weights, double mix) {
    check_weights(weights);
    if (weights.empty()) throw Error(Fault::input, "there is no row to draw from");
    if (!(mix >= 0 && mix <= 1))
        throw Error(Fault::input, "mix is " + shortest(mix) + "; it must be from 0 to 1");
    const double largest = *std::max_element(weights.begin(), weights.end());
    double total = 0;  // in units of the largest, so that it is finite
    for (const double weight : weights) total += largest > 0 ? weight / largest : 0;
    if (largest == 0) mix = 0;
    std::vector<double> sums;
    double sum = 0;
    for (const double weight : weights) {
        sum += (mix > 0 ? mix * (weight / largest) / total : 0) +
               (1 - mix) / static_cast<double>(weights.size());
        sums.push_back(sum);
    }
    for (double& each : sums) each /= sum;
    return sums;
}

// For each of as many equal parts of [0, 1) as there are rows, the first row whose sum is not below its
// beginning: where a search starts. Source: Chen and Asau, "On generating random variates from an empirical
// distribution" (1974).
std::vector<std::size_t> guide_to(const std::vector<double>& sums) {
    std::vector<std::size_t> guide;
    std::size_t row = 0;
    for (std::size_t part = 0; part < sums.size(); ++part) {
        while (sums[row] * double(sums.size()) < double(part)) ++row;
        guide.push_back(row);
    }
    return guide;
}

// n rows, each the first whose sum is above a draw.
std::vector<std::size_t> draw(const std::vector<double>& sums, std::size_t n, std::uint64_t seed,
                              const char* verb) {
    const std::vector<std::size_t> guide = guide_to(sums);
    const RandomStream stream(seed, verb);
    std::vector<std::size_t> rows(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double u = stream.item(i).uniform();
        std::size_t row = guide[std::size_t(u * double(sums.size()))];
        while (sums[row] <= u) ++row;
        rows[i] = row;
    }
    return rows;
}

// A symmetric matrix and what the determinantal walk asks of it. Row-major, width x width.
class Square {
  public:
    Square(std::size_t width, double diagonal) : width_(width), values_(width * width, 0.0) {
        for (std::size_t i = 0; i < width; ++i) values_[i * width + i] = diagonal;
    }

    std::vector<double> times(std::span<const double> x) const {
        std::vector<double> y(width_);
        for (std::size_t i = 0; i < width_; ++i)
            y[i] = std::inner_product(x.begin(), x.end(), values_.begin() + long(i * width_), 0.0);
        return y;
    }

    // this = keep * this + factor x x'
    void add(std::span<const double> x, double keep, double factor) {
        for (std::size_t i = 0; i < width_; ++i)
            for (std::size_t j = 0; j < width_; ++j)
                values_[i * width_ + j] = keep * values_[i * width_ + j] + factor * x[i] * x[j];
    }

    double trace_of_product(const Square& other) const {  // of two symmetric ones
        return std::inner_product(values_.begin(), values_.end(), other.values_.begin(), 0.0);
    }

  private:
    std::size_t width_;
    std::vector<double> values_;
};

}  // namespace

std::vector<bool> top(std::span<const double> scores, std::size_t n) {
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!std::isfinite(scores[i])) fail("the score", i, scores[i], "leave such rows out first");
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto i, auto j) { return scores[i] > scores[j]; });
    std::vector<bool> chosen(scores.size());
    for (std::size_t i = 0; i < std::min(n, order.size()); ++i) chosen[order[i]] = true;
    return chosen;
}

std::vector<std::size_t> redraw(std::span<const double> weights, std::size_t n, double mix,
                                std::uint64_t seed) {
    return draw(cumulative(weights, mix), n, seed, "redraw");
}

std::vector<std::size_t> multinomial(std::span<const double> weights, std::size_t n, std::uint64_t seed) {
    std::vector<std::size_t> counts(weights.size());
    for (const std::size_t row : draw(cumulative(weights, 1), n, seed, "multinomial")) ++counts[row];
    return counts;
}

Reservoir reservoir(std::size_t size, std::span<const double> weights, double sum, std::uint64_t seed) {
    check_weights(weights);
    if (size == 0) throw Error(Fault::input, "the reservoir is empty");
    Reservoir result{std::vector<std::size_t>(size), std::vector<bool>(weights.size()), sum};
    std::iota(result.from.begin(), result.from.end(), std::size_t{0});
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Random random(seed, "reservoir", i);
        result.sum += weights[i];
        if (result.sum == 0) continue;
        const double rows = static_cast<double>(size);
        const double chance = rows * std::min(weights[i] / result.sum, 1 / rows);
        result.accepted[i] = random.uniform() < chance;
        if (result.accepted[i]) result.from[random.below(size)] = size + i;
    }
    return result;
}

std::vector<bool> determinantal(std::span<const double> embeddings, std::size_t width, std::size_t n,
                                double scale, std::uint64_t seed) {
    if (width == 0) throw Error(Fault::input, "the embeddings have no columns");
    if (!(scale > 0)) throw Error(Fault::input, "scale is " + shortest(scale) + "; it must be > 0");
    const std::size_t rows = embeddings.size() / width;
    std::vector<bool> accepted(rows);
    Square inverse(width, scale), covariance(width, 0);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < rows && taken < n; ++i) {
        const auto x = embeddings.subspan(i * width, width);
        const std::vector<double> projected = inverse.times(x);
        const double gain = std::inner_product(x.begin(), x.end(), projected.begin(), 0.0);
        if (!std::isfinite(gain)) fail("the embedding", i, gain, "leave such rows out first");
        const auto seen = static_cast<double>(i + 1);
        covariance.add(x, 1 - 1 / seen, 1 / seen);
        const double rate = static_cast<double>(n - taken) / static_cast<double>(rows - i);
        const double mean_gain = covariance.trace_of_product(inverse);
        const double chance = mean_gain > 0 ? rate * gain / mean_gain : 0;
        if (Random(seed, "determinantal", i).uniform() >= chance) continue;
        accepted[i] = true;
        ++taken;
        inverse.add(projected, 1, -1 / (1 + gain));  // Sherman and Morrison
    }
    return accepted;
}

}  // namespace rondo
