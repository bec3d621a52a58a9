// plot.h: pictures as data, drawn as SVG. Same data, same bytes; no display, no network, no fonts to load.
#pragma once
#include <string>
#include <vector>

namespace rondo {

struct Series {
    std::string name;           // in the legend; empty: none
    std::vector<double> x, y;   // NaN breaks a line
    std::vector<double> color;  // scatter: a value a point, drawn by the color map; may be empty
};

struct Plot {
    enum class Kind : unsigned char { line, scatter, heat, histogram, bar } kind = Kind::line;
    std::string title, x_label, y_label, color_label;
    std::vector<Series> series;  // histogram: y of each series is the sample
    // heat: equal cells z[row * columns + column], row 0 at the bottom, over [x0, x1] x [y0, y1] as drawn
    // (logarithms on log axes)
    std::vector<double> z;
    std::size_t columns = 0;
    double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
    // equal: from the data. Symmetric about 0, e.g. of errors: two hues around near-white. Not finite: grey.
    double color_low = 0, color_high = 0;
    bool log_x = false, log_y = false;
    int bins = 0;                         // histogram: 0 = by the data (Freedman-Diaconis)
    std::vector<std::string> categories;  // bar: names along x
};

// A complete <svg> element, `width` x `height` user units, that scales with its container. What a log axis
// cannot show is left out and counted in the picture; without anything to show it says "no data". Throws
// Error(input) "plot: ..." if lengths, rows, categories or limits do not fit together.
std::string to_svg(const Plot&, int width = 640, int height = 420);

}  // namespace rondo
