// core_verbs.cpp: verbs of the language itself: printing, lists, statistics, tables.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <ostream>

#include "runtime/study/elementary.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"
#include "runtime/study/operators.h"
#include "runtime/study/verb.h"
#include "runtime/table/quantile.h"

namespace rondo {

namespace {

Value run_print(Call& call) {
    std::string line;
    for (const auto& given : call.rest()) line += (line.empty() ? "" : " ") + to_text(given.value);
    while (!line.empty() && line.back() == '\n') line.pop_back();  // tables end their last row
    call.environment.out << line << '\n' << std::flush;
    return {};
}

// ---- lists ----

Value run_length(Call& call) {
    return static_cast<double>(length(call.value("x")));
}

List items(const Call& call, std::string_view name) {
    auto list = list_of_values(call.value(name));
    if (!list) call.fail_type(name, "list");
    return std::move(*list);
}

Value run_append(Call& call) {
    const Value &first = call.value("list"), &second = call.value("item");
    if (first.get_if<Table>()) return append(call.table("list"), call.table("item"));
    List list = items(call, "list");
    if (const auto more = list_of_values(second)) {
        list.insert(list.end(), more->begin(), more->end());
    } else {
        list.push_back(second);
    }
    return list;
}

// Positions from 0 of the items, smallest first; equal ones keep their order, NaN comes last.
template <class Items>
std::vector<std::size_t> order_of(const Items& items) {
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        if constexpr (std::is_same_v<Items, Numbers>) {
            if (std::isnan(items[i]) || std::isnan(items[j]))
                return !std::isnan(items[i]) && std::isnan(items[j]);
        }
        return items[i] < items[j];
    });
    return order;
}

std::vector<std::size_t> order_of_column(const Column& column) {
    return column.is_text() ? order_of(column.texts()) : order_of(column.numbers());
}

Value run_sort(Call& call) {
    if (call.value("x").get_if<Table>()) {
        const Table& table = call.table("x");
        return table.select(order_of_column(table.at(call.text("by"))));
    }
    if (const auto numbers = list_of_numbers(call.value("x"))) {
        Numbers sorted;
        for (const std::size_t i : order_of(*numbers)) sorted.push_back((*numbers)[i]);
        return sorted;
    }
    auto texts = call.texts("x");
    std::sort(texts.begin(), texts.end());
    return List(texts.begin(), texts.end());
}

Value run_map(Call& call) {
    List results;
    const Value& list = call.value("list");
    for (std::size_t i = 0, count = length(list); i < count; ++i)
        results.push_back(call.apply(call.value("function"), {element(list, i)}));
    return results;
}

Value run_sequence(Call& call) {
    const double from = call.number("from"), to = call.number("to");
    const auto n = static_cast<std::size_t>(call.whole("n", 2, 100'000'000));
    Numbers numbers(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(n - 1);
        numbers[i] = from * (1 - part) + to * part;  // exact at both ends
    }
    return numbers;
}

// ---- statistics: of a list of numbers; NaN among them gives NaN ----

std::vector<double> some_numbers(const Call& call) {
    auto numbers = call.numbers("list");
    if (numbers.empty()) call.fail_at("list", call.verb + " of an empty list");
    return numbers;
}

