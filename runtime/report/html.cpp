#include <algorithm>

#include "runtime/report/markup.h"
#include "runtime/report/report.h"
#include "runtime/report/rows.h"

namespace rondo {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; color: #222;
       background: #fff; max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1.5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { max-width: 45rem; white-space: pre-line; margin: 1rem 0; overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem;
         margin: 1.5rem 0; }
.plots.pairs { grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); }
figure { margin: 0; max-width: 34rem; }
.single figure { max-width: 56rem; }
svg { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem; text-align: left; border-bottom: 1px solid #e4e4e4; vertical-align: top; }
thead th { border-bottom: 2px solid #888; white-space: nowrap; }
.number { text-align: right; }
.facts th { font-weight: 500; color: #555; }
.facts td { overflow-wrap: anywhere; }
.shape { color: #555; font-size: .85rem; margin: .4rem 0 0; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .plots, .plots.pairs { grid-template-columns: repeat(2, 1fr); gap: .5rem; }
  .plots.single { grid-template-columns: 1fr; }
}
)";

std::string heading(const std::string& title) {
    return title.empty() ? "" : element("h2", {}, escape(title)) + "\n";
}

std::string html(const ReportText& block) {
    std::string result;
    const std::string& text = block.text;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", at), text.size());
        if (end > at) result += element("p", {}, escape(text.substr(at, end - at))) + "\n";
        at = end + 2;
    }
    return result;
}

// A picture beside others is drawn smaller, so that its letters keep their size on the page.
std::string html(const ReportPlots& block) {
    const std::size_t count = block.plots.size();
    const bool single = count == 1, pairs = count == 2 || count == 4;  // else as many in a row as fit
    std::string figures;
    for (const Plot& plot : block.plots) {
        figures += element("figure", {}, single ? to_svg(plot, 800, 420) : to_svg(plot, 480, 350)) + "\n";
    }
    if (figures.empty()) return {};
    return element("div",
                   {{"class", single  ? "plots single"
                              : pairs ? "plots pairs"
                                      : "plots"}},
                   "\n" + figures) +
           "\n";
}

std::string cell(const char* tag, const Column& column, const std::string& text) {
    if (column.is_text()) return element(tag, {}, escape(text));
    return element(tag, {{"class", "number"}}, escape(text));
}

std::string html(const ReportTable& block) {
    constexpr std::size_t most = 20;
    const Table& table = block.table;
    const std::size_t shown = std::min(table.rows(), most);
    std::string head, body;
    for (const Column& column : table.columns()) head += cell("th", column, column.name);
    for (std::size_t row = 0; row < shown; ++row) {
        std::string line;
        for (const Column& column : table.columns()) line += cell("td", column, cell_text(column, row));
        body += element("tr", {}, line) + "\n";
    }
    const std::string rows = "\n" + element("thead", {}, element("tr", {}, head)) + "\n" +
                             element("tbody", {}, "\n" + body) + "\n";
    const std::string all =
        shown == table.rows() ? "" : "; the first " + std::to_string(shown) + " are shown";
    return heading(block.title) + element("div", {{"class", "scroll"}}, element("table", {}, rows)) + "\n" +
           element("p", {{"class", "shape"}}, shape(table) + all) + "\n";
}

std::string html(const ReportPairs& block) {
    std::string rows = "\n";
    for (const auto& [name, value] : block.pairs) {
        rows += element("tr", {},
                        element("th", {{"scope", "row"}}, escape(name)) + element("td", {}, escape(value))) +
                "\n";
    }
    return heading(block.title) + element("table", {{"class", "facts"}}, element("tbody", {}, rows)) + "\n";
}

}  // namespace

std::string to_html(const std::string& title, const std::vector<ReportBlock>& blocks) {
    std::string body = element("h1", {}, escape(title)) + "\n";
    for (const ReportBlock& block : blocks) {
        body += std::visit([](const auto& part) { return html(part); }, block);
    }
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
           element("title", {}, escape(title)) + "\n" + element("style", {}, style) + "\n</head>\n<body>\n" +
           element("main", {}, "\n" + body) + "\n</body>\n</html>\n";
}

}  // namespace rondo
