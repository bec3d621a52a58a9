#include "runtime/petab/sheet.h"

#include <algorithm>
#include <cmath>

#include "runtime/table/csv.h"
#include "runtime/table/csv_cells.h"
#include "runtime/table/file.h"

namespace rondo {
namespace {

std::vector<Cell> read_line(CsvCells& cells, std::uint32_t file) {
    std::vector<Cell> line;
    do {
        const CsvCell cell = cells.next();
        const auto begin = static_cast<std::uint32_t>(cell.begin);
        line.push_back({cells.content(cell), {file, begin, static_cast<std::uint32_t>(cell.end)}});
    } while (cells.more());
    return line;
}

// The mark that some programs put before a text is none of it.
std::string without_mark(std::string text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

}  // namespace

Sheet::Sheet(const std::filesystem::path& file, Diagnostics& diagnostics) {
    Sources& sources = diagnostics.sources();
    const std::uint32_t source = sources.add(file.string(), without_mark(read_file_unpacked(file)));
    CsvCells cells(sources.text(source), sources.name(source), file.extension() == ".csv" ? ',' : '\t');
    cells.check_text();
    if (!cells.next_line()) cells.fail(0, "the file is empty; expected a first line that names the columns");
    header_ = read_line(cells, source);
    for (std::size_t i = 0; i < header_.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (header_[i].text == header_[k].text && !header_[i].empty())
                diagnostics.error(header_[i].span, "column '" + header_[i].text + "' is there twice");
    while (cells.next_line()) {
        auto row = read_line(cells, source);
        for (std::size_t i = header_.size(); i < row.size(); ++i)
            if (!row[i].empty())
                diagnostics.error(row[i].span, "a cell too many; the first line names " +
                                                   std::to_string(header_.size()) + " columns");
        row.resize(header_.size() + 1, {"", row.front().span});
        row.back() = {"", row.front().span};
        rows_.push_back(std::move(row));
    }
}

std::size_t Sheet::index(std::string_view column) const {
    return static_cast<std::size_t>(std::ranges::find(header_, column, &Cell::text) - header_.begin());
}

bool Sheet::has(std::string_view column) const {
    return index(column) < header_.size();
}

const Cell& Sheet::at(std::size_t row, std::string_view column) const {
    return rows_[row][index(column)];
}

bool Sheet::require(std::initializer_list<std::string_view> columns, Diagnostics& diagnostics) const {
    bool all = true;
    for (const auto column : columns) {
        if (has(column)) continue;
        all = false;
        std::vector<std::string> names;
        for (const Cell& cell : header_) names.push_back(cell.text);
        const auto near = nearest(column, names);
        diagnostics.error(span(), "there is no column '" + std::string(column) + "'",
                          near ? "is '" + *near + "' meant to be it?" : "add it to the first line");
    }
    return all;
}

double number_of(const Cell& cell, std::string_view what, Diagnostics& diagnostics) {
    const auto value = parse_number(cell.text);
    if (value) return *value;
    diagnostics.error(
        cell.span, std::string(what) + (cell.empty() ? " is missing" : " is no number: '" + cell.text + "'"));
    return std::nan("");
}

}  // namespace rondo
