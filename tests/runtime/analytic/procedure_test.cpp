// Compiled programs against their walk node by node, at every width and number of threads.
#include "runtime/analytic/procedure.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rondo {
namespace {

// p0, p1 arguments. Outer loop, 7 turns: p2 grows by p1 times the sum 1 + ... + p3 (its counter), which an
// inner loop makes in p4. Then a loop with a condition halves p6 (from p2) while it is above p0.
Procedure nested() {
    Procedure procedure;
    procedure.arguments = 2;
    procedure.parameters = 8;
    Graph& g = procedure.graph;
    const auto p = [&](std::uint32_t i) { return g.parameter(i); };
    Procedure::Loop inner;
    inner.carried = {4};
    inner.start = {g.number(0)};
    inner.next = {g.apply(Op::plus, {p(4), p(5)})};
    inner.condition = g.apply(Op::leq, {p(5), p(3)});
    inner.counter = 5;
    Procedure::Loop outer;
    outer.carried = {2};
    outer.start = {g.number(1)};
    outer.next = {g.apply(Op::plus, {p(2), g.apply(Op::times, {p(1), p(4)})})};
    outer.inner = {inner};
    outer.counter = 3;
    outer.turns = 7;
    Procedure::Loop halve;
    halve.carried = {6};
    halve.start = {p(2)};
    halve.next = {g.apply(Op::divide, {p(6), g.number(2)})};
    halve.condition = g.apply(Op::lt, {p(0), p(6)});
    halve.counter = 7;
    procedure.loops = {outer, halve};
    procedure.outputs = {p(2), p(6), g.apply(Op::sin, {p(6)})};
    return procedure;
}

// 1 + p1 (1 + 3 + 6 + ... + 28), halved until it is no more than p0.
std::vector<double> by_hand(double x, double y) {
    double sum = 1;
    for (int n = 1; n <= 7; ++n) sum += y * n * (n + 1) / 2;
    double half = sum;
    while (x < half) half /= 2;
    return {sum, half, std::sin(half)};
}

TEST(Procedure, LoopsDoWhatTheySay) {
    const Procedure procedure = nested();
    for (const double x : {0.3, 5.0, 1e3})
        for (const double y : {0.25, 2.0}) EXPECT_EQ(evaluate(procedure, std::vector{x, y}), by_hand(x, y));
}

TEST(Procedure, CompiledIsTheWalkAtEveryWidthAndNumberOfThreads) {
    const Procedure procedure = nested();
    std::vector<double> x, y;
    for (int i = 0; i < 2501; ++i) {  // no multiple of lanes or of blocks
        x.push_back(0.01 + 0.003 * i);
        y.push_back(3 - 0.001 * i);
    }
    const std::vector<std::span<const double>> arguments{x, y};
    const auto two = CompiledProcedure(nested(), 2).evaluate(arguments, Executor(1));
    for (const int lanes : {4, 8})
        EXPECT_EQ(CompiledProcedure(nested(), lanes).evaluate(arguments, Executor(3)), two) << lanes;
    for (std::size_t i = 0; i < x.size(); i += 100) {
        const auto walked = evaluate(procedure, std::vector{x[i], y[i]});
        EXPECT_EQ(two[0][i], walked[0]);
        EXPECT_EQ(two[1][i], walked[1]);
        EXPECT_NEAR(two[2][i], walked[2], 1e-15);  // another library's sine
    }
}

TEST(Procedure, ARowWhoseLoopNeverEndsHasNoValueAndItsNeighboursDo) {
    Procedure procedure;
    procedure.arguments = 1;
    procedure.parameters = 3;
    Graph& g = procedure.graph;
    Procedure::Loop loop;
    loop.carried = {1};
    loop.start = {g.parameter(0)};
    loop.next = {g.apply(Op::times, {g.parameter(1), g.parameter(1)})};
    loop.condition = g.apply(Op::lt, {g.parameter(1), g.number(10)});
    loop.counter = 2;
    procedure.loops = {loop};
    procedure.outputs = {g.parameter(1)};
    const std::vector<double> x{2, 1, 3, 0.5};  // 1 and 0.5 stay below 10 for ever
    const auto out =
        CompiledProcedure(procedure, 4).evaluate(std::vector<std::span<const double>>{x}, Executor(1))[0];
    EXPECT_EQ(out[0], 16);
    EXPECT_TRUE(std::isnan(out[1]));
    EXPECT_EQ(out[2], 81);
    EXPECT_TRUE(std::isnan(out[3]));
}

TEST(Procedure, NoRowsGiveNoValues) {
    const std::vector<double> none;
    const auto out = CompiledProcedure(nested(), 2)
                         .evaluate(std::vector<std::span<const double>>{none, none}, Executor(1));
    EXPECT_EQ(out, std::vector<std::vector<double>>(3));
}

}  // namespace
}  // namespace rondo
