// frame.h: everything around the data: where the axes lie, grid, tick labels, titles, legend, colour bar.
#pragma once
#include <string>

#include "runtime/report/color.h"
#include "runtime/report/content.h"

namespace rondo {

struct LegendEntry {
    std::size_t series;
    std::string name;  // shortened
    double x;          // from the frame's left
    int row;
};

struct Frame {
    Content content;
    double left, top, width, height;  // of the area that holds the data, in user units
    std::vector<std::string> title;   // lines
    std::vector<LegendEntry> legend;
    std::size_t unnamed = 0;   // series for which the legend has no room
    double category_rows = 0;  // height of the names below bars
    bool slanted = false;      // names below bars
    double at_x(double value) const { return left + width * content.x(value); }
    double at_y(double value) const { return top + height * (1 - content.y(value)); }
    double right() const { return left + width; }
    double bottom() const { return top + height; }
    Range colors() const { return {content.color.low, content.color.high}; }
};

Frame make_frame(const Plot&, int width, int height);

// Dashes that tell series of the same colour apart; empty: none.
std::string dashes(std::size_t series);

std::string draw_grid(const Plot&, const Frame&);    // below the data
std::string draw_labels(const Plot&, const Frame&);  // axes and text, above the data

}  // namespace rondo
