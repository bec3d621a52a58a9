// library.cpp: addresses of the C library's and SLEEF's functions.
#include "jit/emit/library.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "jit/steps.h"

// Declared here and only ever called by generated code: SLEEF's header declares each width only where the
// compiler is told that the CPU has it.
#define RONDO_WIDTHS(name)                   \
    void Sleef_finz_##name##d2_u10avx2128(); \
    void Sleef_finz_##name##d4_u10avx2();    \
    void Sleef_finz_##name##d8_u10avx512f();
extern "C" {
RONDO_WIDTHS(exp)
RONDO_WIDTHS(log)
RONDO_WIDTHS(log10)
RONDO_WIDTHS(sin)
RONDO_WIDTHS(cos)
RONDO_WIDTHS(tan)
RONDO_WIDTHS(sinh)
RONDO_WIDTHS(cosh)
RONDO_WIDTHS(tanh)
RONDO_WIDTHS(asin)
RONDO_WIDTHS(acos)
RONDO_WIDTHS(atan)
RONDO_WIDTHS(asinh)
RONDO_WIDTHS(acosh)
RONDO_WIDTHS(atanh)
RONDO_WIDTHS(pow)
RONDO_WIDTHS(tgamma)
}
#undef RONDO_WIDTHS

namespace rondo {
namespace {

struct Row {
    Op op;
    std::string_view name;
    void* one;
    void *two, *four, *eight;
};

void* of(double (*function)(double)) {
    return reinterpret_cast<void*>(function);
}
void* of(double (*function)(double, double)) {
    return reinterpret_cast<void*>(function);
}
void* of(void (*function)()) {
    return reinterpret_cast<void*>(function);
}

std::span<const Row> rows() {
#define RONDO_ROW(op, name)                                                                                 \
    {                                                                                                       \
        Op::op, #name, of(::name), of(Sleef_finz_##name##d2_u10avx2128), of(Sleef_finz_##name##d4_u10avx2), \
            of(Sleef_finz_##name##d8_u10avx512f)                                                            \
    }
    static const Row table[] = {
        RONDO_ROW(exp, exp),       RONDO_ROW(ln, log),           RONDO_ROW(log10, log10),
        RONDO_ROW(sin, sin),       RONDO_ROW(cos, cos),          RONDO_ROW(tan, tan),
        RONDO_ROW(sinh, sinh),     RONDO_ROW(cosh, cosh),        RONDO_ROW(tanh, tanh),
        RONDO_ROW(arcsin, asin),   RONDO_ROW(arccos, acos),      RONDO_ROW(arctan, atan),
        RONDO_ROW(arcsinh, asinh), RONDO_ROW(arccosh, acosh),    RONDO_ROW(arctanh, atanh),
        RONDO_ROW(power, pow),     RONDO_ROW(factorial, tgamma),
    };
#undef RONDO_ROW
    return table;
}

std::string name_at(const Row& row, int lanes) {
    return lanes == 1 ? std::string(row.name) : std::string(row.name) + "_x" + std::to_string(lanes);
}

std::vector<LibraryFunction> make_functions() {
    std::vector<LibraryFunction> functions = {
        {"floor", of(::floor)},
        {"ceil", of(::ceil)},
        {"trunc", of(::trunc)},
        {"fma", reinterpret_cast<void*>(static_cast<double (*)(double, double, double)>(::fma))},
        {"malloc", reinterpret_cast<void*>(&std::malloc)},
        {"free", reinterpret_cast<void*>(&std::free)},
    };
    for (const Row& row : rows()) {
        functions.push_back({name_at(row, 1), row.one});
        if (native_lanes() < 4) continue;
        functions.push_back({name_at(row, 2), row.two});
        functions.push_back({name_at(row, 4), row.four});
        if (native_lanes() == 8) functions.push_back({name_at(row, 8), row.eight});
    }
    return functions;
}

}  // namespace

std::span<const LibraryFunction> library_functions() {
    static const std::vector<LibraryFunction> functions = make_functions();
    return functions;
}

std::string_view library_function(Op op, int lanes) {
    const auto row = std::ranges::find(rows(), op, &Row::op);
    const std::string name = name_at(*row, lanes);
    const auto found = std::ranges::find(library_functions(), name, &LibraryFunction::name);
    return found == library_functions().end() ? std::string_view() : found->name;
}

int native_lanes() {
    if (__builtin_cpu_supports("avx512f")) return 8;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 4 : 2;
}

}  // namespace rondo
