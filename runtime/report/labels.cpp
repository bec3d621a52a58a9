// The frame's grid, axes, titles, legend and colour bar as SVG.
#include <algorithm>

#include "runtime/report/frame.h"
#include "runtime/report/markup.h"
#include "runtime/report/png.h"

namespace rondo {
namespace {

using namespace sizes;

std::string raised(const std::string& exponent) {
    return exponent.empty() ? "" : element("tspan", {{"dy", -4}, {"font-size", 9}}, escape(exponent));
}

std::string factor_text(int factor) {
    return "×10" + raised((factor < 0 ? "−" : "") + std::to_string(std::abs(factor)));
}

std::string text(double x, double y, const char* anchor, Attribute style, std::string_view content) {
    return element("text", {{"x", x}, {"y", y}, {"text-anchor", anchor}, std::move(style)}, content);
}

std::string line(double x1, double y1, double x2, double y2) {
    return "M" + coordinate(x1) + " " + coordinate(y1) + "L" + coordinate(x2) + " " + coordinate(y2);
}

std::string turned(double x, double y, double length, const std::string& label) {
    const std::string place = "translate(" + coordinate(x) + " " + coordinate(y) + ") rotate(-90)";
    return element("text", {{"transform", place}, {"text-anchor", "middle"}, {"font-size", label_size}},
                   escape(shorten(label, length, label_size)));
}

std::string draw_title(const Frame& frame) {
    std::string result;
    double y = edge + title_size * 0.85;
    for (const std::string& row : frame.title) {
        result +=
            element("text", {{"x", frame.left}, {"y", y}, {"font-size", title_size}, {"font-weight", "600"}},
                    escape(row));
        y += title_row;
    }
    return result;
}

std::string draw_swatch(const Plot& plot, const LegendEntry& entry, double x, double y) {
    const std::string color = hex(series_color(entry.series)), dash = dashes(entry.series);
    switch (plot.kind) {
        case Plot::Kind::line:
            return element("path", {{"d", line(x, y, x + swatch_width(plot), y)},
                                    {"stroke", color},
                                    {"stroke-width", 2.2},
                                    {"stroke-dasharray", dash.empty() ? "none" : dash}});
        case Plot::Kind::scatter:
            return element("circle",
                           {{"cx", x + swatch_width(plot) / 2}, {"cy", y}, {"r", 4}, {"fill", color}});
        default:
            return element("rect", {{"x", x}, {"y", y - 5}, {"width", 11}, {"height", 11}, {"fill", color}});
    }
}

std::string draw_legend(const Plot& plot, const Frame& frame) {
    std::string result;
    const double top = edge + title_row * static_cast<double>(frame.title.size()) + legend_row / 2;
    double end = 0;
    for (const LegendEntry& entry : frame.legend) {
        const double x = frame.left + entry.x, y = top + legend_row * entry.row;
        result += draw_swatch(plot, entry, x, y);
        result +=
            text(x + swatch_width(plot) + 6, y + 4, "start", {"font-size", tick_size}, escape(entry.name));
        end = x + swatch_width(plot) + 6 + text_width(entry.name, tick_size) + legend_gap;
    }
    if (frame.unnamed == 0) return result;
    const std::string more = "+ " + std::to_string(frame.unnamed) + " more";
    return result +
           text(end, top + legend_row * (most_legend_rows - 1) + 4, "start", {"font-size", tick_size}, more);
}

std::string draw_x_ticks(const Frame& frame) {
    std::string result;
    for (const Tick& tick : frame.content.x.ticks) {
        result += text(frame.at_x(tick.value), frame.bottom() + 17, "middle", {"font-size", tick_size},
                       escape(tick.label) + raised(tick.exponent));
    }
    return result;
}

std::string draw_y_ticks(const Frame& frame) {
    std::string result;
    for (const Tick& tick : frame.content.y.ticks) {
        result += text(frame.left - 7, frame.at_y(tick.value) + 4, "end", {"font-size", tick_size},
                       escape(tick.label) + raised(tick.exponent));
    }
    return result;
}

std::string draw_categories(const Plot& plot, const Frame& frame) {
    std::string result;
    const double step = frame.width / static_cast<double>(plot.categories.size());
    for (std::size_t i = 0; i < plot.categories.size(); ++i) {
        const double x = frame.left + (static_cast<double>(i) + 0.5) * step, y = frame.bottom() + 17;
        const double room = frame.slanted ? std::min(longest_name, (x - edge) / level) : longest_name;
        const std::string name = escape(shorten(plot.categories[i], room, tick_size));
        if (!frame.slanted) {
            result += text(x, y, "middle", {"font-size", tick_size}, name);
            continue;
        }
        const std::string place =
            "translate(" + coordinate(x + 5) + " " + coordinate(y - 4) + ") rotate(-35)";
        result +=
            element("text", {{"transform", place}, {"text-anchor", "end"}, {"font-size", tick_size}}, name);
    }
    return result;
}

std::string draw_axis_labels(const Plot& plot, const Frame& frame) {
    std::string result;
    const double below = frame.bottom() + frame.tick_rows;
    const Content& content = frame.content;
    if (!plot.x_label.empty()) {
        result += text(frame.left + frame.width / 2, below + 24, "middle", {"font-size", label_size},
                       escape(shorten(plot.x_label, frame.width - 60, label_size)));
    }
    if (!plot.y_label.empty()) {
        result += turned(edge + label_size * 0.8, frame.top + frame.height / 2, frame.height, plot.y_label);
    }
    if (content.x.factor) {
        result +=
            text(frame.right(), below + 24, "end", {"font-size", tick_size}, factor_text(content.x.factor));
    }
    if (content.y.factor) {
        result += text(frame.left, frame.top - 8, "middle", {"font-size", tick_size},
                       factor_text(content.y.factor));
    }
    if (content.hidden) {
        const std::string note = std::to_string(content.hidden) +
                                 (content.hidden == 1 ? " value is" : " values are") +
                                 " not positive and not shown";
        result += text(frame.right(), below + (plot.x_label.empty() ? 23 : 41), "end",
                       {"font-size", note_size}, note);
    }
    return result;
}

std::string draw_color_bar(const Plot& plot, const Frame& frame) {
    const PlotAxis& axis = frame.content.color;
    const ColorMap& map = color_map(frame.colors());
    const double x = frame.right() + bar_gap;
    const bool gaps = has_gaps(plot);
    const double height = frame.height - (gaps ? gap_key : 0);  // a key to grey below the bar
    std::vector<std::uint8_t> ramp;
    for (int i = 255; i > 0; --i) ramp.push_back(static_cast<std::uint8_t>(i));
    std::string result = element("image", {{"x", x},
                                           {"y", frame.top},
                                           {"width", bar_width},
                                           {"height", height},
                                           {"preserveAspectRatio", "none"},
                                           {"href", data_uri(png(1, ramp, map))}});
    for (const Tick& tick : axis.ticks) {
        result += text(x + bar_width + 5, frame.top + height * (1 - axis(tick.value)) + 4, "start",
                       {"font-size", tick_size}, escape(tick.label) + raised(tick.exponent));
    }
    if (axis.factor) {
        result += text(x, frame.top - 8, "start", {"font-size", tick_size}, factor_text(axis.factor));
    }
    if (gaps) {
        result += element("rect", {{"x", x},
                                   {"y", frame.bottom() - bar_width},
                                   {"width", bar_width},
                                   {"height", bar_width},
                                   {"fill", hex(map[0])}});
        result += text(x + bar_width + 5, frame.bottom() - 2.5, "start", {"font-size", tick_size}, "none");
    }
    if (!plot.color_label.empty()) {
        result += turned(x + bar_width + 5 + widest(axis.ticks) + 6 + label_size,
                         frame.top + frame.height / 2, frame.height, plot.color_label);
    }
    return result;
}

std::string draw_axis_lines(const Plot& plot, const Frame& frame) {
    std::string path;
    if (plot.kind == Plot::Kind::heat) {
        path = line(frame.left, frame.top, frame.right(), frame.top) + "V" + coordinate(frame.bottom()) +
               "H" + coordinate(frame.left) + "Z";
        for (const Tick& tick : frame.content.x.ticks) {
            const double x = frame.at_x(tick.value);
            path += line(x, frame.bottom(), x, frame.bottom() + 4);
        }
        for (const Tick& tick : frame.content.y.ticks) {
            const double y = frame.at_y(tick.value);
            path += line(frame.left - 4, y, frame.left, y);
        }
    } else {
        path = line(frame.left, frame.bottom(), frame.right(), frame.bottom());
        if (plot.kind == Plot::Kind::bar && frame.content.y.low < 0) {
            path = line(frame.left, frame.at_y(0), frame.right(), frame.at_y(0));
        }
    }
    return element("path", {{"d", path}, {"fill", "none"}, {"stroke", "#555"}, {"stroke-width", 1}});
}

}  // namespace

std::string dashes(std::size_t series) {
    constexpr const char* patterns[] = {"", "7 4", "2 4", "10 4 2 4"};
    return patterns[series / series_colors % 4];
}

std::string draw_grid(const Plot& plot, const Frame& frame) {
    if (plot.kind == Plot::Kind::heat) return {};
    const bool upright = plot.kind == Plot::Kind::line || plot.kind == Plot::Kind::scatter;
    std::string major, minor;
    for (const Tick& tick : frame.content.y.ticks) {
        const double y = frame.at_y(tick.value);
        major += line(frame.left, y, frame.right(), y);
    }
    for (const double value : frame.content.y.minor) {
        minor += line(frame.left, frame.at_y(value), frame.right(), frame.at_y(value));
    }
    for (const Tick& tick : frame.content.x.ticks) {
        const double x = frame.at_x(tick.value);
        major +=
            upright ? line(x, frame.top, x, frame.bottom()) : line(x, frame.bottom(), x, frame.bottom() + 4);
    }
    for (const double value : frame.content.x.minor) {
        if (upright) minor += line(frame.at_x(value), frame.top, frame.at_x(value), frame.bottom());
    }
    std::string result;
    if (!minor.empty()) result += element("path", {{"d", minor}, {"stroke", "#f1f1f1"}});
    if (!major.empty()) result += element("path", {{"d", major}, {"stroke", "#dedede"}});
    return result;
}

std::string draw_labels(const Plot& plot, const Frame& frame) {
    std::string result = draw_axis_lines(plot, frame) + draw_title(frame) + draw_legend(plot, frame);
    result += draw_x_ticks(frame) + draw_y_ticks(frame);
    if (plot.kind == Plot::Kind::bar) result += draw_categories(plot, frame);
    result += draw_axis_labels(plot, frame);
    if (frame.content.colored) result += draw_color_bar(plot, frame);
    if (frame.content.empty) {
        result += element("rect", {{"x", frame.left},
                                   {"y", frame.top},
                                   {"width", frame.width},
                                   {"height", frame.height},
                                   {"fill", "#f6f6f6"}});
        result += text(frame.left + frame.width / 2, frame.top + frame.height / 2, "middle",
                       {"font-size", title_size}, "no data");
    }
    return result;
}

}  // namespace rondo
