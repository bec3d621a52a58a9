// Sums of vectors against loops over their numbers, bit by bit.
#include "runtime/integrate/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rondo {
namespace {

constexpr std::size_t largest = 13;  // more than three blocks of four, and what is left over

std::vector<double> numbers(std::size_t n, int seed) {
    std::vector<double> result(n);
    for (std::size_t i = 0; i < n; ++i) result[i] = std::sin(1.7 * static_cast<double>(i) + seed) * 3;
    return result;
}

TEST(Kernels, SumsOfTwoAreThoseOfALoop) {
    struct Case {
        double a, b;
    };
    for (const auto& [a, b] : {Case{1, 1}, Case{0.3, 0.3}, Case{0.7, -0.7}, Case{1, -1}, Case{2.1, -0.4}}) {
        for (std::size_t n = 0; n <= largest; ++n) {
            const auto x = numbers(n, 1), y = numbers(n, 2);
            std::vector<double> apart(n), onto_x = x, onto_y = y;
            linear_sum(n, a, x.data(), b, y.data(), apart.data());
            linear_sum(n, a, onto_x.data(), b, y.data(), onto_x.data());
            linear_sum(n, a, x.data(), b, onto_y.data(), onto_y.data());
            for (std::size_t i = 0; i < n; ++i) {
                // As SUNDIALS has it: one product where the factors are equal.
                const double expected = a == b    ? a * (x[i] + y[i])
                                        : a == -b ? a * (x[i] - y[i])
                                                  : a * x[i] + b * y[i];
                EXPECT_EQ(apart[i], expected);
                EXPECT_EQ(onto_x[i], expected);
                EXPECT_EQ(onto_y[i], expected);
            }
        }
    }
}

TEST(Kernels, SumsOfManyAreAddedFromTheLeft) {
    const std::vector<double> c{0.3, -1.1, 7, 1e-9, 0.25, -3};
    for (std::size_t n = 0; n <= largest; ++n) {
        for (int count = 3; count <= 6; ++count) {
            std::vector<std::vector<double>> x;
            for (int j = 0; j < count; ++j) x.push_back(numbers(n, j));
            const auto kept = x;
            const auto row = [&](int j) { return x[static_cast<std::size_t>(j)].data(); };
            linear_combination(n, count, c.data(), row, x[0].data());
            for (std::size_t i = 0; i < n; ++i) {
                double sum = c[0] * kept[0][i];
                for (std::size_t j = 1; j < kept.size(); ++j) sum += c[j] * kept[j][i];
                EXPECT_EQ(x[0][i], sum) << n << " " << count << " " << i;
            }
        }
    }
}

TEST(Kernels, SumsOfOneAndTwoAreScaledAndSummed) {
    const auto x = numbers(largest, 1), y = numbers(largest, 2);
    const double c[2] = {0.3, 0.3};
    const auto row = [&](int j) { return j == 0 ? x.data() : y.data(); };
    std::vector<double> one(largest), two(largest);
    linear_combination(largest, 1, c, row, one.data());
    linear_combination(largest, 2, c, row, two.data());
    for (std::size_t i = 0; i < largest; ++i) {
        EXPECT_EQ(one[i], 0.3 * x[i]);
        EXPECT_EQ(two[i], 0.3 * (x[i] + y[i]));
    }
}

TEST(Kernels, TheNormIsTheRootMeanSquare) {
    const double x[] = {3, -4, 0, 12}, w[] = {1, 1, 5, 1};
    EXPECT_EQ(weighted_norm(4, x, w), std::sqrt(169.0 / 4));
}

}  // namespace
}  // namespace rondo
