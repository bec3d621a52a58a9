// content.h: what a plot has to show, before any place on paper: its axes, bins, and what cannot be shown.
#pragma once
#include <cstddef>
#include <vector>

#include "runtime/report/axis.h"
#include "runtime/report/plot.h"

namespace rondo {

struct Bins {
    std::vector<double> edges;                // [bins + 1]
    std::vector<std::vector<double>> counts;  // [series][bins]
};

struct Content {
    PlotAxis x, y, color;
    bool empty = false;      // nothing to draw
    bool colored = false;    // there is a colour scale
    Bins bins;               // histogram
    std::size_t hidden = 0;  // finite values that a log axis cannot show
};

// Axes with about `x_ticks` and `y_ticks` ticks.
// Throws Error(input) if the parts of the plot do not fit together (lengths, rows, categories, limits).
Content content_of(const Plot&, int x_ticks, int y_ticks);

}  // namespace rondo
