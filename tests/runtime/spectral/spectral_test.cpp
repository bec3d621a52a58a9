// Spectral solutions against exact ones, and the order of the time steps.
#include "runtime/spectral/spectral.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/runtime/support.h"

namespace rondo {
namespace {

using std::numbers::pi;

const Box circle{{{"t", 0, 1}, {"x", -1, 1}}};
const Executor executor(1);

// a u_t + b u_x + c u_xx + rest(u, t, x)
struct Terms {
    double a = 1, b = 0, c = 0;
    std::function<NodeId(Graph&, NodeId u, NodeId t, NodeId x)> rest = {};
};

Equation equation_of(const Terms& terms) {
    Equation equation;
    equation.fields = {"u"};
    Residual& r = equation.residual;
    r.unknowns = {Derivative{0, {}}, Derivative{0, {0}}, Derivative{0, {1}}, Derivative{0, {1, 1}}, "t", "x"};
    Graph& g = r.graph;
    NodeId sum = terms.rest ? terms.rest(g, g.parameter(0), g.parameter(4), g.parameter(5)) : g.number(0);
    for (const auto& [factor, i] : {std::pair{terms.a, 1u}, {terms.b, 2u}, {terms.c, 3u}})
        sum = g.apply(Op::plus, {sum, g.apply(Op::times, {g.number(factor), g.parameter(i)})});
    r.roots = {sum};
    return equation;
}

std::vector<double> start_of(const SpectralOptions& options, const std::function<double(double)>& f) {
    std::vector<double> start;
    for (const double x : spectral_grid(circle, options).x) start.push_back(f(x));
    return start;
}

double worst(const Table& table, const std::function<double(double t, double x)>& exact) {
    double worst = 0;
    for (std::size_t i = 0; i < table.rows(); ++i)
        worst = std::max(
            worst, std::abs(table.numbers("u")[i] - exact(table.numbers("t")[i], table.numbers("x")[i])));
    return worst;
}

TEST(Spectral, LinearEquationsAreSolvedExactly) {
    const SpectralOptions options{.modes = 16, .steps = 4, .rows = 3};
    const auto start =
        start_of(options, [](double x) { return 1 + std::sin(pi * x) + std::cos(2 * pi * x); });
    // u_t + 2 u_x - 0.1 u_xx = 0: waves that travel and fade; with a factor before u_t, which changes
    // nothing.
    for (const double a : {1.0, -3.0}) {
        const Table table = spectral(equation_of({a, 2 * a, -0.1 * a}), circle, start, options, executor);
        EXPECT_EQ(table.names(), (std::vector<std::string>{"t", "x", "u"}));
        EXPECT_EQ(table.rows(), 48u);
        EXPECT_LT(worst(table,
                        [](double t, double x) {
                            const double y = x - 2 * t;
                            return 1 + std::exp(-0.1 * pi * pi * t) * std::sin(pi * y) +
                                   std::exp(-0.4 * pi * pi * t) * std::cos(2 * pi * y);
                        }),
                  1e-13);
    }
}

// u_t = u (1 - u) from 1/10 everywhere, and u_t = x + t: the rest depends on all it may.
TEST(Spectral, StepsTheRestToFourthOrder) {
    const auto logistic = equation_of({.rest = [](Graph& g, NodeId u, NodeId, NodeId) {
        return g.apply(Op::times, {u, g.apply(Op::minus, {u, g.number(1)})});
    }});
    const auto error = [&](std::size_t steps) {
        const SpectralOptions options{.modes = 4, .steps = steps, .rows = 2};
        return worst(spectral(logistic, circle, std::vector<double>(4, 0.1), options, executor),
                     [](double t, double) { return 1 / (1 + 9 * std::exp(-t)); });
    };
    EXPECT_LT(error(40), 1e-8);
    EXPECT_NEAR(error(10) / error(20), 16, 2);

    const auto forced = equation_of({.rest = [](Graph& g, NodeId, NodeId t, NodeId x) {
        return g.apply(Op::negate, {g.apply(Op::plus, {t, x})});
    }});
    const SpectralOptions options{.modes = 8, .steps = 3, .rows = 4};
    EXPECT_LT(worst(spectral(forced, circle, std::vector<double>(8, 0), options, executor),
                    [](double t, double x) { return x * t + t * t / 2; }),
              1e-13);
}

TEST(Spectral, SaysWhatItCannotSolve) {
    const SpectralOptions options{.modes = 4, .steps = 4, .rows = 3};
    const auto message = [&](const Equation& equation, const Box& box = circle, SpectralOptions given = {}) {
        return message_of([&] { spectral(equation, box, std::vector<double>(4, 0.1), given, executor); });
    };
    const Equation fine = equation_of({});
    EXPECT_EQ(message(fine, circle, options), "");
    EXPECT_EQ(message(fine, {{{"t", 0, 1}}}, options),
              "spectral needs a box of two axes, one of them the time 't'");
    EXPECT_EQ(message(fine, {{{"t", 0, 1}, {"x", 1, 2, Scale::log}}}, options),
              "spectral needs linear axes; 'x' is logarithmic");
    EXPECT_EQ(message(fine, circle, {.modes = 4, .steps = 5, .rows = 3}),
              "spectral keeps 3 times, so steps must be a multiple of 2, not 5");
    EXPECT_EQ(message(equation_of({.a = 0}), circle, options),
              "spectral needs an equation with the derivative by time");
    const auto bent = equation_of({.rest = [](Graph& g, NodeId u, NodeId, NodeId) {
        return g.apply(Op::times, {u, g.parameter(2)});
    }});
    EXPECT_EQ(message(bent, circle, options),
              "spectral needs an equation whose derivatives have constant factors");
    Equation mixed = fine;
    mixed.residual.unknowns[3] = Derivative{0, {0, 1}};
    Graph& g = mixed.residual.graph;
    mixed.residual.roots = {g.apply(Op::plus, {mixed.residual.roots[0], g.parameter(3)})};
    EXPECT_EQ(message(mixed, circle, options),
              "spectral needs an equation of first order in time, without mixed derivatives");
    const auto explosive = equation_of({.rest = [](Graph& gr, NodeId u, NodeId, NodeId) {
        return gr.apply(Op::negate, {gr.apply(Op::exp, {gr.apply(Op::times, {gr.number(900), u})})});
    }});
    EXPECT_EQ(message(explosive, circle, options),
              "spectral: the solution is not finite at t = 0.5; try more steps");
}

}  // namespace
}  // namespace rondo
