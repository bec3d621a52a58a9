// report.h: one self-contained HTML file: pictures, tables, text, manifest. Opens without network.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/report/plot.h"
#include "runtime/table/table.h"

namespace rondo {

struct ReportText {
    std::string text;
};
struct ReportPlots {
    std::vector<Plot> plots;
};  // side by side
struct ReportTable {
    std::string title;
    Table table;
};  // first rows, with their number
struct ReportPairs {
    std::string title;
    std::vector<std::pair<std::string, std::string>> pairs;
};
using ReportBlock = std::variant<ReportText, ReportPlots, ReportTable, ReportPairs>;

// Same arguments, same bytes.
std::string to_html(const std::string& title, const std::vector<ReportBlock>& blocks);

// A plot as characters, for a terminal: at most `width` columns and `height` rows, axes labelled; `color`:
// with ANSI colours. Throws Error(input) unless it is a line or scatter plot.
std::string to_terminal(const Plot&, int width = 76, int height = 20, bool color = false);

// "120 rows x 3 columns", then the first and last five rows, six digits.
std::string to_text(const Table&);

}  // namespace rondo
