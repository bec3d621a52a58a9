// csv.cpp: reading and writing CSV. One pass over the text; a column is read as numbers until a cell is none,
// then what was read of it is read again as text.
#include "runtime/table/csv.h"

#include <algorithm>
#include <utility>

#include "dsl/syntax/error.h"
#include "runtime/table/csv_cells.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

class Reader {
  public:
    Reader(std::string_view text, const std::string& name) : cells_(text, name) {}
    Table read();

  private:
    struct Reading {
        std::string name;
        std::vector<double> numbers;
        std::vector<std::string> texts;
        bool is_text = false;
        std::size_t empty_cells = 0, first_empty = 0;  // unquoted ones, while it is not text
    };
    std::vector<CsvCell> read_line();
    void read_header();
    void check_header(const std::vector<CsvCell>& header) const;
    void read_row();
    void add(Reading& column, const CsvCell& cell);
    void turn_to_text(Reading& column);
    Column finish(Reading& column) const;

    CsvCells cells_;
    std::size_t body_ = 0;  // where the rows start
    std::size_t rows_ = 0;  // complete ones
    std::vector<Reading> columns_;
};

std::vector<CsvCell> Reader::read_line() {
    std::vector<CsvCell> line;
    do line.push_back(cells_.next());
    while (cells_.more());
    return line;
}

void Reader::check_header(const std::vector<CsvCell>& header) const {
    const auto is_number = [&](const CsvCell& cell) {
        return !cell.quoted && parse_number(cells_.bytes(cell));
    };
    if (std::all_of(header.begin(), header.end(), is_number)) {
        cells_.fail(header[0].begin, "the first line holds numbers; write the names of the columns above it");
    }
    const auto separator =
        header[0].quoted ? std::string_view::npos : cells_.bytes(header[0]).find_first_of(";\t");
    if (header.size() == 1 && separator != std::string_view::npos) {
        cells_.fail(header[0].begin + separator,
                    "expected commas between the cells; save the file as comma-separated values");
    }
}

void Reader::read_header() {
    const auto header = read_line();
    check_header(header);
    for (const auto& cell : header) {
        const std::string name = cells_.content(cell);
        const std::string number = std::to_string(columns_.size() + 1);
        if (name.empty()) {
            cells_.fail(cell.begin, "column " + number + " has no name; give it one in the first line");
        }
        for (const auto& other : columns_) {
            if (other.name == name) {
                cells_.fail(cell.begin,
                            "column " + number + " is named '" + name + "' like one before; rename it");
            }
        }
        columns_.emplace_back().name = name;
    }
    body_ = cells_.at();
}

void Reader::add(Reading& column, const CsvCell& cell) {
    if (!column.is_text) {
        if (const auto value = parse_number(cells_.bytes(cell))) {
            column.numbers.push_back(*value);
            return;
        }
        if (cell.begin == cell.end && !cell.quoted) {
            if (column.empty_cells++ == 0) column.first_empty = cell.begin;
            column.numbers.push_back(0);  // holds the place until it is known whether the column is text
            return;
        }
        turn_to_text(column);
    }
    column.texts.push_back(cells_.content(cell));
}

// Reads the column again, up to the row at hand.
void Reader::turn_to_text(Reading& column) {
    const auto index = std::size_t(&column - columns_.data());
    const std::size_t here = cells_.at();
    cells_.go_to(body_);
    for (std::size_t row = 0; row < rows_; ++row) {
        cells_.next_line();
        column.texts.push_back(cells_.content(read_line()[index]));
    }
    cells_.go_to(here);
    column.is_text = true;
    column.numbers = {};
}

void Reader::read_row() {
    std::size_t index = 0;
    std::size_t end;
    do {
        const CsvCell cell = cells_.next();
        if (index == columns_.size()) {
            cells_.fail(cell.begin, "a cell too many; the first line names " +
                                        std::to_string(columns_.size()) + " columns");
        }
        add(columns_[index++], cell);
        end = cells_.at();
    } while (cells_.more());
    if (index < columns_.size()) {
        cells_.fail(end, "the row ends after " + std::to_string(index) + " of " +
                             std::to_string(columns_.size()) + " cells; '" + columns_[index].name +
                             "' is missing");
    }
    ++rows_;
}

Column Reader::finish(Reading& column) const {
    if (column.is_text) return {std::move(column.name), std::move(column.texts)};
    if (column.empty_cells == 0) return {std::move(column.name), std::move(column.numbers)};
    if (column.empty_cells == rows_) return {std::move(column.name), std::vector<std::string>(rows_)};
    cells_.fail(column.first_empty,
                "an empty cell among the numbers of '" + column.name + "'; write NaN for a missing value");
}

Table Reader::read() {
    cells_.check_text();
    if (!cells_.next_line())
        cells_.fail(0, "the file is empty; expected a first line that names the columns");
    read_header();
    while (cells_.next_line()) read_row();
    Table table;
    for (auto& column : columns_) table.set(finish(column));
    return table;
}

// What would not read back as it is: cells that a reader splits, trims, or takes for a number.
bool needs_quotes(std::string_view text, bool is_name) {
    return text.empty() || text.find_first_of(",\"\r\n") != text.npos || text.front() == ' ' ||
           text.front() == '\t' || text.back() == ' ' || text.back() == '\t' ||
           (is_name && (parse_number(text) || text.find_first_of(";\t") != text.npos));
}

void add_text(std::string& csv, std::string_view text, bool is_name) {
    if (!needs_quotes(text, is_name)) {
        csv += text;
        return;
    }
    csv += '"';
    for (const char c : text) {
        if (c == '"') csv += '"';
        csv += c;
    }
    csv += '"';
}

void add_cell(std::string& csv, const Column& column, std::size_t row) {
    if (column.is_text()) {
        add_text(csv, column.texts()[row], false);
    } else {
        csv += shortest(column.numbers()[row]);
    }
}

}  // namespace

Table parse_csv(std::string_view text, const std::string& name) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return Reader(text, name).read();
}

Table read_csv(const std::filesystem::path& file) {
    return parse_csv(read_file_unpacked(file), file.string());
}

namespace {

void add_rows(std::string& csv, const Table& table) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t i = 0; i < table.width(); ++i) {
            add_cell(csv, table.columns()[i], row);
            csv += i + 1 < table.width() ? ',' : '\n';
        }
    }
}

}  // namespace

std::string to_csv(const Table& table) {
    std::string csv;
    for (std::size_t i = 0; i < table.width(); ++i) {
        add_text(csv, table.columns()[i].name, true);
        csv += i + 1 < table.width() ? ',' : '\n';
    }
    add_rows(csv, table);
    return csv;
}

std::string csv_rows(const Table& table) {
    std::string csv;
    add_rows(csv, table);
    return csv;
}

}  // namespace rondo
