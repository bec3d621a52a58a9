// frame.h: everything around the data: where the axes lie, grid, tick labels, titles, legend, colour bar.
#pragma once
#include <string>

#include "runtime/report/color.h"
#include "runtime/report/content.h"

namespace rondo {

// In user units of the picture.
namespace sizes {
inline constexpr double edge = 10;  // free border of the picture
inline constexpr double tick_size = 12, label_size = 13, title_size = 15, note_size = 11;
inline constexpr double legend_row = 18, title_row = 20, bar_width = 13, bar_gap = 16,
                        gap_key = 24;  // colour bar; its key to grey
inline constexpr double legend_gap = 16, bold = 1.1;
inline constexpr int most_legend_rows = 3;
inline constexpr double longest_name = 140;            // below bars
inline constexpr double slant = 0.574, level = 0.819;  // sine and cosine of the 35 degrees of slanted names
}  // namespace sizes

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
    std::size_t unnamed = 0;              // series for which the legend has no room
    double tick_rows = sizes::tick_size;  // height of the labels below the x axis
    bool slanted = false;                 // names below bars
    double at_x(double value) const { return left + width * content.x(value); }
    double at_y(double value) const { return top + height * (1 - content.y(value)); }
    double right() const { return left + width; }
    double bottom() const { return top + height; }
    Limits colors() const { return {content.color.low, content.color.high}; }
};

Frame make_frame(const Plot&, int width, int height);

double widest(const std::vector<Tick>& ticks);
double swatch_width(const Plot&);  // the sample of a mark in the legend
bool has_gaps(const Plot&);        // a value without colour, drawn grey

// Dashes that tell series of the same colour apart; empty: none.
std::string dashes(std::size_t series);

std::string draw_grid(const Plot&, const Frame&);    // below the data
std::string draw_labels(const Plot&, const Frame&);  // axes and text, above the data

}  // namespace rondo
