#include "runtime/estimate/noise.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace rondo {

Unlikelihood unlikelihood(const Noise& noise, double measured, double simulated, double sigma) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (!(sigma > 0) || (noise.scaling != Scaling::linear && !(simulated > 0)))
        return {nan, nan, nan, nan, nan};
    const double slope = scaled_slope(noise.scaling, simulated);
    const double r = (scaled(noise.scaling, measured) - scaled(noise.scaling, simulated)) / sigma;
    const double own = -std::log(scaled_slope(noise.scaling, measured));
    const double weight = slope / sigma;
    if (noise.kind == Noise::Kind::laplace)
        return {std::log(2 * sigma) + std::abs(r) + own, r > 0 ? -weight : weight, (1 - std::abs(r)) / sigma,
                weight * weight, 1 / (sigma * sigma)};
    return {0.5 * std::log(2 * std::numbers::pi) + std::log(sigma) + 0.5 * r * r + own, -r * weight,
            (1 - r * r) / sigma, weight * weight, 2 / (sigma * sigma)};
}

}  // namespace rondo
