#include "runtime/report/content.h"

#include <algorithm>
#include <string>

#include "dsl/syntax/error.h"

namespace rondo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
    throw Error(Fault::input, "plot: " + message);
}

std::string count(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

void check_series(const Plot& plot, const Series& series) {
    const std::string name = "series '" + series.name + "' has ";
    const bool needs_x = plot.kind == Plot::Kind::line || plot.kind == Plot::Kind::scatter;
    if (needs_x && series.x.size() != series.y.size()) {
        refuse(name + count(series.x.size(), "value") + " of x and " + std::to_string(series.y.size()) +
               " of y; they must be as many");
    }
    if (!series.color.empty() && series.color.size() != series.y.size()) {
        refuse(name + count(series.y.size(), "point") + " and " + count(series.color.size(), "color value") +
               "; they must be as many");
    }
    if (plot.kind == Plot::Kind::bar && series.y.size() != plot.categories.size()) {
        refuse(name + count(series.y.size(), "bar") + " and the plot " +
               count(plot.categories.size(), "category name") + "; they must be as many");
    }
}

void check_heat(const Plot& plot) {
    if (plot.z.empty()) return;
    if (plot.columns == 0 || plot.z.size() % plot.columns != 0) {
        refuse("a heat map of " + count(plot.z.size(), "value") + " has no whole rows of " +
               count(plot.columns, "column"));
    }
    const bool drawn = drawable(plot.x0, plot.log_x) && drawable(plot.x1, plot.log_x) &&
                       drawable(plot.y0, plot.log_y) && drawable(plot.y1, plot.log_y);
    if (!drawn || !(plot.x0 < plot.x1) || !(plot.y0 < plot.y1)) {
        refuse("the limits of a heat map must be finite, low before high, and positive on a log axis");
    }
}

void check(const Plot& plot) {
    for (const Series& series : plot.series) check_series(plot, series);
    if (plot.kind == Plot::Kind::heat) check_heat(plot);
    const bool given = plot.color_low != plot.color_high;
    if (given && !(plot.color_low < plot.color_high && drawable(plot.color_high - plot.color_low, false))) {
        refuse("color_low must be below color_high, and both finite");
    }
}

struct Extents {
    Limits x, y, color;
    std::size_t hidden = 0;
};

Extents points_extents(const Plot& plot) {
    Extents extents;
    for (const Series& series : plot.series) {
        for (std::size_t i = 0; i < series.y.size(); ++i) {
            const double x = series.x[i], y = series.y[i];
            if (drawable(x, plot.log_x) && drawable(y, plot.log_y)) {
                extents.x.include(x);
                extents.y.include(y);
            } else if (drawable(x, false) && drawable(y, false)) {
                ++extents.hidden;
            }
        }
        for (const double c : series.color) {
            if (drawable(c, false)) extents.color.include(c);
        }
    }
    return extents;
}

Extents heat_extents(const Plot& plot) {
    Extents extents;
    for (const double z : plot.z) {
        if (drawable(z, false)) extents.color.include(z);
    }
    if (!extents.color.empty()) {
        extents.x = {plot.x0, plot.x1};
        extents.y = {plot.y0, plot.y1};
    }
    return extents;
}

Extents bar_extents(const Plot& plot) {
    Extents extents;
    for (const Series& series : plot.series) {
        for (const double y : series.y) {
            if (drawable(y, plot.log_y))
                extents.y.include(y);
            else if (drawable(y, false))
                ++extents.hidden;
        }
    }
    if (extents.y.empty()) return extents;
    if (!plot.log_y) extents.y.include(0);
    extents.x = {0, static_cast<double>(plot.categories.size())};
    return extents;
}

// Freedman and Diaconis 1981: width 2 IQR / n^(1/3). Sturges' rule where the quartiles coincide.
int bin_count(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const double n = static_cast<double>(values.size());
    const double range = values.back() - values.front();
    const double quartiles = values[values.size() * 3 / 4] - values[values.size() / 4];
    const double bins = quartiles > 0 ? range * std::cbrt(n) / (2 * quartiles) : std::log2(n) + 1;
    return range > 0 ? static_cast<int>(std::clamp(std::ceil(bins), 1.0, 200.0)) : 1;
}

Bins bin(const Plot& plot, std::size_t& hidden) {
    std::vector<std::vector<double>> samples;  // as placed on the axis: logarithms if it is one
    std::vector<double> all;
    for (const Series& series : plot.series) {
        auto& sample = samples.emplace_back();
        for (const double y : series.y) {
            if (drawable(y, plot.log_x))
                sample.push_back(plot.log_x ? std::log10(y) : y);
            else if (drawable(y, false))
                ++hidden;
        }
        all.insert(all.end(), sample.begin(), sample.end());
    }
    Bins bins;
    if (all.empty()) return bins;
    const int n = plot.bins > 0 ? plot.bins : bin_count(all);
    const auto [least, most] = std::minmax_element(all.begin(), all.end());
    const PlotAxis range = make_axis({*least, *most}, false, 2);  // widened if of no length
    const double width = (range.high - range.low) / n;
    for (int i = 0; i <= n; ++i) {
        const double edge = i == n ? range.high : range.low + i * width;
        bins.edges.push_back(plot.log_x ? std::pow(10, edge) : edge);
    }
    for (const auto& sample : samples) {
        auto& counts = bins.counts.emplace_back(n, 0.0);
        for (const double value : sample) {
            counts[std::clamp(static_cast<int>((value - range.low) / width), 0, n - 1)] += 1;
        }
    }
    return bins;
}

Extents histogram_extents(const Plot& plot, Bins& bins) {
    Extents extents;
    bins = bin(plot, extents.hidden);
    if (bins.edges.empty()) return extents;
    extents.x = {bins.edges.front(), bins.edges.back()};
    extents.y = {plot.log_y ? 0.5 : 0, 1};  // half a count: the foot of a log scale
    for (const auto& counts : bins.counts) {
        for (const double c : counts) extents.y.include(std::max(c, extents.y.low));
    }
    return extents;
}

// Room around the data; an axis of magnitudes starts at 0 unless that would cost a third of the picture.
Limits roomy(Limits range, bool log, bool touches) {
    if (!log && range.low >= 0 && range.low < range.high / 3) {
        return pad({0, range.high}, log, touches ? 0 : 0.02, 0.05);
    }
    return pad(range, log, 0.05, 0.05);
}

Extents extents_of(const Plot& plot, Bins& bins) {
    using Kind = Plot::Kind;
    Extents extents;
    switch (plot.kind) {
        case Kind::line:
            extents = points_extents(plot);
            extents.y = roomy(extents.y, plot.log_y, true);
            break;
        case Kind::scatter:
            extents = points_extents(plot);
            extents.x = pad(extents.x, plot.log_x, 0.03, 0.03);
            extents.y = pad(extents.y, plot.log_y, 0.03, 0.03);
            break;
        case Kind::heat: extents = heat_extents(plot); break;
        case Kind::histogram:
            extents = histogram_extents(plot, bins);
            extents.y = pad(extents.y, plot.log_y, 0, 0.05);
            break;
        case Kind::bar:
            extents = bar_extents(plot);
            extents.y = pad(extents.y, plot.log_y, plot.log_y || extents.y.low < 0 ? 0.05 : 0,
                            extents.y.high > 0 ? 0.05 : 0);
            break;
    }
    return extents;
}

}  // namespace

Content content_of(const Plot& plot, int x_ticks, int y_ticks) {
    check(plot);
    Content content;
    const Extents extents = extents_of(plot, content.bins);
    content.empty = extents.x.empty() || extents.y.empty();
    content.hidden = extents.hidden;
    content.colored = !extents.color.empty() && !content.empty;
    content.x = make_axis(extents.x, plot.log_x && plot.kind != Plot::Kind::bar, x_ticks);
    content.y = make_axis(extents.y, plot.log_y, y_ticks);
    const bool limits = plot.color_low != plot.color_high;
    content.color =
        make_axis(limits ? Limits{plot.color_low, plot.color_high} : extents.color, false, y_ticks);
    if (content.empty || plot.kind == Plot::Kind::bar) content.x.ticks.clear(), content.x.factor = 0;
    if (content.empty) content.y.ticks.clear(), content.y.minor.clear(), content.x.minor.clear();
    return content;
}

}  // namespace rondo
