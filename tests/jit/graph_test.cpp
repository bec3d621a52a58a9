// The expression graph: values survive simplification, derivatives are those of differences.
#include "jit/graph/graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "jit/graph/factors.h"
#include "jit/graph/formula.h"

namespace rondo {
namespace {

const std::vector<std::string> states{"x", "y", "z"};
const std::vector<std::string> parameters{"a", "b"};

NodeId read(Graph& graph, const Math& math) {
    const auto name = [&](const std::string& symbol) {
        for (std::uint32_t i = 0; i < states.size(); ++i) {
            if (states[i] == symbol) return graph.state(i);
        }
        return graph.parameter(symbol == "a" ? 0 : 1);
    };
    return NodeReader(graph, {}).read(math, name);
}

MathPtr random_math(std::mt19937_64& engine, const std::vector<Op>& ops, int depth) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(engine() % n); };
    if (depth == 0 || below(5) == 0) {
        const double numbers[] = {0, 1, -1, 2, 0.5, -3, 10};
        const std::size_t leaf = below(8);
        if (leaf < states.size()) return make_symbol(states[leaf]);
        if (leaf < 5) return make_symbol(parameters[leaf - 3]);
        return leaf == 5 ? make_math(Op::time, {}) : make_number(numbers[below(std::size(numbers))]);
    }
    const Op op = ops[below(ops.size())];
    const OpInfo& row = info(op);
    const auto arity = row.max_arity < 0 ? 2 + below(3) : static_cast<std::size_t>(row.max_arity);
    std::vector<MathPtr> args;
    for (std::size_t i = 0; i < arity; ++i) args.push_back(random_math(engine, ops, depth - 1));
    return make_math(op, std::move(args));
}

struct Point {
    double t;
    std::vector<double> y, p;
};

Point random_point(std::mt19937_64& engine) {
    std::uniform_real_distribution<double> value(-2, 2);
    Point point{value(engine), {}, {}};
    for (int i = 0; i < 3; ++i) point.y.push_back(value(engine));
    for (int i = 0; i < 2; ++i) point.p.push_back(value(engine));
    return point;
}

