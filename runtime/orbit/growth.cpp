#include "runtime/orbit/growth.h"

#include <cmath>
#include <cstdio>

namespace rondo {

// The deviation is brought back to its size after each of many pieces (Benettin, Galgani, Giorgilli and
// Strelcyn, Meccanica 15, 1980). Along a torus it grows with time at most, so its logarithm hardly does.
std::string describe_growth(const Flow& flow, std::span<const double> y, std::span<const double> p,
                            std::span<const double> scale, double duration) {
    constexpr int pieces = 400;
    constexpr double rtol = 1e-9, much = 20;  // of the logarithm: what no torus reaches
    const auto& states = flow.variation().states;
    auto path = flow.begin(y);
    auto deviation = flow.direction(path, 0);
    for (std::size_t i = 0; i < deviation.size(); ++i) deviation[i] = scale[states[i]];
    double growth = 0;
    const auto normalise = [&] {
        double size = 0;
        for (std::size_t i = 0; i < deviation.size(); ++i)
            size = std::hypot(size, deviation[i] / scale[states[i]]);
        for (double& d : deviation) d /= size;
        return std::log(size);
    };
    normalise();
    for (int piece = 0; piece < pieces; ++piece) {
        if (!flow.follow(path, duration / pieces, p, scale, rtol)) return "";
        growth += normalise();
        if (!std::isfinite(growth)) return "";
    }
    if (growth <= much) return "quasi-periodic, or settling very slowly: small deviations do not grow";
    char text[80];
    std::snprintf(text, sizeof text, "chaotic: largest Lyapunov exponent %.3g", growth / duration);
    return text;
}

}  // namespace rondo
