// portable.cpp: only additions, products, quotients and scaling by powers of two; this room is compiled
// without contraction to fused multiply-adds.
#include "runtime/sample/portable.h"

#include <cmath>

namespace rondo {

namespace {

// ln 2 in two parts: the first has 20 trailing zero bits, so its product with an exponent is exact.
constexpr double ln2_high = 0x1.62e42fefp-1, ln2_low = 0x1.473de6af278edp-34;

}  // namespace

// x = m 2^e, ln m = 2 artanh s with s = (m - 1)/(m + 1), |s| < 0.172: terms up to s^23 / 23.
double portable_log(double x) {
    int e;
    double m = std::frexp(x, &e);
    const int small = m < 0.70710678118654752;  // no branch: it would be guessed wrong every other time
    m *= 1 + small;
    e -= small;
    const double s = (m - 1) / (m + 1), square = s * s;
    double tail = 0;
    for (int n = 23; n >= 3; n -= 2) tail = (tail + 1.0 / n) * square;
    return e * ln2_high + (2 * (s + s * tail) + e * ln2_low);
}

// x = k ln 2 + r, |r| < 0.347: Taylor up to r^14 / 14!.
double portable_exp(double x) {
    const double k = std::floor(x / 0.69314718055994531 + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;
    double sum = 0;
    for (int n = 14; n >= 1; --n) sum = (sum + 1) * r / n;
    return std::ldexp(1 + sum, int(k));
}

}  // namespace rondo