// What the formula says, straight from the definitions of its operations; shares no code with the graph.
double value_of(const Math& math, const Point& at) {
    std::vector<double> x;
    for (const MathPtr& argument : math.args) x.push_back(value_of(*argument, at));
    const auto fold = [&](double from, auto combine) {
        for (const double next : x) from = combine(from, next);
        return from;
    };
    const auto chain = [&](auto holds) {
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
            if (!holds(x[i], x[i + 1])) return 0.0;
        }
        return 1.0;
    };
    const double inf = std::numeric_limits<double>::infinity();
    switch (math.op) {
        case Op::number: return math.value;
        case Op::symbol:
            for (std::size_t i = 0; i < 3; ++i) {
                if (states[i] == math.name) return at.y[i];
            }
            return at.p[math.name == "a" ? 0 : 1];
        case Op::time: return at.t;
        case Op::plus: return fold(0, [](double a, double b) { return a + b; });
        case Op::times: return fold(1, [](double a, double b) { return a * b; });
        case Op::minus: return x[0] - x[1];
        case Op::divide: return x[0] / x[1];
        case Op::power: return std::pow(x[0], x[1]);
        case Op::negate: return -x[0];
        case Op::remainder:
            return x[0] - x[1] * (x[0] * x[1] < 0 ? std::ceil(x[0] / x[1]) : std::floor(x[0] / x[1]));
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
        case Op::sec: return 1 / std::cos(x[0]);
        case Op::csc: return 1 / std::sin(x[0]);
        case Op::cot: return 1 / std::tan(x[0]);
        case Op::sinh: return std::sinh(x[0]);
        case Op::cosh: return std::cosh(x[0]);
        case Op::tanh: return std::tanh(x[0]);
        case Op::sech: return 1 / std::cosh(x[0]);
        case Op::csch: return 1 / std::sinh(x[0]);
        case Op::coth: return 1 / std::tanh(x[0]);
        case Op::arcsin: return std::asin(x[0]);
        case Op::arccos: return std::acos(x[0]);
        case Op::arctan: return std::atan(x[0]);
        case Op::arcsec: return std::acos(1 / x[0]);
        case Op::arccsc: return std::asin(1 / x[0]);
        case Op::arccot: return std::atan(1 / x[0]);
        case Op::arcsinh: return std::asinh(x[0]);
        case Op::arccosh: return std::acosh(x[0]);
        case Op::arctanh: return std::atanh(x[0]);
        case Op::arcsech: return std::acosh(1 / x[0]);
        case Op::arccsch: return std::asinh(1 / x[0]);
        case Op::arccoth: return std::atanh(1 / x[0]);
        case Op::min: return fold(inf, [](double a, double b) { return b < a || std::isnan(b) ? b : a; });
        case Op::max: return fold(-inf, [](double a, double b) { return b > a || std::isnan(b) ? b : a; });
        case Op::root: return std::pow(x[1], 1 / x[0]);
        case Op::log: return std::log(x[1]) / std::log(x[0]);
        case Op::eq: return chain([](double a, double b) { return a == b; });
        case Op::neq: return chain([](double a, double b) { return a != b; });
        case Op::lt: return chain([](double a, double b) { return a < b; });
        case Op::leq: return chain([](double a, double b) { return a <= b; });
        case Op::gt: return chain([](double a, double b) { return a > b; });
        case Op::geq: return chain([](double a, double b) { return a >= b; });
        case Op::and_: return fold(1, [](double a, double b) { return a != 0 && b != 0; });
        case Op::or_: return fold(0, [](double a, double b) { return a != 0 || b != 0; });
        case Op::xor_: return fold(0, [](double a, double b) { return (a != 0) != (b != 0); });
        case Op::not_: return x[0] == 0;
        case Op::implies: return x[0] == 0 || x[1] != 0;
        case Op::piecewise:
            for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
                if (x[i + 1] != 0) return x[i];
            }
            return x.size() % 2 == 1 ? x.back() : std::nan("");
        default: ADD_FAILURE() << "no definition of " << info(math.op).name; return 0;
    }
}

std::vector<Op> all_operations() {
    std::vector<Op> ops;
    for (int i = static_cast<int>(Op::plus); i < static_cast<int>(Op::call); ++i)
        ops.push_back(static_cast<Op>(i));
    return ops;
}

// Rewrites reorder a few roundings; comparisons and steps may then fall either way at a tie, which random
// points all but never meet. Where the formula itself overflows or leaves its domain there is nothing to
// keep.
TEST(Graph, RandomExpressionsKeepTheirValue) {
    std::mt19937_64 engine(1);
    int compared = 0;
    for (int i = 0; i < 20000; ++i) {
        const MathPtr math = random_math(engine, all_operations(), 3);
        const Point at = random_point(engine);
        Graph graph;
        const NodeId node = read(graph, *math);
        const double expected = value_of(*math, at), found = evaluate(graph, node, at.t, at.y, at.p);
        if (!std::isfinite(expected) || std::fabs(expected) > 1e6) continue;
        ++compared;
        ASSERT_NEAR(found, expected, 1e-9 * (1 + std::fabs(expected)))
            << to_text(*math) << "\nbecame " << to_text(graph, node, states, parameters);
    }
    EXPECT_GT(compared, 8000);
}

