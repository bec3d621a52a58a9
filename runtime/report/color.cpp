#include "runtime/report/color.h"

#include <algorithm>
#include <span>

namespace rondo {
namespace {

// Nine of the 256 colours of "viridis" (Smith, van der Walt and Firing, 2015; CC0), evenly spaced.
constexpr Rgb viridis[] = {{0x44, 0x01, 0x54}, {0x47, 0x2d, 0x7b}, {0x3b, 0x52, 0x8b},
                           {0x2c, 0x72, 0x8e}, {0x21, 0x91, 0x8c}, {0x28, 0xae, 0x80},
                           {0x5e, 0xc9, 0x62}, {0xad, 0xdc, 0x30}, {0xfd, 0xe7, 0x25}};
// Blue and vermilion of the series' colours, darkened at the ends, through near-white.
constexpr Rgb diverging[] = {{0x00, 0x2a, 0x57}, {0x00, 0x72, 0xb2}, {0x8c, 0xc0, 0xde}, {0xf7, 0xf7, 0xf7},
                             {0xf2, 0xb4, 0x8a}, {0xd5, 0x5e, 0x00}, {0x6e, 0x22, 0x00}};
constexpr Rgb no_value = {0xc8, 0xc8, 0xc8};

ColorMap interpolate(std::span<const Rgb> stops) {
    ColorMap map;
    map[0] = no_value;
    for (std::size_t i = 1; i < map.size(); ++i) {
        const double place = static_cast<double>(i - 1) / 254 * static_cast<double>(stops.size() - 1);
        const std::size_t k = std::min(static_cast<std::size_t>(place), stops.size() - 2);
        const double weight = place - static_cast<double>(k);
        const auto mix = [&](std::uint8_t Rgb::*part) {
            return static_cast<std::uint8_t>(stops[k].*part * (1 - weight) + stops[k + 1].*part * weight +
                                             0.5);
        };
        map[i] = {mix(&Rgb::red), mix(&Rgb::green), mix(&Rgb::blue)};
    }
    return map;
}

}  // namespace

std::string hex(Rgb color) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "#";
    for (const unsigned part : {color.red, color.green, color.blue}) {
        text += digits[part >> 4];
        text += digits[part & 15];
    }
    return text;
}

Rgb series_color(std::size_t index) {
    constexpr Rgb colors[series_colors] = {{0x00, 0x72, 0xb2}, {0xd5, 0x5e, 0x00}, {0x00, 0x9e, 0x73},
                                           {0xcc, 0x79, 0xa7}, {0xe6, 0x9f, 0x00}, {0x56, 0xb4, 0xe9},
                                           {0x33, 0x33, 0x33}};
    return colors[index % series_colors];
}

const ColorMap& color_map(Limits range) {
    static const ColorMap magnitude = interpolate(viridis), difference = interpolate(diverging);
    return range.low == -range.high ? difference : magnitude;
}

std::uint8_t color_index(double value, Limits range) {
    if (!std::isfinite(value)) return 0;
    const double place = (std::clamp(value, range.low, range.high) - range.low) / (range.high - range.low);
    return static_cast<std::uint8_t>(1.5 + 254 * place);
}

}  // namespace rondo
