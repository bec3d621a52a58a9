// evaluate.cpp: what every operation means in numbers. Compiled code is tested against this.
#include <cmath>
#include <limits>

#include "jit/graph/graph.h"

namespace rondo {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool holds(double condition) {
    return condition != 0;
}

double piecewise(std::span<const double> x) {
    std::size_t i = 0;
    for (; i + 1 < x.size(); i += 2) {
        if (holds(x[i + 1])) return x[i];
    }
    return i < x.size() ? x[i] : nan;
}

double smaller(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? nan : std::fmin(a, b);
}
double larger(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? nan : std::fmax(a, b);
}

}  // namespace

double apply_to_numbers(Op op, std::span<const double> x) {
    switch (op) {
        case Op::plus: return x[0] + x[1];
        case Op::minus: return x[0] - x[1];
        case Op::times: return x[0] * x[1];
        case Op::divide: return x[0] / x[1];
        case Op::power: return std::pow(x[0], x[1]);
        case Op::negate: return -x[0];
        case Op::quotient: return std::trunc(x[0] / x[1]);
        case Op::abs: return std::fabs(x[0]);
        case Op::ceil: return std::ceil(x[0]);
        case Op::floor: return std::floor(x[0]);
        case Op::exp: return std::exp(x[0]);
        case Op::ln: return std::log(x[0]);
        case Op::log10: return std::log10(x[0]);
        case Op::sqrt: return std::sqrt(x[0]);
        case Op::factorial: return std::tgamma(x[0] + 1);
        case Op::sin: return std::sin(x[0]);
        case Op::cos: return std::cos(x[0]);
        case Op::tan: return std::tan(x[0]);
        case Op::sinh: return std::sinh(x[0]);
        case Op::cosh: return std::cosh(x[0]);
        case Op::tanh: return std::tanh(x[0]);
        case Op::arcsin: return std::asin(x[0]);
        case Op::arccos: return std::acos(x[0]);
        case Op::arctan: return std::atan(x[0]);
        case Op::arcsinh: return std::asinh(x[0]);
        case Op::arccosh: return std::acosh(x[0]);
        case Op::arctanh: return std::atanh(x[0]);
        case Op::min: return smaller(x[0], x[1]);
        case Op::max: return larger(x[0], x[1]);
        case Op::eq: return x[0] == x[1];
        case Op::neq: return x[0] != x[1];
        case Op::lt: return x[0] < x[1];
        case Op::leq: return x[0] <= x[1];
        case Op::and_: return holds(x[0]) && holds(x[1]);
        case Op::or_: return holds(x[0]) || holds(x[1]);
        case Op::xor_: return holds(x[0]) != holds(x[1]);
        case Op::not_: return !holds(x[0]);
        case Op::piecewise: return piecewise(x);
        default: return nan;  // not in a graph: apply() rewrites it
    }
}

void evaluate(const Graph& graph, std::span<const NodeId> nodes, double t, std::span<const double> y,
              std::span<const double> p, std::span<double> out) {
    std::vector<double> value(graph.size()), operands;
    for (const NodeId id : reachable(graph, nodes)) {
        const Node& node = graph[id];
        if (node.op == Op::number) {
            value[id] = node.value;
        } else if (node.op == Op::time) {
            value[id] = t;
        } else if (node.op == Op::symbol) {
            value[id] = (node.symbol.kind == Symbol::Kind::state ? y : p)[node.symbol.index];
        } else {
            operands.clear();
            for (const NodeId operand : graph.operands(id)) operands.push_back(value[operand]);
            value[id] = apply_to_numbers(node.op, operands);
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) out[i] = value[nodes[i]];
}

double evaluate(const Graph& graph, NodeId node, double t, std::span<const double> y,
                std::span<const double> p) {
    double out;
    evaluate(graph, std::span(&node, 1), t, y, p, std::span(&out, 1));
    return out;
}

}  // namespace rondo
