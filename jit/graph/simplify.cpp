// simplify.cpp: what Graph::apply makes of an operation. Rules are rows; the order of the passes matters:
// to the operations a graph knows, numbers folded, neutral operands dropped, signs moved outwards, powers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "jit/graph/graph.h"

namespace rondo {
namespace {

using Operands = std::span<const NodeId>;
using Rewritten = std::optional<NodeId>;

// ---- operations a graph does not know ----

struct Constant {
    Op op;
    double value;
};
constexpr Constant constants[] = {
    {Op::pi, std::numbers::pi},
    {Op::exponentiale, std::numbers::e},
    {Op::avogadro, 6.02214179e23},  // SBML Level 3's value, not that of 2019
    {Op::infinity, std::numeric_limits<double>::infinity()},
    {Op::notanumber, std::numeric_limits<double>::quiet_NaN()},
    {Op::true_, 1},
    {Op::false_, 0},
};

struct Reciprocal {
    Op op, of;
};
constexpr Reciprocal one_over[] = {
    // op(x) = 1 / of(x)
    {Op::sec, Op::cos},   {Op::csc, Op::sin},   {Op::cot, Op::tan},
    {Op::sech, Op::cosh}, {Op::csch, Op::sinh}, {Op::coth, Op::tanh},
};
constexpr Reciprocal of_one_over[] = {
    // op(x) = of(1 / x)
    {Op::arcsec, Op::arccos},   {Op::arccsc, Op::arcsin},   {Op::arccot, Op::arctan},
    {Op::arcsech, Op::arccosh}, {Op::arccsch, Op::arcsinh}, {Op::arccoth, Op::arctanh},
};

struct Chain {
    Op op;
    double of_none;  // the value without operands
};
constexpr Chain chains[] = {
    {Op::plus, 0},
    {Op::times, 1},
    {Op::and_, 1},
    {Op::or_, 0},
    {Op::xor_, 0},
    {Op::min, std::numeric_limits<double>::infinity()},
    {Op::max, -std::numeric_limits<double>::infinity()},
};

template <class Row, std::size_t n>
const Row* row_of(const Row (&table)[n], Op op) {
    const auto found = std::ranges::find(table, op, &Row::op);
    return found == std::end(table) ? nullptr : found;
}

bool is_comparison(Op op) {
    return op >= Op::eq && op <= Op::geq;
}

Rewritten as_chain(Graph& graph, const Chain& chain, Operands x) {
    if (x.empty()) return graph.number(chain.of_none);
    NodeId result = x[0];
    for (const NodeId next : x.subspan(1)) result = graph.apply(chain.op, {result, next});
    return result;
}

// a < b < c holds where a < b and b < c.
Rewritten as_neighbours(Graph& graph, Op op, Operands x) {
    NodeId result = graph.number(1);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const NodeId pair = graph.apply(op, {x[i], x[i + 1]});
        result = i == 0 ? pair : graph.apply(Op::and_, {result, pair});
    }
    return result;
}

Rewritten as_logarithm(Graph& graph, Operands x) {  // log(x), log(base, x)
    if (x.size() == 1) return graph.apply(Op::ln, x);
    if (graph.is_number(x[0], 10)) return graph.apply(Op::log10, {x[1]});
    return graph.apply(Op::divide, {graph.apply(Op::ln, {x[1]}), graph.apply(Op::ln, {x[0]})});
}

Rewritten as_root(Graph& graph, Operands x) {  // root(x), root(degree, x)
    if (x.size() == 1 || graph.is_number(x[0], 2)) return graph.apply(Op::sqrt, {x.back()});
    return graph.apply(Op::power, {x[1], graph.apply(Op::divide, {graph.number(1), x[0]})});
}

Rewritten to_known_operations(Graph& graph, Op op, Operands x) {
    if (const auto* row = row_of(constants, op)) return graph.number(row->value);
    if (const auto* row = row_of(one_over, op)) {
        return graph.apply(Op::divide, {graph.number(1), graph.apply(row->of, x)});
    }
    if (const auto* row = row_of(of_one_over, op)) {
        return graph.apply(row->of, {graph.apply(Op::divide, {graph.number(1), x[0]})});
    }
    if (const auto* row = row_of(chains, op); row && x.size() != 2) return as_chain(graph, *row, x);
    if (is_comparison(op) && x.size() != 2) return as_neighbours(graph, op, x);
    switch (op) {
        case Op::time: return graph.time();
        case Op::minus: return x.size() == 1 ? Rewritten(graph.apply(Op::negate, x)) : std::nullopt;
        case Op::gt: return graph.apply(Op::lt, {x[1], x[0]});
        case Op::geq: return graph.apply(Op::leq, {x[1], x[0]});
        case Op::implies: return graph.apply(Op::or_, {graph.apply(Op::not_, {x[0]}), x[1]});
        case Op::log: return as_logarithm(graph, x);
        case Op::root: return as_root(graph, x);
        case Op::remainder:  // with the sign of x
            return graph.apply(Op::minus,
                               {x[0], graph.apply(Op::times, {x[1], graph.apply(Op::quotient, x)})});
        default: return std::nullopt;
    }
}

// ---- algebra ----

Rewritten fold(Graph& graph, Op op, Operands x) {
    if (!std::ranges::all_of(x, [&](NodeId id) { return graph.is_number(id); })) return std::nullopt;
    std::vector<double> values;
    for (const NodeId id : x) values.push_back(graph[id].value);
    return graph.number(apply_to_numbers(op, values));
}

enum class Leaves { other, negated_other, one };
struct Neutral {
    Op op;
    int side;  // where the number is
    double number;
    Leaves leaves;
};
constexpr Neutral neutrals[] = {
    {Op::plus, 0, 0, Leaves::other},
    {Op::plus, 1, 0, Leaves::other},
    {Op::minus, 1, 0, Leaves::other},
    {Op::minus, 0, 0, Leaves::negated_other},
    {Op::times, 0, 1, Leaves::other},
    {Op::times, 1, 1, Leaves::other},
    {Op::times, 0, -1, Leaves::negated_other},
    {Op::times, 1, -1, Leaves::negated_other},
    {Op::divide, 1, 1, Leaves::other},
    {Op::divide, 1, -1, Leaves::negated_other},
    {Op::power, 1, 1, Leaves::other},
    {Op::power, 1, 0, Leaves::one},
    {Op::power, 0, 1, Leaves::one},
};

Rewritten drop_neutral(Graph& graph, Op op, Operands x) {
    for (const Neutral& row : neutrals) {
        if (row.op != op || !graph.is_number(x[row.side], row.number)) continue;
        if (row.leaves == Leaves::one) return graph.number(1);
        const NodeId other = x[1 - row.side];
        return row.leaves == Leaves::other ? other : graph.apply(Op::negate, {other});
    }
    return std::nullopt;
}

// op(x, y) with operand `side` being -z becomes [-] then(...) with z in its place, or swapped. All exact.
struct Sign {
    Op op;
    int side;
    Op then;
    bool swapped, negated;
};
constexpr Sign signs[] = {
    {Op::plus, 1, Op::minus, false, false},   {Op::plus, 0, Op::minus, true, false},
    {Op::minus, 1, Op::plus, false, false},   {Op::minus, 0, Op::plus, false, true},
    {Op::times, 0, Op::times, false, true},   {Op::times, 1, Op::times, false, true},
    {Op::divide, 0, Op::divide, false, true}, {Op::divide, 1, Op::divide, false, true},
};

Rewritten move_sign(Graph& graph, Op op, Operands x) {
    for (const Sign& row : signs) {
        if (row.op != op || graph[x[row.side]].op != Op::negate) continue;
        NodeId pair[2] = {x[0], x[1]};
        pair[row.side] = graph.operands(x[row.side])[0];
        if (row.swapped) std::swap(pair[0], pair[1]);
        const NodeId result = graph.apply(row.then, pair);
        return row.negated ? graph.apply(Op::negate, {result}) : result;
    }
    return std::nullopt;
}

// Whole powers stay (the emitter multiplies); halves become square roots: x^2.5 = x^2 sqrt(x). Far fewer
// cycles than pow (prototypes.md), and the same value wherever x^n is neither 0 nor infinite.
Rewritten split_power(Graph& graph, NodeId base, NodeId exponent) {
    if (!graph.is_number(exponent)) return std::nullopt;
    const double n = graph[exponent].value;
    if (std::abs(n) > largest_whole_power || 2 * n != std::floor(2 * n)) return std::nullopt;
    if (n < 0) {
        return graph.apply(Op::divide, {graph.number(1), graph.apply(Op::power, {base, graph.number(-n)})});
    }
    if (n == std::floor(n)) return std::nullopt;
    const NodeId whole = graph.apply(Op::power, {base, graph.number(std::floor(n))});
    return graph.apply(Op::times, {whole, graph.apply(Op::sqrt, {base})});
}

// Drops what cannot be reached, and ends in `otherwise`.
Rewritten trim_piecewise(Graph& graph, Operands x) {
    std::vector<NodeId> kept;
    NodeId otherwise = x.size() % 2 == 1 ? x.back() : graph.apply(Op::notanumber, {});
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
        const bool known = graph.is_number(x[i + 1]);
        if (known && graph[x[i + 1]].value != 0) {
            otherwise = x[i];
            break;
        }
        if (!known) kept.insert(kept.end(), {x[i], x[i + 1]});
    }
    if (kept.empty()) return otherwise;
    kept.push_back(otherwise);
    if (std::ranges::equal(kept, x)) return std::nullopt;
    return graph.apply(Op::piecewise, kept);
}