TEST(Factors, GatheredKeepTheValue) {
    std::mt19937_64 engine(3);
    int compared = 0;
    for (int i = 0; i < 20000; ++i) {
        const MathPtr math =
            random_math(engine, {Op::plus, Op::minus, Op::times, Op::divide, Op::negate, Op::power}, 4);
        const Point at = random_point(engine);
        Graph graph;
        const NodeId node = read(graph, *math);
        const double expected = evaluate(graph, node, at.t, at.y, at.p);
        if (!std::isfinite(expected) || std::fabs(expected) > 1e6) continue;
        const NodeId gathered = gather_fixed_factors(graph, std::vector{node}).front();
        ++compared;
        ASSERT_NEAR(evaluate(graph, gathered, at.t, at.y, at.p), expected, 1e-9 * (1 + std::fabs(expected)))
            << to_text(*math) << "\nbecame " << to_text(graph, gathered, states, parameters);
    }
    EXPECT_GT(compared, 8000);
}

TEST(Factors, ParametersAreDividedByOnce) {
    Graph graph;
    const NodeId x = graph.state(0), y = graph.state(1), a = graph.parameter(0), b = graph.parameter(1);
    const auto times = [&](NodeId first, NodeId second) { return graph.apply(Op::times, {first, second}); };
    const auto divide = [&](NodeId above, NodeId below) { return graph.apply(Op::divide, {above, below}); };
    const std::vector<std::pair<NodeId, NodeId>> cases = {
        {divide(times(times(a, x), y), b), times(divide(a, b), times(x, y))},
        {divide(divide(times(x, a), y), b), times(divide(a, b), divide(x, y))},
        {divide(a, times(b, x)), times(divide(a, b), divide(graph.number(1), x))},
        {times(graph.apply(Op::plus, {divide(x, b), a}), b),
         times(b, graph.apply(Op::plus, {times(divide(graph.number(1), b), x), a}))},
        {divide(times(a, a), b), divide(times(a, a), b)},
    };
    for (const auto& [given, expected] : cases) {
        const NodeId found = gather_fixed_factors(graph, std::vector{given}).front();
        EXPECT_EQ(to_text(graph, found, states, parameters), to_text(graph, expected, states, parameters));
    }
}

TEST(Graph, EqualExpressionsAreOneNode) {
    Graph graph;
    const NodeId x = graph.state(0), y = graph.state(1);
    EXPECT_EQ(graph.apply(Op::plus, {x, y}), graph.apply(Op::plus, {y, x}));
    EXPECT_EQ(graph.apply(Op::times, {x, x}), graph.apply(Op::power, {x, graph.number(2)}));
    EXPECT_EQ(graph.apply(Op::gt, {x, y}), graph.apply(Op::lt, {y, x}));
    EXPECT_NE(graph.number(0.0), graph.number(-0.0));
    EXPECT_EQ(graph.number(std::nan("")), graph.number(std::nan("")));
    for (int i = 0; i < 1000; ++i) graph.number(i);
    EXPECT_EQ(graph.state(1), y);
}

TEST(Graph, SimplifiesWhatIsSafeAndNothingElse) {
    struct Case {
        std::function<NodeId(Graph&, NodeId, NodeId)> make;
        const char* text;
    };
    const auto number = [](Graph& g, double v) { return g.number(v); };
    const Case cases[] = {
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::plus, {x, number(g, 0)});
         },
         "x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::times, {number(g, -1), x});
         },
         "-x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::power, {x, number(g, 2.5)});
         },
         "x^2*sqrt(x)"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::power, {x, number(g, -1)});
         },
         "1/x"},
        {[&](Graph& g, NodeId x, NodeId y) {
             return g.apply(Op::plus, {g.apply(Op::negate, {x}), y});
         },
         "y - x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::root, {number(g, 2), x});
         },
         "sqrt(x)"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::log, {number(g, 10), x});
         },
         "log10(x)"},
        {[&](Graph& g, NodeId x, NodeId) { return g.apply(Op::sec, {x}); }, "1/cos(x)"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::piecewise, {x, number(g, 1)});
         },
         "x"},
        // x may be infinite or NaN:
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::times, {x, number(g, 0)});
         },
         "0*x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::minus, {x, x});
         },
         "x - x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::divide, {x, x});
         },
         "x/x"},
        {[&](Graph& g, NodeId x, NodeId) {
             return g.apply(Op::eq, {x, x});
         },
         "x == x"},
    };
    for (const Case& c : cases) {
        Graph graph;
        graph.number(0);
        const NodeId x = graph.state(0), y = graph.state(1);
        EXPECT_EQ(to_text(graph, c.make(graph, x, y), states, parameters), c.text);
    }
}

