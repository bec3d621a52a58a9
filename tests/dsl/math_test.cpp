// Formulas: the table of operations and their text.
#include "dsl/model/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

MathPtr n(double value) {
    return make_number(value);
}
MathPtr s(std::string name) {
    return make_symbol(std::move(name));
}
MathPtr m(Op op, std::vector<MathPtr> args) {
    return make_math(op, std::move(args));
}

TEST(MathText, KeepsMeaningWithFewParentheses) {
    const auto a = s("a"), b = s("b"), c = s("c");
    struct Case {
        MathPtr math;
        std::string text;
    };
    const Case cases[] = {
        {m(Op::times, {m(Op::divide, {a, b}), c}), "a/b*c"},
        {m(Op::divide, {a, m(Op::times, {b, c})}), "a/(b*c)"},
        {m(Op::minus, {a, m(Op::minus, {b, c})}), "a - (b - c)"},
        {m(Op::minus, {m(Op::minus, {a, b}), c}), "a - b - c"},
        {m(Op::minus, {a, n(-2)}), "a - -2"},
        {m(Op::negate, {m(Op::power, {a, n(2)})}), "-a^2"},
        {m(Op::power, {m(Op::negate, {a}), n(2)}), "(-a)^2"},
        {m(Op::power, {n(-2), a}), "(-2)^a"},
        {m(Op::power, {a, m(Op::power, {b, c})}), "a^b^c"},
        {m(Op::power, {m(Op::power, {a, b}), c}), "(a^b)^c"},
        {m(Op::power, {a, m(Op::negate, {b})}), "a^-b"},
        {m(Op::negate, {m(Op::negate, {a})}), "-(-a)"},
        {m(Op::and_, {m(Op::or_, {a, b}), c}), "(a || b) && c"},
        {m(Op::lt, {m(Op::lt, {a, b}), c}), "(a < b) < c"},
        {m(Op::lt, {a, b, c}), "lt(a, b, c)"},
        {m(Op::not_, {m(Op::eq, {a, b})}), "!(a == b)"},
        {m(Op::remainder, {a, m(Op::times, {b, c})}), "a % (b*c)"},
        {m(Op::plus, {a}), "plus(a)"},
        {m(Op::plus, {m(Op::plus, {a, b}), m(Op::plus, {b, c})}), "a + b + (b + c)"},
        {m(Op::piecewise, {a, m(Op::gt, {b, c}), n(0.1)}), "piecewise(a, b > c, 0.1)"},
        {m(Op::sqrt, {a}), "sqrt(a)"},
        {make_math(Op::call, {a, b}, {}, "hill"), "hill(a, b)"},
        {n(1e300), "1e+300"},
        {n(-std::numeric_limits<double>::infinity()), "-inf"},
        {n(std::nan("")), "nan"},
        {m(Op::negate, {n(3)}), "-3"},
    };
    for (const auto& [math, text] : cases) EXPECT_EQ(to_text(*math), text);
}

TEST(MathNames, FollowAntimony) {
    struct Case {
        std::string_view name;
        std::optional<Op> op;
    };
    const Case functions[] = {
        {"ceiling", Op::ceil},   {"arcsin", Op::arcsin}, {"asinh", Op::arcsinh}, {"arcsinh", Op::arcsinh},
        {"log", Op::log},        {"log10", Op::log10},   {"pow", Op::power},     {"sqr", std::nullopt},
        {"neq", Op::neq},        {"rem", Op::remainder}, {"sqrt", Op::sqrt},     {"piecewise", Op::piecewise},
        {"gamma", std::nullopt}, {"time", std::nullopt}, {"+", std::nullopt},    {"", std::nullopt},
    };
    for (const auto& [name, op] : functions) EXPECT_EQ(function_named(name), op) << name;
    const Case constants[] = {{"TRUE", Op::true_},    {"inf", Op::infinity},   {"e", std::nullopt},
                              {"Time", std::nullopt}, {"nan", Op::notanumber}, {"NaN", std::nullopt}};
    for (const auto& [name, op] : constants) EXPECT_EQ(constant_named(name), op) << name;
}

}  // namespace
}  // namespace rondo
