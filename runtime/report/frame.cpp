#include "runtime/report/frame.h"

#include <algorithm>

#include "runtime/report/markup.h"

namespace rondo {
namespace {

using namespace sizes;

double tick_width(const Tick& tick) {
    return text_width(tick.label, tick_size) + text_width(tick.exponent, tick_size * 0.75);
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

// Every second tick goes until labels over a height of `length` are apart.
void thin(PlotAxis& axis, double length) {
    const auto crowded = [&] {
        for (std::size_t i = 1; i < axis.ticks.size(); ++i) {
            if ((axis(axis.ticks[i].value) - axis(axis.ticks[i - 1].value)) * length < tick_size + 2)
                return true;
        }
        return false;
    };
    while (crowded()) {
        std::vector<Tick> kept;
        for (std::size_t i = 0; i < axis.ticks.size(); i += 2) kept.push_back(axis.ticks[i]);
        axis.ticks = std::move(kept);
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
    if (plot.kind != Plot::Kind::bar || plot.categories.empty()) return;
    double widest_name = 0;
    for (const std::string& name : plot.categories) {
        widest_name = std::max(widest_name, text_width(shorten(name, longest_name, tick_size), tick_size));
    }
    frame.slanted = widest_name + 6 > frame.width / static_cast<double>(plot.categories.size());
    if (frame.slanted) frame.tick_rows = widest_name * slant + 6;
}

double right_margin(const Plot& plot, const Content& content) {
    if (!content.colored) {  // half of the last label stands out
        return edge + (content.x.ticks.empty() ? 0 : tick_width(content.x.ticks.back()) / 2);
    }
    const double labels = std::max(widest(content.color.ticks), has_gaps(plot) ? 28.0 : 0);
    return edge + bar_gap + bar_width + 5 + labels + (plot.color_label.empty() ? 0 : label_size + 6);
}

double bottom_margin(const Plot& plot, const Frame& frame) {
    const bool label = !plot.x_label.empty() || frame.content.x.factor;
    return edge + frame.tick_rows + 7 + (label ? label_size + 5 : 0) +
           (frame.content.hidden ? note_size + 4 : 0);
}

}  // namespace

double widest(const std::vector<Tick>& ticks) {
    double width = 0;
    for (const Tick& tick : ticks) width = std::max(width, tick_width(tick));
    return width;
}

double swatch_width(const Plot& plot) {
    return plot.kind == Plot::Kind::line ? 20 : 11;
}

bool has_gaps(const Plot& plot) {
    const auto gap = [](double value) { return !std::isfinite(value); };
    if (plot.kind == Plot::Kind::heat) return std::any_of(plot.z.begin(), plot.z.end(), gap);
    return std::any_of(plot.series.begin(), plot.series.end(), [&](const Series& series) {
        return std::any_of(series.color.begin(), series.color.end(), gap);
    });
}

Frame make_frame(const Plot& plot, int width, int height) {
    Frame frame;
    frame.content = fitting_content(plot, width, height);
    const Content& content = frame.content;
    frame.left = edge + widest(content.y.ticks) + 8 + (plot.y_label.empty() ? 0 : label_size + 6);
    frame.width = std::max(20.0, width - frame.left - right_margin(plot, content));

    frame.title = title_lines(plot.title, width - frame.left - edge);
    place_legend(plot, frame);
    const int rows = frame.legend.empty() ? 0 : frame.legend.back().row + 1;
    const bool factor = content.y.factor || (content.colored && content.color.factor);
    frame.top =
        edge + static_cast<double>(frame.title.size()) * title_row + rows * legend_row + (factor ? 18 : 6);

    place_categories(plot, frame);
    frame.height = std::max(20.0, height - frame.top - bottom_margin(plot, frame));
    thin(frame.content.y, frame.height);
    thin(frame.content.color, frame.height - gap_key);
    return frame;
}

}  // namespace rondo
