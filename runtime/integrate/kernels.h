// kernels.h: sums of vectors, where CVODE spends most of a small model's run. SUNDIALS has the same, a call
// and a branch dearer for every few numbers; these give the same bits, since they add in the same order.
//
// The result may lie where one of the operands does.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace rondo {

// z[i] = value(i), for i < n. Four at a time before any is stored, so that they become vector instructions
// though z may be an operand.
template <class Value>
void fill(std::size_t n, double* z, Value value) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const double four[4] = {value(i), value(i + 1), value(i + 2), value(i + 3)};
        std::copy_n(four, 4, z + i);
    }
    for (; i < n; ++i) z[i] = value(i);
}

// z = a x + b y
inline void linear_sum(std::size_t n, double a, const double* x, double b, const double* y, double* z) {
    if (a == b)
        fill(n, z, [=](std::size_t i) { return a * (x[i] + y[i]); });
    else if (a == -b)
        fill(n, z, [=](std::size_t i) { return a * (x[i] - y[i]); });
    else
        fill(n, z, [=](std::size_t i) { return a * x[i] + b * y[i]; });
}

// z = c x
inline void scale(std::size_t n, double c, const double* x, double* z) {
    fill(n, z, [=](std::size_t i) { return c * x[i]; });
}

// z = c[0] x(0) + c[1] x(1) + ..., `count` > 0 terms, added from the left.
template <class Rows>
void linear_combination(std::size_t n, int count, const double* c, Rows x, double* z) {
    if (count == 1) return scale(n, c[0], x(0), z);
    if (count == 2) return linear_sum(n, c[0], x(0), c[1], x(1), z);
    std::size_t i = 0;
    const auto block = [&]<std::size_t width>() {
        double sum[width];
        for (std::size_t k = 0; k < width; ++k) sum[k] = c[0] * x(0)[i + k];
        for (int j = 1; j < count; ++j) {
            const double* row = x(j) + i;
            for (std::size_t k = 0; k < width; ++k) sum[k] += c[j] * row[k];
        }
        std::copy_n(sum, width, z + i);
        i += width;
    };
    while (i + 4 <= n) block.template operator()<4>();
    if (i + 2 <= n) block.template operator()<2>();
    if (i < n) block.template operator()<1>();
}

// The root mean square of x[i] w[i].
inline double weighted_norm(std::size_t n, const double* x, const double* w) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (x[i] * w[i]) * (x[i] * w[i]);
    return std::sqrt(sum / static_cast<double>(n));
}

}  // namespace rondo
