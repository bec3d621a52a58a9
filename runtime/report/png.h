// png.h: a grid of palette colours as an image inside SVG: about 1.4 bytes a cell, where rectangles need 30.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "runtime/report/color.h"

namespace rondo {

// A PNG file of `columns` x (cells.size() / columns) pixels, row 0 on top. The cells are stored, not packed:
// the bytes then depend on no library's version.
std::string png(std::size_t columns, std::span<const std::uint8_t> cells, const ColorMap& colors);

// "data:image/png;base64,..."
std::string data_uri(const std::string& png);

}  // namespace rondo