bool has_nan(const std::vector<double>& numbers) {
    return std::any_of(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
}

// Pairwise, so that the error grows with log n and not with n.
double total(std::span<const double> numbers) {
    if (numbers.size() <= 8) return std::accumulate(numbers.begin(), numbers.end(), 0.0);
    const std::size_t half = numbers.size() / 2;
    return total(numbers.first(half)) + total(numbers.subspan(half));
}

// The same of items that are not known yet.
Value total_of(std::span<const Value> items) {
    if (items.size() <= 8) {
        Value sum = 0.0;
        for (const Value& item : items) sum = apply(Op::plus, "+", std::array{sum, item});
        return sum;
    }
    const std::size_t half = items.size() / 2;
    return apply(Op::plus, "+", std::array{total_of(items.first(half)), total_of(items.subspan(half))});
}

double average(const std::vector<double>& numbers) {
    return total(numbers) / static_cast<double>(numbers.size());
}

double known_quantile(const std::vector<double>& numbers, double q) {
    return has_nan(numbers) ? std::nan("") : quantile(numbers, q);
}

Value run_sum(Call& call) {
    if (tracing_of(call.value("list"))) return total_of(items(call, "list"));
    return total(call.numbers("list"));
}

Value run_mean(Call& call) {
    if (tracing_of(call.value("list"))) {
        const List list = items(call, "list");
        return apply(Op::divide, "/", std::array{total_of(list), Value(static_cast<double>(list.size()))});
    }
    return average(some_numbers(call));
}

Value run_median(Call& call) {
    return known_quantile(some_numbers(call), 0.5);
}

Value run_quantile(Call& call) {
    const double q = call.number("q");
    if (!(q >= 0 && q <= 1)) call.fail_at("q", "'q' is " + to_text(Value(q)) + "; it must be from 0 to 1");
    return known_quantile(some_numbers(call), q);
}

// Of a sample: the squares are divided by n - 1.
Value run_deviation(Call& call) {
    auto numbers = some_numbers(call);
    if (numbers.size() < 2) call.fail_at("list", "the deviation of one number is not defined");
    const double mean = average(numbers);
    for (double& x : numbers) x = (x - mean) * (x - mean);
    return std::sqrt(total(numbers) / static_cast<double>(numbers.size() - 1));
}

// min(list) is its smallest item; min(a, b, ...) works on numbers, and on lists item by item.
Verb extreme(const std::string& name) {
    return {name, {"..."}, [name](Call& call) -> Value {
                std::vector<Value> values;
                for (const auto& given : call.rest()) values.push_back(given.value);
                if (values.size() == 1 && tracing_of_any(values)) {
                    if (auto list = list_of_values(values[0])) values = std::move(*list);
                    return call_elementary(name, values);
                }
                const auto list = values.size() == 1 ? list_of_numbers(values[0]) : std::nullopt;
                if (!list) return call_elementary(name, values);
                if (list->empty()) call.fail(name + " of an empty list");
                if (has_nan(*list)) return std::nan("");
                return name == "min" ? *std::min_element(list->begin(), list->end())
                                     : *std::max_element(list->begin(), list->end());
            }};
}

Value run_round(Call& call) {
    const double scale = std::pow(10, static_cast<double>(call.whole("digits", 0, -300, 300)));
    const auto rounded = [&](double x) {
        return std::isfinite(x * scale) ? std::round(x * scale) / scale : x;
    };
    if (const auto* x = call.value("x").get_if<double>()) return rounded(*x);
    Numbers numbers = call.numbers("x");
    for (double& x : numbers) x = rounded(x);
    return numbers;
}

// ---- truth values ----

std::size_t count_true(const Call& call) {
    std::size_t count = 0;
    for (const Value& item : items(call, "list")) {
        const auto* truth = item.get_if<bool>();
        if (!truth) call.fail_type("list", "list of truth values");
        count += *truth ? 1 : 0;
    }
    return count;
}

Value run_count(Call& call) {
    return static_cast<double>(count_true(call));
}

Value run_any(Call& call) {
    return count_true(call) > 0;
}

Value run_all(Call& call) {
    return count_true(call) == length(call.value("list"));
}

// ---- tables, records, texts ----

Value run_table(Call& call) {
    Value table = Table();
    for (const auto& given : call.rest()) {
        try {
            table = with_field(table, given.name, given.value);
        } catch (const Error& error) {
            call.fail(std::string("column '") + given.name + "': " + error.what());
        }
    }
    return table;
}

// table_of([{a = 1, b = "x"}, {a = 2, b = "y"}]): a row for each record, its fields as columns.
Value run_table_of(Call& call) {
    const List records = items(call, "records");
    Table result;
    for (std::size_t row = 0; row < records.size(); ++row) {
        const auto* record = records[row].get_if<Record>();
        if (!record) call.fail_type("records", "list of records");
        Value line = Table();
        for (const auto& [name, value] : *record) {
            try {
                line = with_field(line, name, List{value});
            } catch (const Error& error) {
                call.fail("field '" + name + "' of record " + std::to_string(row + 1) + ": " + error.what());
            }
        }
        const Table& made = *line.get_if<Table>();
        result = row == 0 ? made : append(result, made);
    }
    return result;
}

List as_list(const std::vector<std::string>& texts) {
    return List(texts.begin(), texts.end());
}

Value run_columns(Call& call) {
    return as_list(call.table("table").names());
}

Value run_keys(Call& call) {
    const auto* record = call.value("record").get_if<Record>();
    if (!record) call.fail_type("record", "record");
    List keys;
    for (const auto& [name, value] : *record) keys.emplace_back(name);
    return keys;
}

Value run_text(Call& call) {
    return to_text(call.value("x"));
}

}  // namespace

void add_core_verbs(Verbs& verbs) {
    const std::vector<Verb> core = {
        {"print", {"..."}, run_print},
        {"length", {"x"}, run_length},
        {"append", {"list", "item"}, run_append},
        {"sort", {"x", "by"}, run_sort},
        {"map", {"function", "list"}, run_map},
        {"sequence", {"from", "to", "n"}, run_sequence},
        {"sum", {"list"}, run_sum},
        {"mean", {"list"}, run_mean},
        {"median", {"list"}, run_median},
        {"quantile", {"list", "q"}, run_quantile},
        {"deviation", {"list"}, run_deviation},
        extreme("min"),
        extreme("max"),
        {"round", {"x", "digits"}, run_round},
        {"count", {"list"}, run_count},
        {"any", {"list"}, run_any},
        {"all", {"list"}, run_all},
        {"table", {"column..."}, run_table},
        {"table_of", {"records"}, run_table_of},
        {"columns", {"table"}, run_columns},
        {"keys", {"record"}, run_keys},
        {"text", {"x"}, run_text},
    };
    for (const Verb& verb : core) verbs[verb.name] = verb;
}

}  // namespace rondo
