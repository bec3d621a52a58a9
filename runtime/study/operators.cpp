// operators.cpp: operators, indices and fields on values.
#include "runtime/study/operators.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/study/elementary.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"

namespace rondo {

namespace {

constexpr double longest_list = 1e9;                // of a range as a list: 8 GB
constexpr double largest_whole = 9007199254740992;  // 2^53: beyond it doubles skip whole numbers

struct Infix {
    std::string_view sign;
    Op op;
};

constexpr Infix infixes[] = {
    {"+", Op::plus},      {"-", Op::minus}, {"*", Op::times}, {"/", Op::divide},
    {"%", Op::remainder}, {"^", Op::power}, {"==", Op::eq},   {"!=", Op::neq},
    {"<", Op::lt},        {"<=", Op::leq},  {">", Op::gt},    {">=", Op::geq},
};

Op infix(std::string_view sign) {
    return std::find_if(std::begin(infixes), std::end(infixes),
                        [&](const Infix& i) { return i.sign == sign; })
        ->op;
}

bool is_comparison(std::string_view op) {
    return op == "==" || op == "!=" || op[0] == '<' || op[0] == '>';
}

bool holds(std::string_view op, int order) {
    if (op == "==") return order == 0;
    if (op == "!=") return order != 0;
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == ">") return order > 0;
    return order >= 0;
}

[[noreturn]] void fail_comparison(std::string_view op, const Value& x, const Value& y) {
    const bool chain = x.get_if<bool>() && y.get_if<double>();
    throw Mistake("'" + std::string(op) + "' cannot compare " + with_article(x.type()) + " with " +
                      with_article(y.type()),
                  chain ? "a truth value is true or false; 'a < b < c' is written 'a < b and b < c'" : "");
}

// Texts by alphabet, truth values for equality; numbers are elementary's.
Value compare_one(std::string_view op, const Value& x, const Value& y) {
    const auto *a = x.get_if<std::string>(), *b = y.get_if<std::string>();
    if (a && b) return holds(op, a->compare(*b));
    const auto *p = x.get_if<bool>(), *q = y.get_if<bool>();
    if (p && q && op[1] == '=' && (op[0] == '=' || op[0] == '!')) return holds(op, *p != *q);
    if (x.is_nothing() && y.is_nothing() && (op == "==" || op == "!=")) return op == "==";
    if (x.get_if<double>() && y.get_if<double>()) return apply(infix(op), op, std::array{x, y});
    fail_comparison(op, x, y);
}

// Lists that hold more than numbers: item by item.
Value compare(std::string_view op, const Value& x, const Value& y) {
    const auto a = list_of_values(x), b = list_of_values(y);
    if (!a && !b) return compare_one(op, x, y);
    if (a && b && a->size() != b->size()) {
        throw Mistake("'" + std::string(op) + "' of lists of " + std::to_string(a->size()) + " and " +
                      std::to_string(b->size()) + " items; they must have the same length");
    }
    List mask;
    const std::size_t count = a ? a->size() : b->size();
    for (std::size_t i = 0; i < count; ++i) mask.push_back(compare_one(op, a ? (*a)[i] : x, b ? (*b)[i] : y));
    return mask;
}

bool is_numeric(const Value& value) {
    return value.get_if<double>() || value.get_if<Numbers>() || value.get_if<Range>() || tracing_of(value);
}

// ---- indices ----

// What is being indexed, for messages: "list of 3 items".
std::string described(const Value& x, std::size_t count) {
    const bool table = x.get_if<Table>() != nullptr;
    return std::string(x.type()) + " of " + std::to_string(count) + (table ? " rows" : " items");
}

// An index from 1 as one from 0.
std::size_t checked(const Value& x, double index, std::size_t count) {
    if (!is_whole(index)) throw Mistake("index " + to_text(Value(index)) + " is not a whole number");
    if (index < 1 || index > static_cast<double>(count)) {
        throw Mistake("index " + to_text(Value(index)) + " is outside the " + described(x, count),
                      count == 0 ? "" : "indices run from 1 to " + std::to_string(count));
    }
    return static_cast<std::size_t>(index) - 1;
}

std::optional<std::vector<std::size_t>> masked(const Value& x, const Value& index, std::size_t count) {
    const auto* mask = index.get_if<List>();
    if (!mask) return std::nullopt;
    std::vector<std::size_t> picked;
    for (std::size_t i = 0; i < mask->size(); ++i) {
        const auto* pick = (*mask)[i].get_if<bool>();
        if (!pick) return std::nullopt;
        if (*pick) picked.push_back(i);
    }
    if (mask->size() != count) {
        throw Mistake("a selection of " + std::to_string(mask->size()) + " truth values from a " +
                      described(x, count) + "; they must have the same length");
    }
    return picked;
}

// The items that a mask, a range or a list of indices picks; none if `index` is no such thing.
std::optional<std::vector<std::size_t>> picked(const Value& x, const Value& index, std::size_t count) {
    if (auto mask = masked(x, index, count)) return mask;
    const auto indices = list_of_numbers(index);
    if (!indices) return std::nullopt;
    std::vector<std::size_t> result;
    for (const double i : *indices) result.push_back(checked(x, i, count));
    return result;
}

Value row(const Table& table, std::size_t i) {
    Record record;
    for (const Column& column : table.columns())
        record.emplace_back(column.name,
                            column.is_text() ? Value(column.texts()[i]) : Value(column.numbers()[i]));
    return record;
}

Value column_value(const Column& column) {
    if (!column.is_text()) return column.numbers();
    return List(column.texts().begin(), column.texts().end());
}

[[noreturn]] void fail_index(const Value& x, const Value& index) {
    throw Mistake("a " + std::string(x.type()) + " cannot be indexed by " + with_article(index.type()));
}

Value table_item(const Value& x, const Table& table, const Value& index) {
    if (const auto* number = index.get_if<double>()) return row(table, checked(x, *number, table.rows()));
    if (const auto* name = index.get_if<std::string>()) return column_value(table.at(*name));
    if (const auto rows = picked(x, index, table.rows())) return table.select(*rows);
    const auto* list = index.get_if<List>();
    std::vector<std::string> names;
    for (const Value& name : list ? *list : List{}) {
        if (!name.get_if<std::string>()) fail_index(x, name);
        names.push_back(*name.get_if<std::string>());
    }
    if (names.empty()) fail_index(x, index);
    return table.columns(names);
}

template <class Items>
Value list_item(const Value& x, const Items& items, const Value& index) {
    if (const auto* number = index.get_if<double>()) return items[checked(x, *number, items.size())];
    const auto indices = picked(x, index, items.size());
    if (!indices) fail_index(x, index);
    Items result;
    for (const std::size_t i : *indices) result.push_back(items[i]);
    return result;
}

// ---- fields ----

std::vector<std::string> names_of(const Record& record) {
    std::vector<std::string> names;
    for (const auto& [name, value] : record) names.push_back(name);
    return names;
}

[[noreturn]] void fail_field(const Value& x, const std::string& name, const std::vector<std::string>& names) {
    const std::string near = did_you_mean(name, names);
    std::string help = near;
    if (near.empty() && !names.empty()) help = "it has " + joined(names);
    throw Mistake("the " + std::string(x.type()) + " has no field '" + name + "'", help);
}

// A column of `rows` values: a list as it is, a single value repeated, truth values as 1 and 0.
Column column_of(const std::string& name, const Value& value, std::size_t rows) {
    if (const auto* number = value.get_if<double>()) return {name, Numbers(rows, *number)};
    if (const auto* text = value.get_if<std::string>()) return {name, std::vector<std::string>(rows, *text)};
    if (auto numbers = list_of_numbers(value)) return {name, std::move(*numbers)};
    const auto* list = value.get_if<List>();
    if (!list) throw Mistake("a column cannot be made of " + with_article(value.type()));
    Numbers truths;
    std::vector<std::string> texts;
    for (const Value& entry : *list) {
        if (const auto* truth = entry.get_if<bool>()) truths.push_back(*truth ? 1 : 0);
        if (const auto* text = entry.get_if<std::string>()) texts.push_back(*text);
    }
    if (truths.size() == list->size()) return {name, std::move(truths)};
    if (texts.size() == list->size()) return {name, std::move(texts)};
    throw Mistake("column '" + name + "' must be all numbers or all texts");
}

std::size_t whole_range_length(const Range& range) {
    if (!is_whole(range.first) || !is_whole(range.last)) {
        throw Mistake("the range " + to_text(Value(range)) + " has no whole ends, so it has no items",
                      "sequence(from, to, n) makes n evenly spaced numbers");
    }
    if (range.last - range.first > largest_whole)
        throw Mistake("the range " + to_text(Value(range)) + " is too long");
    return range.last < range.first ? 0 : static_cast<std::size_t>(range.last - range.first) + 1;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Value unary(std::string_view op, const Value& x) {
    if (op == "+") return apply(Op::negate, op, std::array{apply(Op::negate, op, std::array{x})});
    return op == "!" ? apply(Op::not_, "not", std::array{x}) : apply(Op::negate, op, std::array{x});
}

Value binary(std::string_view op, const Value& x, const Value& y) {
    if (is_comparison(op) && !(is_numeric(x) && is_numeric(y))) return compare(op, x, y);
    return apply(infix(op), op, std::array{x, y});
}

Value logic(std::string_view op, const Value& x, const Value& y) {
    return op == "&&" ? apply(Op::and_, "and", std::array{x, y}) : apply(Op::or_, "or", std::array{x, y});
}

bool truth(const Value& value, std::string_view what) {
    if (const auto* truth = value.get_if<bool>()) return *truth;
    std::string help;
    if (value.get_if<double>()) help = "compare it with something, such as x > 0";
    if (value.get_if<List>() || value.get_if<Numbers>())
        help = "all(list) and any(list) make one truth value of a list of them";
    throw Mistake("'" + std::string(what) + "' needs true or false, not " + with_article(value.type()), help);
}

Value item(const Value& x, const Value& index) {
    if (const auto* table = x.get_if<Table>()) return table_item(x, *table, index);
    if (const auto* numbers = x.get_if<Numbers>()) return list_item(x, *numbers, index);
    if (const auto* list = x.get_if<List>()) return list_item(x, *list, index);
    if (x.get_if<Range>()) return list_item(x, *list_of_numbers(x), index);
    const auto* name = index.get_if<std::string>();
    if (!name || !(x.get_if<Record>() || x.get_if<Object>())) fail_index(x, index);
    return field(x, *name);
}

Value field(const Value& x, const std::string& name) {
    if (const auto* table = x.get_if<Table>()) return column_value(table->at(name));
    if (const auto* object = x.get_if<Object>()) {
        if (auto value = object->field(name)) return *value;
        fail_field(x, name, object->fields());
    }
    const auto* record = x.get_if<Record>();
    if (!record) fail_field(x, name, {});
    for (const auto& [known, value] : *record)
        if (known == name) return value;
    fail_field(x, name, names_of(*record));
}

Value with_field(const Value& x, const std::string& name, const Value& value) {
    if (const auto* table = x.get_if<Table>()) {
        Table changed = *table;
        changed.set(column_of(name, value, table->width() == 0 ? 1 : table->rows()));
        return changed;
    }
    const auto* record = x.get_if<Record>();
    if (!record) {
        const bool model = x.type() == "model";
        throw Mistake("the fields of " + with_article(x.type()) + " cannot be changed",
                      model ? "m with (" + name + " = ...) is the model with another value" : "");
    }
    Record changed = *record;
    const auto known =
        std::find_if(changed.begin(), changed.end(), [&](const auto& f) { return f.first == name; });
    if (known == changed.end()) {
        changed.emplace_back(name, value);
    } else {
        known->second = value;
    }
    return changed;
}

std::size_t length(const Value& x) {
    if (const auto* numbers = x.get_if<Numbers>()) return numbers->size();
    if (const auto* list = x.get_if<List>()) return list->size();
    if (const auto* range = x.get_if<Range>()) return whole_range_length(*range);
    if (const auto* table = x.get_if<Table>()) return table->rows();
    if (const auto* record = x.get_if<Record>()) return record->size();
    if (const auto* text = x.get_if<std::string>()) return characters(*text);
    throw Mistake(with_article(x.type()) + " has no length");
}

Value element(const Value& x, std::size_t i) {
    if (const auto* numbers = x.get_if<Numbers>()) return (*numbers)[i];
    if (const auto* list = x.get_if<List>()) return (*list)[i];
    if (const auto* range = x.get_if<Range>()) return range->first + static_cast<double>(i);
    if (const auto* table = x.get_if<Table>()) return row(*table, i);
    throw Mistake(with_article(x.type()) + " has no items to go through", "lists, ranges and tables have");
}

std::optional<Numbers> list_of_numbers(const Value& value) {
    if (const auto* numbers = value.get_if<Numbers>()) return *numbers;
    const auto* range = value.get_if<Range>();
    if (!range) return std::nullopt;
    const std::size_t count = whole_range_length(*range);
    if (static_cast<double>(count) > longest_list)
        throw Mistake("the range " + to_text(value) + " is too long for a list");
    Numbers numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = range->first + static_cast<double>(i);
    return numbers;
}

std::optional<List> list_of_values(const Value& value) {
    if (const auto* list = value.get_if<List>()) return *list;
    const auto numbers = list_of_numbers(value);
    return numbers ? std::optional(List(numbers->begin(), numbers->end())) : std::nullopt;
}

bool is_whole(double value) {
    return std::isfinite(value) && value == std::floor(value);
}

std::string with_article(std::string_view type) {
    if (type == "nothing") return "nothing";
    const bool vowel = std::string_view("aeiou").find(type[0]) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(type);
}

}  // namespace rondo