// Central differences of a smooth function err by h^2 f''' and by rounding / h: 1e-6 relative at h = 1e-5.
void expect_derivative(Graph& graph, NodeId node, const Point& at, std::uint32_t state) {
    const double h = 1e-5;
    const NodeId derivative = differentiate(graph, node, state);
    const double symbolic = evaluate(graph, derivative, at.t, at.y, at.p);
    const auto shifted = [&](double by) {
        std::vector<double> y = at.y;
        y[state] += by;
        return evaluate(graph, node, at.t, y, at.p);
    };
    const double near = (shifted(h) - shifted(-h)) / (2 * h),
                 far = (shifted(2 * h) - shifted(-2 * h)) / (4 * h);
    const double scale = 1 + std::fabs(near) + std::fabs(shifted(0));
    if (!std::isfinite(near) || !(std::fabs(near - far) < 1e-7 * scale))
        return;  // a pole, a kink or a step is near
    EXPECT_NEAR(symbolic, near, 1e-6 * scale) << to_text(graph, node, states, parameters);
}

TEST(Differentiate, EveryFunctionAgreesWithDifferences) {
    for (const Op op : all_operations()) {
        SCOPED_TRACE(std::string(info(op).name));
        for (const double first : {0.3, 0.7, 1.6, 2.4, -0.4, -1.7}) {
            for (const double second : {0.4, 1.3, 3.0}) {
                Graph graph;
                const NodeId x = graph.state(0), y = graph.state(1), z = graph.state(2);
                const int arity = info(op).max_arity;
                const std::vector<NodeId> operands = arity == 1   ? std::vector{x}
                                                     : arity == 2 ? std::vector{x, y}
                                                                  : std::vector{x, y, z};
                const NodeId node = graph.apply(op, operands);
                for (std::uint32_t state = 0; state < 3; ++state) {
                    expect_derivative(graph, node, {0.1, {first, second, 0.9}, {}}, state);
                }
            }
        }
    }
}

TEST(Differentiate, RandomExpressionsAgreeWithDifferences) {
    std::mt19937_64 engine(2);
    // Without operations that have poles or branch points: chance would put values there.
    const std::vector<Op> smooth{Op::plus, Op::minus, Op::times,  Op::negate,    Op::exp,
                                 Op::sin,  Op::tanh,  Op::arctan, Op::piecewise, Op::lt};
    for (int i = 0; i < 3000; ++i) {
        const MathPtr math = random_math(engine, smooth, 3);
        const Point at = random_point(engine);
        Graph graph;
        const NodeId node = read(graph, *math);
        for (std::uint32_t state = 0; state < 3; ++state) expect_derivative(graph, node, at, state);
    }
}

// Shared subexpressions: written out as a tree, this would have 2^200 leaves.
TEST(Differentiate, CostsAreLinearInTheGraph) {
    Graph graph;
    NodeId node = graph.state(0);
    for (int i = 0; i < 200; ++i) {
        node = graph.apply(
            Op::sin, {graph.apply(Op::plus, {graph.apply(Op::times, {node, graph.number(0.5)}), node})});
    }
    const std::size_t before = graph.size();
    const NodeId derivative = differentiate(graph, node, 0);
    EXPECT_LT(graph.size(), 6 * before);
    EXPECT_TRUE(std::isfinite(evaluate(graph, derivative, 0, std::vector{0.5}, {})));
}

}  // namespace
}  // namespace rondo
