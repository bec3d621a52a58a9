// mathml.cpp: the table of operations as libSBML and MathML name them.
#include "sbml/mathml.h"

#include <algorithm>
#include <iterator>

namespace rondo {

namespace {

// Where libSBML has two types for one operation, the one it reads from MathML comes first.
constexpr MathmlOp table[] = {
    {Op::pi, ::AST_CONSTANT_PI, "pi"},
    {Op::exponentiale, ::AST_CONSTANT_E, "exponentiale"},
    {Op::true_, ::AST_CONSTANT_TRUE, "true"},
    {Op::false_, ::AST_CONSTANT_FALSE, "false"},
    {Op::plus, ::AST_PLUS, "plus"},
    {Op::minus, ::AST_MINUS, "minus"},
    {Op::negate, ::AST_MINUS, "minus"},
    {Op::times, ::AST_TIMES, "times"},
    {Op::divide, ::AST_DIVIDE, "divide"},
    {Op::power, ::AST_POWER, "power"},
    {Op::power, ::AST_FUNCTION_POWER, "power"},
    {Op::remainder, ::AST_FUNCTION_REM, "rem"},
    {Op::quotient, ::AST_FUNCTION_QUOTIENT, "quotient"},
    {Op::abs, ::AST_FUNCTION_ABS, "abs"},
    {Op::ceil, ::AST_FUNCTION_CEILING, "ceiling"},
    {Op::floor, ::AST_FUNCTION_FLOOR, "floor"},
    {Op::exp, ::AST_FUNCTION_EXP, "exp"},
    {Op::ln, ::AST_FUNCTION_LN, "ln"},
    {Op::log, ::AST_FUNCTION_LOG, "log"},
    {Op::root, ::AST_FUNCTION_ROOT, "root"},
    {Op::factorial, ::AST_FUNCTION_FACTORIAL, "factorial"},
    {Op::sin, ::AST_FUNCTION_SIN, "sin"},
    {Op::cos, ::AST_FUNCTION_COS, "cos"},
    {Op::tan, ::AST_FUNCTION_TAN, "tan"},
    {Op::sec, ::AST_FUNCTION_SEC, "sec"},
    {Op::csc, ::AST_FUNCTION_CSC, "csc"},
    {Op::cot, ::AST_FUNCTION_COT, "cot"},
    {Op::sinh, ::AST_FUNCTION_SINH, "sinh"},
    {Op::cosh, ::AST_FUNCTION_COSH, "cosh"},
    {Op::tanh, ::AST_FUNCTION_TANH, "tanh"},
    {Op::sech, ::AST_FUNCTION_SECH, "sech"},
    {Op::csch, ::AST_FUNCTION_CSCH, "csch"},
    {Op::coth, ::AST_FUNCTION_COTH, "coth"},
    {Op::arcsin, ::AST_FUNCTION_ARCSIN, "arcsin"},
    {Op::arccos, ::AST_FUNCTION_ARCCOS, "arccos"},
    {Op::arctan, ::AST_FUNCTION_ARCTAN, "arctan"},
    {Op::arcsec, ::AST_FUNCTION_ARCSEC, "arcsec"},
    {Op::arccsc, ::AST_FUNCTION_ARCCSC, "arccsc"},
    {Op::arccot, ::AST_FUNCTION_ARCCOT, "arccot"},
    {Op::arcsinh, ::AST_FUNCTION_ARCSINH, "arcsinh"},
    {Op::arccosh, ::AST_FUNCTION_ARCCOSH, "arccosh"},
    {Op::arctanh, ::AST_FUNCTION_ARCTANH, "arctanh"},
    {Op::arcsech, ::AST_FUNCTION_ARCSECH, "arcsech"},
    {Op::arccsch, ::AST_FUNCTION_ARCCSCH, "arccsch"},
    {Op::arccoth, ::AST_FUNCTION_ARCCOTH, "arccoth"},
    {Op::min, ::AST_FUNCTION_MIN, "min"},
    {Op::max, ::AST_FUNCTION_MAX, "max"},
    {Op::eq, ::AST_RELATIONAL_EQ, "eq"},
    {Op::neq, ::AST_RELATIONAL_NEQ, "neq"},
    {Op::lt, ::AST_RELATIONAL_LT, "lt"},
    {Op::leq, ::AST_RELATIONAL_LEQ, "leq"},
    {Op::gt, ::AST_RELATIONAL_GT, "gt"},
    {Op::geq, ::AST_RELATIONAL_GEQ, "geq"},
    {Op::and_, ::AST_LOGICAL_AND, "and"},
    {Op::or_, ::AST_LOGICAL_OR, "or"},
    {Op::xor_, ::AST_LOGICAL_XOR, "xor"},
    {Op::not_, ::AST_LOGICAL_NOT, "not"},
    {Op::implies, ::AST_LOGICAL_IMPLIES, "implies"},
    {Op::piecewise, ::AST_FUNCTION_PIECEWISE, "piecewise"},
    {Op::delay, ::AST_FUNCTION_DELAY, "delay"},
    {Op::rate_of, ::AST_FUNCTION_RATE_OF, "rateOf"},
};

template <class Key>
const MathmlOp* find(Key MathmlOp::*key, Key value) {
    const auto found = std::find_if(std::begin(table), std::end(table),
                                    [&](const MathmlOp& row) { return row.*key == value; });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace

const MathmlOp* mathml_op(Op op) {
    return find(&MathmlOp::op, op);
}

const MathmlOp* mathml_op(::ASTNodeType_t type) {
    return find(&MathmlOp::type, type);
}

}  // namespace rondo