Rewritten simplify(Graph& graph, Op op, Operands x) {
    if (op == Op::piecewise) return trim_piecewise(graph, x);
    if (auto folded = fold(graph, op, x)) return folded;
    if (auto kept = drop_neutral(graph, op, x)) return kept;
    if (auto moved = move_sign(graph, op, x)) return moved;
    if (op == Op::negate && graph[x[0]].op == Op::negate) return graph.operands(x[0])[0];
    if (op == Op::plus && x[0] == x[1]) return graph.apply(Op::times, {graph.number(2), x[0]});
    if (op == Op::times && x[0] == x[1]) return graph.apply(Op::power, {x[0], graph.number(2)});
    if (op == Op::power) return split_power(graph, x[0], x[1]);
    return std::nullopt;
}

bool commutes(Op op) {
    return op == Op::plus || op == Op::times || op == Op::min || op == Op::max || op == Op::eq ||
           op == Op::neq || op == Op::and_ || op == Op::or_ || op == Op::xor_;
}

}  // namespace

NodeId Graph::apply(Op op, std::span<const NodeId> operands) {
    std::vector<NodeId> x(operands.begin(), operands.end());  // `operands` may lie in this graph, which grows
    if (auto known = to_known_operations(*this, op, x)) return *known;
    if (auto simpler = simplify(*this, op, x)) return *simpler;
    if (commutes(op)) std::ranges::sort(x);
    return intern({.op = op}, x);
}

}  // namespace rondo
