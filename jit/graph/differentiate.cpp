// differentiate.cpp: symbolic derivatives, forwards: a node's from those of its operands.
#include <algorithm>
#include <optional>

#include "jit/graph/graph.h"

namespace rondo {
namespace {

using Derivative = std::optional<NodeId>;  // nothing: structurally zero

// Shorthand for building expressions.
struct Algebra {
    Graph& graph;
    NodeId number(double value) const { return graph.number(value); }
    NodeId add(NodeId a, NodeId b) const { return graph.apply(Op::plus, {a, b}); }
    NodeId subtract(NodeId a, NodeId b) const { return graph.apply(Op::minus, {a, b}); }
    NodeId multiply(NodeId a, NodeId b) const { return graph.apply(Op::times, {a, b}); }
    NodeId divide(NodeId a, NodeId b) const { return graph.apply(Op::divide, {a, b}); }
    NodeId power(NodeId a, NodeId b) const { return graph.apply(Op::power, {a, b}); }
    NodeId negate(NodeId a) const { return graph.apply(Op::negate, {a}); }
    NodeId call(Op op, NodeId a) const { return graph.apply(op, {a}); }
    NodeId square(NodeId a) const { return power(a, number(2)); }
    NodeId one_plus_square(NodeId a, double sign) const {
        return add(number(1), multiply(number(sign), square(a)));
    }
};

// The digamma function at x + 1: recurrence up to x + 8, then the asymptotic series (Abramowitz and Stegun
// 6.3.5 and 6.3.18), relative error under 1e-9 for x >= 0.
NodeId digamma_after(const Algebra& in, NodeId x) {
    const NodeId w = in.add(x, in.number(8));
    NodeId sum = in.subtract(in.call(Op::ln, w), in.divide(in.number(0.5), w));
    const double coefficients[] = {-1.0 / 12, 1.0 / 120, -1.0 / 252, 1.0 / 240};
    for (int i = 0; i < 4; ++i) {
        sum = in.add(sum, in.divide(in.number(coefficients[i]), in.power(w, in.number(2 * i + 2))));
    }
    for (int k = 1; k < 8; ++k) sum = in.subtract(sum, in.divide(in.number(1), in.add(x, in.number(k))));
    return sum;
}

// f'(x) of the node f = op(x); nothing where it is zero. `f` itself is at hand for exp, sqrt, tan, ...
Derivative slope(const Algebra& in, Op op, NodeId f, NodeId x) {
    const auto one_over = [&](NodeId a) { return in.divide(in.number(1), a); };
    const auto one_over_root = [&](NodeId a) { return one_over(in.call(Op::sqrt, a)); };
    switch (op) {
        case Op::negate: return in.number(-1);
        case Op::abs: {
            const NodeId negative = in.graph.apply(Op::lt, {x, in.number(0)});
            return in.graph.apply(Op::piecewise, {in.number(-1), negative, in.number(1)});
        }
        case Op::exp: return f;
        case Op::ln: return one_over(x);
        case Op::log10: return in.divide(in.number(0.43429448190325182765), x);  // log10(e) / x
        case Op::sqrt: return in.divide(in.number(0.5), f);
        case Op::factorial: return in.multiply(f, digamma_after(in, x));
        case Op::sin: return in.call(Op::cos, x);
        case Op::cos: return in.negate(in.call(Op::sin, x));
        case Op::tan: return in.one_plus_square(f, 1);
        case Op::sinh: return in.call(Op::cosh, x);
        case Op::cosh: return in.call(Op::sinh, x);
        case Op::tanh: return in.one_plus_square(f, -1);
        case Op::arcsin: return one_over_root(in.one_plus_square(x, -1));
        case Op::arccos: return in.negate(one_over_root(in.one_plus_square(x, -1)));
        case Op::arctan: return one_over(in.one_plus_square(x, 1));
        case Op::arcsinh: return one_over_root(in.one_plus_square(x, 1));
        case Op::arccosh: return one_over_root(in.subtract(in.square(x), in.number(1)));
        case Op::arctanh: return one_over(in.one_plus_square(x, -1));
        default: return std::nullopt;  // ceil, floor, logic
    }
}

// The sum of what is not zero.
Derivative total(const Algebra& in, Derivative a, Derivative b) {
    return a && b ? Derivative(in.add(*a, *b)) : a ? a : b;
}

Derivative scaled(const Algebra& in, NodeId factor, Derivative d) {
    return d ? Derivative(in.multiply(factor, *d)) : std::nullopt;
}

// (u / v)' = (u' - (u / v) v') / v
Derivative of_quotient(const Algebra& in, NodeId f, NodeId v, Derivative du, Derivative dv) {
    if (!du && !dv) return std::nullopt;
    if (!dv) return in.divide(*du, v);
    const NodeId change = in.multiply(f, *dv);
    return in.divide(du ? in.subtract(*du, change) : in.negate(change), v);
}

// (u^v)' = v u^(v - 1) u' + u^v ln(u) v', the second term 0 where u is (its limit for v > 0).
Derivative of_power(const Algebra& in, NodeId f, NodeId u, NodeId v, Derivative du, Derivative dv) {
    Derivative first, second;
    if (du) first = in.multiply(in.multiply(v, in.power(u, in.subtract(v, in.number(1)))), *du);
    if (dv) {
        const NodeId is_zero = in.graph.apply(Op::eq, {u, in.number(0)});
        const NodeId growth = in.multiply(f, in.call(Op::ln, u));
        second = in.multiply(in.graph.apply(Op::piecewise, {in.number(0), is_zero, growth}), *dv);
    }
    return total(in, first, second);
}

Derivative of_choice(const Algebra& in, std::span<const NodeId> x, std::span<const Derivative> d) {
    std::vector<NodeId> branches(x.begin(), x.end());
    bool any = false;
    for (std::size_t i = 0; i < x.size(); i += i + 1 == x.size() ? 1 : 2) {
        any = any || d[i];
        branches[i] = d[i].value_or(in.number(0));
    }
    return any ? Derivative(in.graph.apply(Op::piecewise, branches)) : std::nullopt;
}

// Derivative of `node` from those of its operands.
Derivative chain_rule(Graph& graph, NodeId node, std::span<const NodeId> x, std::span<const Derivative> d) {
    const Algebra in{graph};
    const Op op = graph[node].op;
    switch (op) {
        case Op::plus: return total(in, d[0], d[1]);
        case Op::minus: return total(in, d[0], d[1] ? Derivative(in.negate(*d[1])) : std::nullopt);
        case Op::times: return total(in, scaled(in, x[1], d[0]), scaled(in, x[0], d[1]));
        case Op::divide: return of_quotient(in, node, x[1], d[0], d[1]);
        case Op::power: return of_power(in, node, x[0], x[1], d[0], d[1]);
        case Op::min:
        case Op::max: {
            const NodeId first = graph.apply(Op::leq, {x[op == Op::min ? 0 : 1], x[op == Op::min ? 1 : 0]});
            const NodeId choice[] = {x[0], first, x[1]};
            const Derivative branches[] = {d[0], std::nullopt, d[1]};
            return of_choice(in, choice, branches);
        }
        case Op::piecewise: return of_choice(in, x, d);
        default: break;
    }
    if (x.size() != 1 || !d[0]) return std::nullopt;
    const Derivative factor = slope(in, op, node, x[0]);
    return factor ? scaled(in, *factor, d[0]) : std::nullopt;
}

bool is_variable(const Node& node, By by) {
    const auto kind = by == By::parameters ? Symbol::Kind::parameter : Symbol::Kind::state;
    return node.op == Op::symbol && node.symbol.kind == kind;
}

// The variables that any operand depends on, ascending.
std::vector<std::uint32_t> variables_of(std::span<const Gradient* const> operands) {
    std::vector<std::uint32_t> variables;
    for (const Gradient* gradient : operands) {
        for (const auto& [variable, derivative] : *gradient) variables.push_back(variable);
    }
    std::ranges::sort(variables);
    const auto repeated = std::ranges::unique(variables);
    variables.erase(repeated.begin(), repeated.end());
    return variables;
}

Derivative find(const Gradient& gradient, std::uint32_t variable) {
    const auto found = std::ranges::lower_bound(gradient, variable, {}, &Gradient::value_type::first);
    if (found == gradient.end() || found->first != variable) return std::nullopt;
    return found->second;
}

Gradient gradient_of(Graph& graph, NodeId id, const std::vector<Gradient>& known, By by) {
    if (is_variable(graph[id], by)) return {{graph[id].symbol.index, graph.number(1)}};
    if (by == By::states_and_time && graph[id].op == Op::time) return {{time_state, graph.number(1)}};
    const std::vector<NodeId> x(graph.operands(id).begin(), graph.operands(id).end());
    std::vector<const Gradient*> operands;
    for (const NodeId operand : x) operands.push_back(&known[operand]);
    Gradient result;
    std::vector<Derivative> d(x.size());
    for (const std::uint32_t variable : variables_of(operands)) {
        for (std::size_t i = 0; i < x.size(); ++i) d[i] = find(*operands[i], variable);
        if (const Derivative derivative = chain_rule(graph, id, x, d))
            result.emplace_back(variable, *derivative);
    }
    return result;
}

}  // namespace

std::vector<Gradient> gradients(Graph& graph, std::span<const NodeId> nodes, By by) {
    std::vector<Gradient> known(graph.size());
    for (const NodeId id : reachable(graph, nodes)) known[id] = gradient_of(graph, id, known, by);
    std::vector<Gradient> result;
    for (const NodeId node : nodes) result.push_back(known[node]);
    return result;
}

NodeId differentiate(Graph& graph, NodeId node, std::uint32_t state) {
    const std::vector<Gradient> all = gradients(graph, std::span(&node, 1));
    return find(all[0], state).value_or(graph.number(0));
}

}  // namespace rondo
