#include "runtime/estimate/prior.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace rondo {
namespace {

// Of x with location and scale, by x.
Improbability of_normal(double x, double location, double scale) {
    const double r = (x - location) / scale;
    return {0.5 * std::log(2 * std::numbers::pi) + std::log(scale) + 0.5 * r * r, r / scale,
            1 / (scale * scale)};
}

Improbability of_laplace(double x, double location, double scale) {
    const double r = (x - location) / scale;
    return {std::log(2 * scale) + std::abs(r),
            r > 0   ? 1 / scale
            : r < 0 ? -1 / scale
                    : 0,
            1 / (scale * scale)};
}

}  // namespace

Improbability improbability(const Prior& prior, Scaling scaling, double z) {
    const double value = unscaled(scaling, z);
    const double by_z = prior.of_scaled ? 1 : 1 / scaled_slope(scaling, value);  // dx / dz
    const double x = prior.of_scaled ? z : value;
    const auto chained = [&](Improbability of_x, double slope) {
        return Improbability{of_x.value, of_x.slope * slope, of_x.curvature * slope * slope};
    };
    switch (prior.kind) {
        case Prior::Kind::normal: return chained(of_normal(x, prior.first, prior.second), by_z);
        case Prior::Kind::laplace: return chained(of_laplace(x, prior.first, prior.second), by_z);
        case Prior::Kind::log_normal:
        case Prior::Kind::log_laplace: {
            if (!(x > 0)) break;
            Improbability result = chained(prior.kind == Prior::Kind::log_normal
                                               ? of_normal(std::log(x), prior.first, prior.second)
                                               : of_laplace(std::log(x), prior.first, prior.second),
                                           by_z / x);
            result.value += std::log(x);
            result.slope += by_z / x;
            return result;
        }
        default:
            if (x < prior.first || x > prior.second) break;
            return {std::log(prior.second - prior.first), 0, 0};
    }
    return {std::numeric_limits<double>::infinity(), 0, 0};
}

double draw(const Prior& prior, Scaling scaling, Random& random) {
    double x = 0;
    if (prior.kind == Prior::Kind::uniform) {
        x = prior.first + random.uniform() * (prior.second - prior.first);
    } else if (prior.kind == Prior::Kind::normal || prior.kind == Prior::Kind::log_normal) {
        x = prior.first + random.normal() * prior.second;
    } else {
        const double u = random.uniform() - 0.5;
        x = prior.first - prior.second * std::copysign(std::log(1 - 2 * std::abs(u)), u);
    }
    if (prior.kind == Prior::Kind::log_normal || prior.kind == Prior::Kind::log_laplace) x = std::exp(x);
    return prior.of_scaled ? x : scaled(scaling, x);
}

}  // namespace rondo
