// table.cpp: named columns of equal length, kept so.
#include "runtime/table/table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

[[noreturn]] void fail(const std::string& message) {
    throw Error(Fault::input, message);
}

std::string in_quotes(std::string_view name) {
    return "'" + std::string(name) + "'";
}

std::string listed(std::span<const std::string> names) {
    constexpr std::size_t shown = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
        text += (i ? ", " : "") + in_quotes(names[i]);
    }
    if (names.size() > shown) text += ", ... (" + std::to_string(names.size()) + " in all)";
    return text;
}

// The cell that made a column text, so that one typing error in a file of numbers is found.
std::string describe_text(const Column& column) {
    const auto& texts = column.texts();
    std::string message = "column " + in_quotes(column.name) + " is text; numbers are needed here";
    for (std::size_t row = 0; row < texts.size(); ++row) {
        if (!parse_number(texts[row])) {
            return message + " (row " + std::to_string(row + 1) + " is " + in_quotes(texts[row]) + ")";
        }
    }
    return message;
}

template <class T>
std::vector<T> picked(const std::vector<T>& values, std::span<const std::size_t> rows) {
    std::vector<T> result;
    result.reserve(rows.size());
    for (const std::size_t row : rows) result.push_back(values.at(row));
    return result;
}

}  // namespace

std::size_t Column::size() const {
    return std::visit([](const auto& held) { return held.size(); }, values);
}

const std::vector<double>& Column::numbers() const {
    if (is_text()) fail(describe_text(*this));
    return std::get<0>(values);
}

const std::vector<std::string>& Column::texts() const {
    if (!is_text()) fail("column " + in_quotes(name) + " holds numbers; text is needed here");
    return std::get<1>(values);
}

std::vector<std::string> Table::names() const {
    std::vector<std::string> result;
    for (const auto& column : columns_) result.push_back(column.name);
    return result;
}

const Column* Table::find(std::string_view name) const {
    const auto found =
        std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
    return found == columns_.end() ? nullptr : &*found;
}

const Column& Table::at(std::string_view name) const {
    if (const Column* found = find(name)) return *found;
    if (columns_.empty()) fail("there is no column " + in_quotes(name) + "; the table is empty");
    const auto candidates = names();
    if (const auto near = nearest(name, candidates)) {
        fail("there is no column " + in_quotes(name) + "; did you mean " + in_quotes(*near) + "?");
    }
    fail("there is no column " + in_quotes(name) + "; there are " + listed(candidates));
}

std::span<const double> Table::numbers(std::string_view name) const {
    return at(name).numbers();
}

void Table::set(std::string name, std::vector<double> values) {
    set(Column{std::move(name), std::move(values)});
}

void Table::set(std::string name, std::vector<std::string> values) {
    set(Column{std::move(name), std::move(values)});
}

void Table::set(Column column) {
    const auto same = std::find_if(columns_.begin(), columns_.end(),
                                   [&](const Column& c) { return c.name == column.name; });
    const bool only = columns_.empty() || (same != columns_.end() && columns_.size() == 1);
    if (!only && column.size() != rows()) {
        fail("column " + in_quotes(column.name) + " has " + std::to_string(column.size()) +
             " values; the table has " + std::to_string(rows()) + " rows");
    }
    if (same == columns_.end()) {
        columns_.push_back(std::move(column));
    } else {
        *same = std::move(column);
    }
}

Table Table::select(std::span<const std::size_t> rows) const {
    Table result;
    for (const auto& column : columns_) {
        result.set(std::visit(
            [&](const auto& held) {
                return Column{column.name, picked(held, rows)};
            },
            column.values));
    }
    return result;
}

Table Table::columns(std::span<const std::string> names) const {
    Table result;
    for (const auto& name : names) result.set(at(name));
    return result;
}

Table Table::without(std::string_view name) const {
    Table result;
    for (const auto& column : columns_)
        if (column.name != name) result.set(column);
    return result;
}

Table Table::slice(std::size_t begin, std::size_t end) const {
    assert(begin <= end && end <= rows());
    Table result;
    for (const auto& column : columns_) {
        result.set(std::visit(
            [&](const auto& held) {
                return Column{column.name, std::decay_t<decltype(held)>(held.begin() + std::ptrdiff_t(begin),
                                                                        held.begin() + std::ptrdiff_t(end))};
            },
            column.values));
    }
    return result;
}

namespace {

// Without rows nothing says whether a column is text, so the other side decides.
Column joined(const Column& top, const Column& bottom) {
    if (bottom.size() == 0) return top;
    if (top.size() == 0) return bottom;
    if (top.is_text() != bottom.is_text()) {
        fail("column " + in_quotes(top.name) + " is " + (top.is_text() ? "text" : "numbers") +
             " in one table and " + (bottom.is_text() ? "text" : "numbers") + " in the other");
    }
    Column result = top;
    std::visit(
        [&](auto& held) {
            const auto& more = std::get<std::decay_t<decltype(held)>>(bottom.values);
            held.insert(held.end(), more.begin(), more.end());
        },
        result.values);
    return result;
}

}  // namespace

Table append(const Table& a, const Table& b) {
    if (a.width() == 0) return b;
    if (b.width() == 0) return a;
    for (const auto& column : b.columns()) {
        if (!a.find(column.name)) {
            fail("cannot append: column " + in_quotes(column.name) + " is only in the second table");
        }
    }
    Table result;
    for (const auto& column : a.columns()) {
        const Column* below = b.find(column.name);
        if (!below) fail("cannot append: column " + in_quotes(column.name) + " is only in the first table");
        result.set(joined(column, *below));
    }
    return result;
}

}  // namespace rondo
