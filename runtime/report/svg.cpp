#include "runtime/report/frame.h"
#include "runtime/report/marks.h"
#include "runtime/report/markup.h"

namespace rondo {
namespace {

// What the picture is, for those who cannot see it: "line plot of X, Y; time 0 to 50".
std::string description(const Plot& plot) {
    constexpr const char* kinds[] = {"line plot", "scatter plot", "heat map", "histogram", "bar plot"};
    std::string text = plot.title.empty() ? "" : plot.title + ": ";
    text += kinds[static_cast<int>(plot.kind)];
    std::string names;
    for (const Series& series : plot.series) {
        if (!series.name.empty()) names += (names.empty() ? "" : ", ") + series.name;
    }
    if (names.empty()) names = plot.kind == Plot::Kind::heat ? plot.color_label : plot.y_label;
    if (!names.empty()) text += " of " + names;
    if (!plot.x_label.empty()) text += " against " + plot.x_label;
    return text;
}

}  // namespace

std::string to_svg(const Plot& plot, int width, int height) {
    const Frame frame = make_frame(plot, width, height);
    const std::string about = description(plot);
    const std::string view = "0 0 " + std::to_string(width) + " " + std::to_string(height);
    const std::string paper = element("rect", {{"width", width}, {"height", height}, {"fill", "#fff"}});
    return element("svg",
                   {{"xmlns", "http://www.w3.org/2000/svg"},
                    {"viewBox", view},
                    {"width", width},
                    {"height", height},
                    {"style", "max-width:100%;height:auto"},
                    {"role", "img"},
                    {"aria-label", about},
                    {"font-family", "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"},
                    {"fill", "#333"}},
                   element("title", {}, escape(about)) + paper + draw_grid(plot, frame) +
                       draw_marks(plot, frame) + draw_labels(plot, frame));
}

}  // namespace rondo
