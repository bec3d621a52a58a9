#include "runtime/report/marks.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/report/markup.h"
#include "runtime/report/png.h"

namespace rondo {
namespace {

struct Point {
    double x, y;
};

// The points of one unbroken line, thinned: of neighbours in the same column one unit wide only the first,
// lowest, highest and last are kept, which no eye can tell from all of them.
class LinePath {
  public:
    void add(Point p) {
        if (!column_.empty() && std::floor(p.x) != std::floor(column_.front().x)) flush();
        column_.push_back(p);
    }
    void end_line() {
        flush();
        if (points_ == 1) path_ += "h0";  // a lone point shows by its round ends
        points_ = 0;
        last_.clear();
    }
    const std::string& text() const { return path_; }

  private:
    void flush() {
        if (column_.empty()) return;
        const auto [low, high] =
            std::minmax_element(column_.begin(), column_.end(), [](Point a, Point b) { return a.y < b.y; });
        put(column_.front());
        put(low < high ? *low : *high);
        put(low < high ? *high : *low);
        put(column_.back());
        column_.clear();
    }
    void put(Point p) {
        const std::string text = coordinate(p.x) + " " + coordinate(p.y);
        if (text == last_) return;
        path_ += (points_++ ? " " : "M") + text;
        last_ = text;
    }

    std::vector<Point> column_;
    std::string path_, last_;
    std::size_t points_ = 0;
};

bool shows(const Frame& frame, double x, double y) {
    return drawable(x, frame.content.x.log) && drawable(y, frame.content.y.log);
}

std::string draw_line(const Frame& frame, const Series& series, std::size_t index) {
    LinePath path;
    std::string dots;
    constexpr std::size_t few = 25;  // so few points are measurements: mark them
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        if (!shows(frame, series.x[i], series.y[i])) {
            path.end_line();
            continue;
        }
        const Point p{frame.at_x(series.x[i]), frame.at_y(series.y[i])};
        path.add(p);
        if (series.y.size() <= few) dots += "M" + coordinate(p.x) + " " + coordinate(p.y) + "h0";
    }
    path.end_line();
    if (path.text().empty()) return {};
    const std::string color = hex(series_color(index)), dash = dashes(index);
    std::string result;
    if (dash.empty())
        result = element("path", {{"d", path.text()}, {"stroke", color}});
    else
        result = element("path", {{"d", path.text()}, {"stroke", color}, {"stroke-dasharray", dash}});
    if (!dots.empty()) result += element("path", {{"d", dots}, {"stroke", color}, {"stroke-width", 6}});
    return result;
}

std::string draw_lines(const Plot& plot, const Frame& frame) {
    std::string lines;
    for (std::size_t i = 0; i < plot.series.size(); ++i) lines += draw_line(frame, plot.series[i], i);
    if (lines.empty()) return {};
    return element(
        "g",
        {{"fill", "none"}, {"stroke-width", 1.8}, {"stroke-linejoin", "round"}, {"stroke-linecap", "round"}},
        lines);
}

// Points of one colour as one path of round dots; those on the same half unit are drawn once.
class Dots {
  public:
    void add(Point p) {
        const auto snap = [](double v) { return static_cast<int>(std::lround(v * 2)); };
        places_.insert({snap(p.x), snap(p.y)});
    }
    std::string path() const {
        std::string text;
        for (const auto& [x, y] : places_)
            text += "M" + coordinate(x / 2.0) + " " + coordinate(y / 2.0) + "h0";
        return text;
    }

  private:
    std::set<std::pair<int, int>> places_;
};

double dot_size(const Plot& plot) {
    std::size_t points = 0;
    for (const Series& series : plot.series) points += series.y.size();
    return points <= 300 ? 7 : points <= 3000 ? 5 : points <= 20000 ? 3 : 2;
}

// Low colours first, so that the same points give the same picture in any order.
std::string draw_scatter(const Plot& plot, const Frame& frame) {
    const ColorMap& map = color_map(frame.colors());
    std::string result;
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
        const Series& series = plot.series[s];
        std::map<int, Dots> dots;
        for (std::size_t i = 0; i < series.y.size(); ++i) {
            if (!shows(frame, series.x[i], series.y[i])) continue;
            const int color = series.color.empty() ? -1 : color_index(series.color[i], frame.colors());
            dots[color].add({frame.at_x(series.x[i]), frame.at_y(series.y[i])});
        }
        for (const auto& [color, group] : dots) {
            const Rgb rgb = color < 0 ? series_color(s) : map[static_cast<std::size_t>(color)];
            result += element("path", {{"d", group.path()}, {"stroke", hex(rgb)}});
        }
    }
    if (result.empty()) return {};
    return element("g",
                   {{"fill", "none"},
                    {"stroke-width", dot_size(plot)},
                    {"stroke-linecap", "round"},
                    {"stroke-opacity", 0.8}},
                   result);
}

