// sheet.h: a table of a PEtab problem as texts, each with its place for diagnostics.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

struct Cell {
    std::string text;  // empty where the file has nothing
    Span span;
    bool empty() const { return text.empty(); }
};

class Sheet {
  public:
    // Separated by tabs, or by commas where the name ends in .csv. Rows may end early. What is wrong (cells
    // too many, columns named twice, missing or unknown) goes to `diagnostics`; a file that is no table
    // throws Error(input).
    Sheet(const std::filesystem::path& file, Diagnostics&);

    std::size_t rows() const { return rows_.size(); }
    bool has(std::string_view column) const;
    // The cell, or an empty one with the row's place where there is no such column.
    const Cell& at(std::size_t row, std::string_view column) const;
    const std::vector<Cell>& header() const { return header_; }
    Span span() const { return header_.front().span; }
    // False, and said, if a column is missing.
    bool require(std::initializer_list<std::string_view> columns, Diagnostics&) const;

  private:
    std::size_t index(std::string_view column) const;
    std::vector<Cell> header_;
    std::vector<std::vector<Cell>> rows_;  // one more cell than columns: the empty one
};

// The cell as a number. NaN, and said, if it is none; where it is empty, `otherwise`.
double number_of(const Cell&, std::string_view what, Diagnostics&);

}  // namespace rondo
