#include <algorithm>

#include "runtime/report/markup.h"
#include "runtime/report/report.h"
#include "runtime/report/rows.h"

namespace rondo {
namespace {

constexpr std::size_t widest_cell = 40;  // characters

std::string padding(std::size_t columns) {
    return std::string(columns, ' ');
}

// One line of a terminal: control characters as U+FFFD, long text cut.
std::u32string line_of(const std::string& cell) {
    std::u32string text = decode(cell);
    std::replace_if(
        text.begin(), text.end(), [](char32_t c) { return c == '\n' || c == '\t'; }, U' ');
    return text.size() <= widest_cell ? text : text.substr(0, widest_cell - 1) + U'…';
}

// The column as lines of equal width: name, cells, with dots between head and tail.
std::vector<std::string> column_lines(const Column& column, std::size_t head, std::size_t tail) {
    std::vector<std::u32string> cells = {line_of(column.name)};
    for (std::size_t row = 0; row < head; ++row) cells.push_back(line_of(cell_text(column, row)));
    if (tail > 0) cells.push_back(U"...");
    for (std::size_t row = column.size() - tail; row < column.size(); ++row) {
        cells.push_back(line_of(cell_text(column, row)));
    }
    std::size_t width = 0;
    for (const auto& cell : cells) width = std::max(width, cell.size());
    std::vector<std::string> lines;
    for (const auto& cell : cells) {
        const std::string text = encode(cell), space = padding(width - cell.size());
        lines.push_back(column.is_text() ? text + space : space + text);
    }
    return lines;
}

}  // namespace

std::string cell_text(const Column& column, std::size_t row) {
    return column.is_text() ? column.texts()[row] : six_digits(column.numbers()[row]);
}

std::string shape(const Table& table) {
    const auto count = [](std::size_t n, const char* what) {
        return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
    };
    return count(table.rows(), "row") + " x " + count(table.width(), "column");
}

std::string to_text(const Table& table) {
    constexpr std::size_t ends = 5;
    const bool whole = table.rows() <= 2 * ends;
    const std::size_t head = whole ? table.rows() : ends, tail = whole ? 0 : ends;
    std::vector<std::string> lines;
    for (const Column& column : table.columns()) {
        const auto cells = column_lines(column, head, tail);
        lines.resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) lines[i] += (lines[i].empty() ? "" : "  ") + cells[i];
    }
    std::string result = shape(table) + "\n";
    for (std::string& line : lines) {
        line.erase(line.find_last_not_of(' ') + 1);
        result += line + "\n";
    }
    return result;
}

}  // namespace rondo
