// math.h: formulas of a network. One closed enum of operations and one table about them serve the whole
// program: reading and printing here, SBML, the expression graph, its derivative and its code.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/source.h"

namespace rondo {

enum class Op : std::uint8_t {
    // leaves
    number,
    symbol,
    time,
    avogadro,
    pi,
    exponentiale,
    infinity,
    notanumber,
    true_,
    false_,
    // arithmetic
    plus,
    minus,
    times,
    divide,
    power,
    negate,
    remainder,
    quotient,
    // functions of one argument
    abs,
    ceil,
    floor,
    exp,
    ln,
    log10,
    sqrt,
    factorial,
    sin,
    cos,
    tan,
    sec,
    csc,
    cot,
    sinh,
    cosh,
    tanh,
    sech,
    csch,
    coth,
    arcsin,
    arccos,
    arctan,
    arcsec,
    arccsc,
    arccot,
    arcsinh,
    arccosh,
    arctanh,
    arcsech,
    arccsch,
    arccoth,
    // several arguments
    min,
    max,
    root,
    log,  // root(degree, x), log(base, x)
    // comparisons and logic: 1 or 0
    eq,
    neq,
    lt,
    leq,
    gt,
    geq,
    and_,
    or_,
    xor_,
    not_,
    implies,
    piecewise,  // value, condition, value, condition, ... [, otherwise]; NaN where nothing holds
    call,       // a function definition of the network, by name
    delay,      // delay(x, tau): x as it was tau ago
    rate_of,    // rateOf(symbol): its derivative in time
    draw,       // of a random number: name is the distribution (normal, uniform, ...), args its parameters
};

struct OpInfo {
    Op op;
    std::string_view name;     // as Antimony spells the function; the infix sign of operators
    int min_arity, max_arity;  // max_arity -1: any number
    int precedence;            // of infix and prefix operators in Antimony; 0 for functions and leaves
};

// The table's row for `op`.
const OpInfo& info(Op op);
// The operation that Antimony's function `name` means, aliases included (ceiling, acos, pow). None for `sqr`,
// which is a power, and for draws (see is_distribution).
std::optional<Op> function_named(std::string_view name);
// Whether `name` is a distribution that Op::draw draws from: normal, uniform, truncatedNormal, ...
bool is_distribution(std::string_view name);
// The constant that `name` means: pi, time, avogadro, true, inf, ... `e`, `t` and `Pi` are ordinary names.
std::optional<Op> constant_named(std::string_view name);

struct Math;
using MathPtr = std::shared_ptr<const Math>;

struct Math {
    Op op;
    double value = 0;  // number
    std::string name;  // symbol, call, draw; the unit of a number, if it has one
    std::vector<MathPtr> args;
    Span span;
};

// Each formula has one form, whichever text it came from, and to_text keeps it:
// infinite and undefined numbers become the constants, minus a number is a negative number, and
// (a + b) + c is a + b + c (plus, times, and, or: their value does not depend on it).
MathPtr make_number(double value, Span span = {});
MathPtr make_quantity(double value, std::string unit, Span span = {});  // a number with a unit
MathPtr make_symbol(std::string name, Span span = {});
MathPtr make_math(Op op, std::vector<MathPtr> args, Span span = {}, std::string name = {});

// Same formula, spans aside.
bool equal(const Math&, const Math&);

// As Antimony text, with the fewest parentheses that keep its meaning; numbers in shortest exact form.
std::string to_text(const Math&);

}  // namespace rondo
