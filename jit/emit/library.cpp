// library.cpp: addresses of the C library's functions.
#include "jit/emit/library.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace rondo {
namespace {

using Unary = double (*)(double);
using Binary = double (*)(double, double);

void* address(Unary function) {
    return reinterpret_cast<void*>(function);
}
void* address(Binary function) {
    return reinterpret_cast<void*>(function);
}

struct Row {
    Op op;
    std::string_view name;
};
constexpr Row rows[] = {
    {Op::exp, "exp"},          {Op::ln, "log"},        {Op::log10, "log10"},   {Op::sin, "sin"},
    {Op::cos, "cos"},          {Op::tan, "tan"},       {Op::sinh, "sinh"},     {Op::cosh, "cosh"},
    {Op::tanh, "tanh"},        {Op::arcsin, "asin"},   {Op::arccos, "acos"},   {Op::arctan, "atan"},
    {Op::arcsinh, "asinh"},    {Op::arccosh, "acosh"}, {Op::arctanh, "atanh"}, {Op::power, "pow"},
    {Op::factorial, "tgamma"},
};

}  // namespace

std::span<const LibraryFunction> library_functions() {
    static const LibraryFunction functions[] = {
        {"exp", address(Unary(std::exp))},
        {"log", address(Unary(std::log))},
        {"log10", address(Unary(std::log10))},
        {"sin", address(Unary(std::sin))},
        {"cos", address(Unary(std::cos))},
        {"tan", address(Unary(std::tan))},
        {"sinh", address(Unary(std::sinh))},
        {"cosh", address(Unary(std::cosh))},
        {"tanh", address(Unary(std::tanh))},
        {"asin", address(Unary(std::asin))},
        {"acos", address(Unary(std::acos))},
        {"atan", address(Unary(std::atan))},
        {"asinh", address(Unary(std::asinh))},
        {"acosh", address(Unary(std::acosh))},
        {"atanh", address(Unary(std::atanh))},
        {"pow", address(Binary(std::pow))},
        {"tgamma", address(Unary(std::tgamma))},
        {"floor", address(Unary(std::floor))},
        {"ceil", address(Unary(std::ceil))},
        {"trunc", address(Unary(std::trunc))},
        {"malloc", reinterpret_cast<void*>(&std::malloc)},
        {"free", reinterpret_cast<void*>(&std::free)},
    };
    return functions;
}

std::string_view library_function_of(Op op) {
    const auto found = std::ranges::find(rows, op, &Row::op);
    return found == std::end(rows) ? std::string_view() : found->name;
}

}  // namespace rondo
