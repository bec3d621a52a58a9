// table.h: named columns of equal length: the only currency between labeller, samplers, surrogates, store,
// report and CSV.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rondo {

struct Column {
    std::string name;
    std::variant<std::vector<double>, std::vector<std::string>> values;
    bool is_text() const { return values.index() == 1; }
    std::size_t size() const;
    // Throw Error(input) naming the column where it is of the other kind.
    const std::vector<double>& numbers() const;
    const std::vector<std::string>& texts() const;
};

class Table {
  public:
    std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
    std::size_t width() const { return columns_.size(); }
    const std::vector<Column>& columns() const { return columns_; }
    std::vector<std::string> names() const;

    const Column* find(std::string_view name) const;  // null if absent
    // Throws Error(input) "there is no column 'freq_x'; did you mean 'freq_X'?" (columns listed if none is
    // near).
    const Column& at(std::string_view name) const;
    std::span<const double> numbers(std::string_view name) const;  // also Error(input) if it is text

    // Replaces a column of the same name, else appends. Throws Error(input) if the length differs.
    void set(std::string name, std::vector<double> values);
    void set(std::string name, std::vector<std::string> values);
    void set(Column column);

    // Rows by index from 0, in that order; each below rows().
    Table select(std::span<const std::size_t> rows) const;
    Table columns(std::span<const std::string> names) const;  // those columns, in that order
    Table without(std::string_view name) const;               // all columns but that one
    // Rows [begin, end), begin <= end <= rows().
    Table slice(std::size_t begin, std::size_t end) const;

  private:
    std::vector<Column> columns_;
};

// `b` below `a`, columns in the order of `a`. Throws Error(input) where a column is only in one of them, or
// text in one and numbers in the other.
Table append(const Table& a, const Table& b);

}  // namespace rondo