std::string draw_heat(const Plot& plot, const Frame& frame) {
    std::vector<std::uint8_t> cells;
    for (std::size_t row = plot.z.size() / plot.columns; row-- > 0;) {
        for (std::size_t i = 0; i < plot.columns; ++i) {
            cells.push_back(color_index(plot.z[row * plot.columns + i], frame.colors()));
        }
    }
    return element("image", {{"x", frame.left},
                             {"y", frame.top},
                             {"width", frame.width},
                             {"height", frame.height},
                             {"preserveAspectRatio", "none"},
                             {"style", "image-rendering:optimizeSpeed;image-rendering:pixelated"},
                             {"href", data_uri(png(plot.columns, cells, color_map(frame.colors())))}});
}

double bin_top(const Frame& frame, double count) {
    return count > 0 ? frame.at_y(std::max(count, frame.content.y.low)) : frame.bottom();
}

std::string draw_bins(const Frame& frame) {
    const Bins& bins = frame.content.bins;
    const std::string floor = coordinate(frame.bottom());
    std::string path;
    for (std::size_t i = 0; i < bins.counts[0].size(); ++i) {
        path += "M" + coordinate(frame.at_x(bins.edges[i])) + " " + floor + "V" +
                coordinate(bin_top(frame, bins.counts[0][i])) + "H" +
                coordinate(frame.at_x(bins.edges[i + 1])) + "V" + floor + "Z";
    }
    return element("path", {{"d", path},
                            {"fill", hex(series_color(0))},
                            {"stroke", "#fff"},
                            {"stroke-width", bins.counts[0].size() > 60 ? 0.3 : 0.8}});
}

// Several samples: outlines over a light fill, visible through one another.
std::string draw_outlines(const Frame& frame) {
    const Bins& bins = frame.content.bins;
    const std::string floor = coordinate(frame.bottom());
    std::string result;
    for (std::size_t s = 0; s < bins.counts.size(); ++s) {
        std::string path = "M" + coordinate(frame.at_x(bins.edges[0])) + " " + floor;
        for (std::size_t i = 0; i < bins.counts[s].size(); ++i) {
            path += "V" + coordinate(bin_top(frame, bins.counts[s][i])) + "H" +
                    coordinate(frame.at_x(bins.edges[i + 1]));
        }
        const std::string color = hex(series_color(s));
        result += element("path", {{"d", path + "V" + floor + "Z"},
                                   {"fill", color},
                                   {"fill-opacity", "0.3"},
                                   {"stroke", color},
                                   {"stroke-width", 1.5},
                                   {"stroke-linejoin", "round"}});
    }
    return result;
}

std::string draw_bars(const Plot& plot, const Frame& frame) {
    const double base = frame.at_y(frame.content.y.log ? frame.content.y.low : 0);
    const double group = frame.width / static_cast<double>(plot.categories.size());
    const double bar = group * 0.75 / static_cast<double>(plot.series.size());
    std::string result;
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
        std::string path;
        for (std::size_t i = 0; i < plot.series[s].y.size(); ++i) {
            const double value = plot.series[s].y[i];
            if (!drawable(value, frame.content.y.log)) continue;
            const double left =
                frame.left + (static_cast<double>(i) + 0.125) * group + static_cast<double>(s) * bar;
            path += "M" + coordinate(left) + " " + coordinate(base) + "V" + coordinate(frame.at_y(value)) +
                    "H" + coordinate(left + bar * 0.95) + "V" + coordinate(base) + "Z";
        }
        if (!path.empty()) result += element("path", {{"d", path}, {"fill", hex(series_color(s))}});
    }
    return result;
}

}  // namespace

std::string draw_marks(const Plot& plot, const Frame& frame) {
    if (frame.content.empty) return {};
    switch (plot.kind) {
        case Plot::Kind::line: return draw_lines(plot, frame);
        case Plot::Kind::scatter: return draw_scatter(plot, frame);
        case Plot::Kind::heat: return draw_heat(plot, frame);
        case Plot::Kind::histogram: return plot.series.size() == 1 ? draw_bins(frame) : draw_outlines(frame);
        case Plot::Kind::bar: return draw_bars(plot, frame);
    }
    return {};
}

}  // namespace rondo
