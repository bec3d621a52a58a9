#include "runtime/report/frame.h"

#include <algorithm>

#include "runtime/report/markup.h"
#include "runtime/report/png.h"

namespace rondo {
namespace {

constexpr double edge = 10;  // free border of the picture
constexpr double tick_size = 12, label_size = 13, title_size = 15, note_size = 11;
constexpr double legend_row = 18, title_row = 20, bar_width = 13;
constexpr double legend_gap = 16, bold = 1.1;
constexpr int most_legend_rows = 3;
constexpr double longest_name = 140;            // below bars
constexpr double slant = 0.574, level = 0.819;  // sine and cosine of the 35 degrees of slanted names

double tick_width(const Tick& tick) {
    return text_width(tick.label, tick_size) + text_width(tick.exponent, tick_size * 0.75);
}

double widest(const std::vector<Tick>& ticks) {
    double width = 0;
    for (const Tick& tick : ticks) width = std::max(width, tick_width(tick));
    return width;
}

std::string raised(const std::string& exponent) {
    return exponent.empty() ? "" : element("tspan", {{"dy", -4}, {"font-size", 9}}, escape(exponent));
}

std::string factor_text(int factor) {
    return "×10" + raised((factor < 0 ? "−" : "") + std::to_string(std::abs(factor)));
}

// As many ticks as fit side by side.
Content fitting_content(const Plot& plot, int width, int height) {
    const int y_ticks = std::max(2, (height - 90) / 50);
    const double room = std::max(60, width - 110);
    for (int x_ticks = std::max(2, width / 75);; --x_ticks) {
        Content content = content_of(plot, x_ticks, y_ticks);
        double total = 0;
        for (const Tick& tick : content.x.ticks) total += tick_width(tick) + 14;
        if (total <= room || x_ticks <= 1) return content;
    }
}

std::vector<std::string> title_lines(const std::string& title, double width) {
    if (title.empty()) return {};
    if (text_width(title, title_size) * bold <= width) return {title};
    std::size_t cut = std::string::npos;  // the last space that still fits
    for (std::size_t at = title.find(' '); at != title.npos; at = title.find(' ', at + 1)) {
        if (text_width(title.substr(0, at), title_size) * bold <= width) cut = at;
    }
    if (cut == title.npos) return {shorten(title, width / bold, title_size)};
    return {title.substr(0, cut), shorten(title.substr(cut + 1), width / bold, title_size)};
}

bool in_legend(const Plot& plot, const Series& series) {
    if (plot.kind == Plot::Kind::heat || series.name.empty() || !series.color.empty()) return false;
    if (plot.series.size() > 1) return true;
    const std::string& label = plot.kind == Plot::Kind::histogram ? plot.x_label : plot.y_label;
    return label.empty() && series.name != plot.title;
}

double swatch_width(const Plot& plot) {
    return plot.kind == Plot::Kind::line ? 20 : 11;
}

// Rows above the data, where a legend hides nothing.
void place_legend(const Plot& plot, Frame& frame) {
    double x = 0;
    int row = 0;
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
        if (!in_legend(plot, plot.series[s])) continue;
        const std::string name = shorten(plot.series[s].name, std::min(220.0, frame.width - 40), tick_size);
        const double width = swatch_width(plot) + 6 + text_width(name, tick_size);
        const double reserve = row + 1 == most_legend_rows ? 60 : 0;  // for "+ 12 more"
        if (x > 0 && x + width > frame.width - reserve) {
            x = 0;
            ++row;
        }
        if (row >= most_legend_rows) {
            ++frame.unnamed;
        } else {
            frame.legend.push_back({s, name, x, row});
        }
        x += width + legend_gap;
    }
}

void place_categories(const Plot& plot, Frame& frame) {
    double widest_name = 0;
    for (const std::string& name : plot.categories) {
        widest_name = std::max(widest_name, text_width(shorten(name, longest_name, tick_size), tick_size));
    }
    frame.slanted = widest_name + 6 > frame.width / static_cast<double>(plot.categories.size());
    frame.category_rows = frame.slanted ? widest_name * slant + 6 : tick_size;
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
    const double below = frame.bottom() + (plot.kind == Plot::Kind::bar ? frame.category_rows : tick_size);
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
        result += text(frame.right(), below + (plot.x_label.empty() ? 22 : 40), "end",
                       {"font-size", note_size}, note);
    }
    return result;
}

bool has_gaps(const Plot& plot) {
    const auto gap = [](double value) { return !std::isfinite(value); };
    if (plot.kind == Plot::Kind::heat) return std::any_of(plot.z.begin(), plot.z.end(), gap);
    return std::any_of(plot.series.begin(), plot.series.end(), [&](const Series& series) {
        return std::any_of(series.color.begin(), series.color.end(), gap);
    });
}

std::string draw_color_bar(const Plot& plot, const Frame& frame) {
    const Axis& axis = frame.content.color;
    const ColorMap& map = color_map(frame.colors());
    const double x = frame.right() + 16;
    const bool gaps = has_gaps(plot);
    const double height = frame.height - (gaps ? 24 : 0);  // a key to grey below the bar
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

Frame make_frame(const Plot& plot, int width, int height) {
    Frame frame;
    frame.content = fitting_content(plot, width, height);
    const Content& content = frame.content;

    frame.left = edge + widest(content.y.ticks) + 8 + (plot.y_label.empty() ? 0 : label_size + 6);
    double right = edge + (content.x.ticks.empty() ? 0 : tick_width(content.x.ticks.back()) / 2);
    if (content.colored) {
        right = edge + 16 + bar_width + 5 + std::max(widest(content.color.ticks), has_gaps(plot) ? 28.0 : 0) +
                (plot.color_label.empty() ? 0 : label_size + 6);
    }
    frame.width = std::max(20.0, width - frame.left - right);
    frame.title = title_lines(plot.title, width - frame.left - edge);
    place_legend(plot, frame);
    const int rows = frame.legend.empty() ? 0 : frame.legend.back().row + 1;
    frame.top = edge + static_cast<double>(frame.title.size()) * title_row + rows * legend_row +
                (content.y.factor || (content.colored && content.color.factor) ? 18 : 6);

    double bottom = edge + tick_size + 7;
    if (plot.kind == Plot::Kind::bar && !plot.categories.empty()) {
        place_categories(plot, frame);
        bottom = edge + frame.category_rows + 7;
    }
    if (!plot.x_label.empty() || content.x.factor) bottom += label_size + 5;
    if (content.hidden) bottom += note_size + 4;
    frame.height = std::max(20.0, height - frame.top - bottom);
    return frame;
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
