#include "jit/graph/totals.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string_view>

namespace rondo {
namespace {

using Whole = std::int64_t;
using Combination = std::map<std::uint32_t, Whole>;  // without zeros

struct TooMuch : std::runtime_error {
    TooMuch() : std::runtime_error("too much work for exact totals") {}
};

Whole times(Whole a, Whole b) {
    Whole result = 0;
    if (__builtin_mul_overflow(a, b, &result)) throw TooMuch();
    return result;
}

Whole plus(Whole a, Whole b) {
    Whole result = 0;
    if (__builtin_add_overflow(a, b, &result)) throw TooMuch();
    return result;
}

// ---- right-hand sides as sums of rates ----

using Rates = std::map<NodeId, double>;

// Follows sums and whole multiples; whatever else there is counts as a rate.
Rates rates_of(const Graph& graph, NodeId root) {
    Rates rates;
    std::vector<std::pair<NodeId, double>> open{{root, 1}};
    while (!open.empty()) {
        const auto [node, weight] = open.back();
        open.pop_back();
        const auto x = graph.operands(node);
        const auto is_number = [&](NodeId id) { return graph[id].op == Op::number; };
        switch (graph[node].op) {
            case Op::plus: open.insert(open.end(), {{x[0], weight}, {x[1], weight}}); break;
            case Op::minus: open.insert(open.end(), {{x[0], weight}, {x[1], -weight}}); break;
            case Op::negate: open.emplace_back(x[0], -weight); break;
            case Op::times:
                if (is_number(x[0])) {
                    open.emplace_back(x[1], weight * graph[x[0]].value);
                } else if (is_number(x[1])) {
                    open.emplace_back(x[0], weight * graph[x[1]].value);
                } else {
                    rates[node] += weight;
                }
                break;
            case Op::number:
                if (graph[node].value == 0) break;
                [[fallthrough]];
            default: rates[node] += weight;
        }
    }
    std::erase_if(rates, [](const auto& rate) { return rate.second == 0; });
    return rates;
}

// As numerator and denominator of the decimal that a user would write: 0.1 is a tenth.
std::pair<Whole, Whole> ratio(double value) {
    char text[400];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
    Whole numerator = 0, denominator = 1;
    bool fraction = false;
    for (const char c : std::string_view(text, static_cast<std::size_t>(end - text))) {
        if (c == '.') fraction = true;
        if (c < '0' || c > '9') continue;
        numerator = plus(times(numerator, 10), c - '0');
        if (fraction) denominator = times(denominator, 10);
    }
    const Whole common = std::gcd(numerator, denominator);
    return {(value < 0 ? -1 : 1) * numerator / common, denominator / common};
}

// ---- elimination ----

// A combination of states, and the rates it changes by.
struct Row {
    Combination rates, states;
    std::size_t size() const { return rates.size() + states.size(); }
};

Row row_of(const Rates& rates, std::uint32_t state) {
    Row row;
    Whole common = 1;
    for (const auto& [node, weight] : rates) {
        const Whole denominator = ratio(weight).second;
        common = times(common / std::gcd(common, denominator), denominator);
    }
    for (const auto& [node, weight] : rates) {
        const auto [numerator, denominator] = ratio(weight);
        row.rates[node] = times(numerator, common / denominator);
    }
    row.states[state] = common;
    return row;
}

// a <- a * factor + b * other
void add(Combination& a, Whole factor, const Combination& b, Whole other) {
    for (auto& [key, value] : a) value = times(value, factor);
    for (const auto& [key, value] : b) {
        const auto place = a.try_emplace(key, 0).first;
        place->second = plus(place->second, times(value, other));
        if (place->second == 0) a.erase(place);
    }
}

Whole common_factor(const Combination& x, Whole known) {
    for (const auto& [key, value] : x) known = std::gcd(known, value);
    return known;
}

void divide(Combination& x, Whole by) {
    for (auto& [key, value] : x) value /= by;
}

// Without the rate `pivot`, by adding a multiple of `other`.
void eliminate(Row& row, std::uint32_t pivot, const Row& other) {
    const Whole a = row.rates.at(pivot), b = other.rates.at(pivot), common = std::gcd(a, b);
    add(row.rates, b / common, other.rates, -(a / common));
    add(row.states, b / common, other.states, -(a / common));
    const Whole factor = common_factor(row.states, common_factor(row.rates, 0));
    divide(row.rates, factor);
    divide(row.states, factor);
}

// Rows of few rates first, so that few fill up. What is left without rates is a total.
std::vector<Combination> left_null_space(std::vector<Row> rows, std::size_t most_work) {
    std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.rates.size(); });
    std::map<std::uint32_t, Row> pivots;
    std::vector<Combination> totals;
    std::size_t work = 0;
    for (Row& row : rows) {
        for (auto rate = row.rates.begin(); rate != row.rates.end();) {
            const auto pivot = pivots.find(rate->first);
            if (pivot == pivots.end()) {
                ++rate;
                continue;
            }
            work += row.size() + pivot->second.size();
            if (work > most_work) throw TooMuch();
            eliminate(row, pivot->first, pivot->second);
            rate = row.rates.begin();
        }
        if (row.rates.empty()) {
            totals.push_back(std::move(row.states));
        } else {
            pivots.emplace(row.rates.begin()->first, std::move(row));
        }
    }
    return totals;
}

// ---- fewest terms ----

std::pair<std::size_t, std::size_t> length(const Combination& total) {
    const auto negative = static_cast<std::size_t>(
        std::ranges::count_if(total, [](const auto& term) { return term.second < 0; }));
    return {total.size(), std::min(negative, total.size() - negative)};
}

// Takes `other` away from `total` where that leaves fewer terms, or as many of which fewer are negative.
bool shorten(Combination& total, const Combination& other) {
    for (const auto& [state, weight] : other) {
        const auto shared = total.find(state);
        if (shared == total.end()) continue;
        Combination shorter = total;
        const Whole common = std::gcd(shared->second, weight);
        add(shorter, weight / common, other, -(shared->second / common));
        if (length(shorter) >= length(total)) continue;
        divide(shorter, common_factor(shorter, 0));
        total = std::move(shorter);
        return true;
    }
    return false;
}

void shorten(std::vector<Combination>& totals) {
    constexpr std::size_t most = 300;  // every pair is looked at
    if (totals.size() > most) return;
    for (bool more = true; std::exchange(more, false);) {
        for (Combination& total : totals) {
            for (const Combination& other : totals)
                if (&total != &other && shorten(total, other)) more = true;
        }
    }
}

Total finished(const Combination& combination) {
    Total total(combination.begin(), combination.end());
    const auto negative = std::ranges::count_if(total, [](const auto& term) { return term.second < 0; });
    const auto count = static_cast<std::ptrdiff_t>(total.size());
    const bool turn = 2 * negative > count || (2 * negative == count && total.front().second < 0);
    if (turn)
        for (auto& [state, weight] : total) weight = -weight;
    return total;
}

}  // namespace

std::optional<std::vector<Total>> conserved_totals(const OdeSystem& system, std::size_t most_work) try {
    std::vector<Row> rows;
    for (std::uint32_t i = 0; i < system.rhs.size(); ++i)
        rows.push_back(row_of(rates_of(system.graph, system.rhs[i]), i));
    std::vector<Combination> found = left_null_space(std::move(rows), most_work);
    shorten(found);
    std::vector<Total> totals;
    for (const Combination& combination : found) totals.push_back(finished(combination));
    std::ranges::sort(totals);
    return totals;
} catch (const TooMuch&) {
    return std::nullopt;
}

}  // namespace rondo
