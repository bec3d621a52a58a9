// color.h: colours that all eyes can tell apart.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "runtime/report/axis.h"

namespace rondo {

struct Rgb {
    std::uint8_t red, green, blue;
};

// "#0072b2".
std::string hex(Rgb);

// Colour of the series `index`, from 0; repeats after seven.
// Source: Okabe and Ito, "Color Universal Design", 2008; its yellow is left out, too faint on white.
Rgb series_color(std::size_t index);
constexpr std::size_t series_colors = 7;

// Index 0: no value (grey). 1 to 255: from low to high.
using ColorMap = std::array<Rgb, 256>;

// From dark to light for magnitudes; two hues around near-white for a range that is symmetric about 0.
const ColorMap& color_map(Limits range);
// 1 to 255, clamped to the range's ends; 0 if the value is not finite.
std::uint8_t color_index(double value, Limits range);

}  // namespace rondo
