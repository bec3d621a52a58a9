// math.cpp: the table of operations, and formulas to text.
#include "dsl/model/math.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <unordered_map>

namespace rondo {

namespace {

constexpr int any = -1;
constexpr int logic = 1, comparison = 2, sum = 3, product = 4, unary = 5, exponent = 6, tightest = 7;

constexpr OpInfo table[] = {
    {Op::number, "", 0, 0, 0},
    {Op::symbol, "", 0, 0, 0},
    {Op::time, "time", 0, 0, 0},
    {Op::avogadro, "avogadro", 0, 0, 0},
    {Op::pi, "pi", 0, 0, 0},
    {Op::exponentiale, "exponentiale", 0, 0, 0},
    {Op::infinity, "inf", 0, 0, 0},
    {Op::notanumber, "nan", 0, 0, 0},
    {Op::true_, "true", 0, 0, 0},
    {Op::false_, "false", 0, 0, 0},
    {Op::plus, "+", 0, any, sum},
    {Op::minus, "-", 2, 2, sum},
    {Op::times, "*", 0, any, product},
    {Op::divide, "/", 2, 2, product},
    {Op::power, "^", 2, 2, exponent},
    {Op::negate, "-", 1, 1, unary},
    {Op::remainder, "%", 2, 2, product},
    {Op::quotient, "quotient", 2, 2, 0},
    {Op::abs, "abs", 1, 1, 0},
    {Op::ceil, "ceil", 1, 1, 0},
    {Op::floor, "floor", 1, 1, 0},
    {Op::exp, "exp", 1, 1, 0},
    {Op::ln, "ln", 1, 1, 0},
    {Op::log10, "log10", 1, 1, 0},
    {Op::sqrt, "sqrt", 1, 1, 0},
    {Op::factorial, "factorial", 1, 1, 0},
    {Op::sin, "sin", 1, 1, 0},
    {Op::cos, "cos", 1, 1, 0},
    {Op::tan, "tan", 1, 1, 0},
    {Op::sec, "sec", 1, 1, 0},
    {Op::csc, "csc", 1, 1, 0},
    {Op::cot, "cot", 1, 1, 0},
    {Op::sinh, "sinh", 1, 1, 0},
    {Op::cosh, "cosh", 1, 1, 0},
    {Op::tanh, "tanh", 1, 1, 0},
    {Op::sech, "sech", 1, 1, 0},
    {Op::csch, "csch", 1, 1, 0},
    {Op::coth, "coth", 1, 1, 0},
    {Op::arcsin, "asin", 1, 1, 0},
    {Op::arccos, "acos", 1, 1, 0},
    {Op::arctan, "atan", 1, 1, 0},
    {Op::arcsec, "asec", 1, 1, 0},
    {Op::arccsc, "acsc", 1, 1, 0},
    {Op::arccot, "acot", 1, 1, 0},
    {Op::arcsinh, "arcsinh", 1, 1, 0},  // `asinh` is an ordinary name to some readers
    {Op::arccosh, "arccosh", 1, 1, 0},
    {Op::arctanh, "arctanh", 1, 1, 0},
    {Op::arcsech, "arcsech", 1, 1, 0},
    {Op::arccsch, "arccsch", 1, 1, 0},
    {Op::arccoth, "arccoth", 1, 1, 0},
    {Op::min, "min", 1, any, 0},
    {Op::max, "max", 1, any, 0},
    {Op::root, "root", 2, 2, 0},
    {Op::log, "log", 2, 2, 0},
    {Op::eq, "==", 2, any, comparison},
    {Op::neq, "!=", 2, 2, comparison},
    {Op::lt, "<", 2, any, comparison},
    {Op::leq, "<=", 2, any, comparison},
    {Op::gt, ">", 2, any, comparison},
    {Op::geq, ">=", 2, any, comparison},
    {Op::and_, "&&", 0, any, logic},
    {Op::or_, "||", 0, any, logic},
    {Op::xor_, "xor", 0, any, 0},
    {Op::not_, "!", 1, 1, unary},
    {Op::implies, "implies", 2, 2, 0},
    {Op::piecewise, "piecewise", 1, any, 0},
    {Op::call, "", 0, any, 0},
    {Op::delay, "delay", 2, 2, 0},
    {Op::rate_of, "rateOf", 1, 1, 0},
    {Op::draw, "", 1, 4, 0},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (table[i].op != static_cast<Op>(i)) return false;
    return std::size(table) == static_cast<std::size_t>(Op::draw) + 1;
}
static_assert(in_order());

struct Alias {
    std::string_view name;
    Op op;
};

// Function spellings of operators, and second names of functions.
constexpr Alias aliases[] = {
    {"plus", Op::plus},     {"minus", Op::minus},   {"times", Op::times},   {"divide", Op::divide},
    {"power", Op::power},   {"pow", Op::power},     {"rem", Op::remainder}, {"ceiling", Op::ceil},
    {"and", Op::and_},      {"or", Op::or_},        {"xor", Op::xor_},      {"not", Op::not_},
    {"eq", Op::eq},         {"equals", Op::eq},     {"neq", Op::neq},       {"lt", Op::lt},
    {"leq", Op::leq},       {"gt", Op::gt},         {"geq", Op::geq},       {"arcsin", Op::arcsin},
    {"arccos", Op::arccos}, {"arctan", Op::arctan}, {"arcsec", Op::arcsec}, {"arccsc", Op::arccsc},
    {"arccot", Op::arccot}, {"asinh", Op::arcsinh}, {"acosh", Op::arccosh}, {"atanh", Op::arctanh},
    {"asech", Op::arcsech}, {"acsch", Op::arccsch}, {"acoth", Op::arccoth},
};

constexpr Alias constants[] = {
    {"time", Op::time},
    {"avogadro", Op::avogadro},
    {"pi", Op::pi},
    {"exponentiale", Op::exponentiale},
    {"infinity", Op::infinity},
    {"inf", Op::infinity},
    {"nan", Op::notanumber},
    {"notanumber", Op::notanumber},
    {"NAN", Op::notanumber},
    {"true", Op::true_},
    {"True", Op::true_},
    {"TRUE", Op::true_},
    {"false", Op::false_},
    {"False", Op::false_},
    {"FALSE", Op::false_},
};

constexpr std::string_view distributions[] = {
    "normal",   "truncatedNormal", "uniform",   "exponential",      "truncatedExponential",
    "gamma",    "truncatedGamma",  "poisson",   "truncatedPoisson", "bernoulli",
    "binomial", "cauchy",          "chisquare", "laplace",          "lognormal",
    "rayleigh",
};

using NameTable = std::unordered_map<std::string_view, Op>;

NameTable function_table() {
    NameTable names;
    for (const OpInfo& row : table)
        if (row.max_arity != 0 && row.precedence == 0 && !row.name.empty()) names.emplace(row.name, row.op);
    for (const Alias& alias : aliases) names.emplace(alias.name, alias.op);
    return names;
}

NameTable constant_table() {
    NameTable names;
    for (const Alias& alias : constants) names.emplace(alias.name, alias.op);
    return names;
}

std::optional<Op> look_up(const NameTable& names, std::string_view name) {
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

// A function's own spelling; of an operator with an unusual number of operands, its spelling as one.
std::string_view function_name(Op op) {
    if (info(op).precedence == 0) return info(op).name;
    for (const Alias& alias : aliases)
        if (alias.op == op) return alias.name;
    return info(op).name;
}

bool associative(Op op) {
    return op == Op::plus || op == Op::times || op == Op::and_ || op == Op::or_;
}

bool is_infix(const Math& math) {
    return info(math.op).precedence > 0 &&
           (math.args.size() == 2 || (associative(math.op) && math.args.size() > 2));
}

bool is_prefix(const Math& math) {
    return math.op == Op::negate || math.op == Op::not_;
}

int precedence(const Math& math) {
    if (math.op == Op::number && std::signbit(math.value)) return unary;
    return is_infix(math) || is_prefix(math) ? info(math.op).precedence : tightest;
}

void print(const Math&, std::string&);

void print_operand(const Math& math, bool parentheses, std::string& out) {
    if (parentheses) out += '(';
    print(math, out);
    if (parentheses) out += ')';
}

void print_infix(const Math& math, std::string& out) {
    const int own = info(math.op).precedence;
    const bool tight = own >= product && math.op != Op::remainder;
    for (std::size_t i = 0; i < math.args.size(); ++i) {
        const Math& operand = *math.args[i];
        if (i > 0) {
            if (!tight) out += ' ';
            out += info(math.op).name;
            if (!tight) out += ' ';
        }
        const int theirs = precedence(operand);
        // `&&` and `||` share one level, and comparisons chain: there, and right of a left-associative
        // operator, the same level needs parentheses. `^` takes a sign and another power on its right.
        bool parentheses = theirs < own || (theirs == own && (i > 0 || own <= comparison || own == exponent));
        if (math.op == Op::power && i == 1) parentheses = theirs < unary;
        print_operand(operand, parentheses, out);
    }
}

void print_call(const Math& math, std::string& out) {
    out += math.op == Op::call || math.op == Op::draw ? std::string_view(math.name) : function_name(math.op);
    out += '(';
    for (std::size_t i = 0; i < math.args.size(); ++i) {
        if (i > 0) out += ", ";
        print(*math.args[i], out);
    }
    out += ')';
}

void print_number(double value, std::string& out) {
    std::array<char, 32> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void print(const Math& math, std::string& out) {
    if (math.op == Op::number) {
        print_number(math.value, out);
        if (!math.name.empty()) out += ' ' + math.name;
    } else if (math.op == Op::symbol) {
        out += math.name;
    } else if (is_prefix(math)) {
        out += info(math.op).name;
        print_operand(*math.args[0], precedence(*math.args[0]) <= unary, out);
    } else if (is_infix(math)) {
        print_infix(math, out);
    } else if (info(math.op).max_arity == 0) {
        out += info(math.op).name;
    } else {
        print_call(math, out);
    }
}

}  // namespace

const OpInfo& info(Op op) {
    return table[static_cast<std::size_t>(op)];
}

std::optional<Op> function_named(std::string_view name) {
    static const NameTable names = function_table();
    return look_up(names, name);
}

std::optional<Op> constant_named(std::string_view name) {
    static const NameTable names = constant_table();
    return look_up(names, name);
}

bool is_distribution(std::string_view name) {
    return std::ranges::find(distributions, name) != std::end(distributions);
}

MathPtr make_number(double value, Span span) {
    if (std::isnan(value)) return make_math(Op::notanumber, {}, span);
    if (std::isinf(value)) {
        const MathPtr infinity = make_math(Op::infinity, {}, span);
        return value > 0 ? infinity : make_math(Op::negate, {infinity}, span);
    }
    return std::make_shared<const Math>(Math{Op::number, value, {}, {}, span});
}

MathPtr make_quantity(double value, std::string unit, Span span) {
    return std::make_shared<const Math>(Math{Op::number, value, std::move(unit), {}, span});
}

MathPtr make_symbol(std::string name, Span span) {
    return std::make_shared<const Math>(Math{Op::symbol, 0, std::move(name), {}, span});
}

MathPtr make_math(Op op, std::vector<MathPtr> args, Span span, std::string name) {
    if (op == Op::negate && args[0]->op == Op::number && !std::signbit(args[0]->value))
        return make_quantity(-args[0]->value, args[0]->name, span);
    if (associative(op) && args.size() > 1 && args[0]->op == op && args[0]->args.size() > 1) {
        std::vector<MathPtr> flat = args[0]->args;
        flat.insert(flat.end(), args.begin() + 1, args.end());
        args = std::move(flat);
    }
    return std::make_shared<const Math>(Math{op, 0, std::move(name), std::move(args), span});
}

bool equal(const Math& a, const Math& b) {
    if (&a == &b) return true;
    const bool same_number = std::signbit(a.value) == std::signbit(b.value) && a.value == b.value;
    return a.op == b.op && same_number && a.name == b.name &&
           std::equal(a.args.begin(), a.args.end(), b.args.begin(), b.args.end(),
                      [](const MathPtr& x, const MathPtr& y) { return equal(*x, *y); });
}

std::string to_text(const Math& math) {
    std::string text;
    print(math, text);
    return text;
}

}  // namespace rondo
