// library.h: the elementary functions that native code calls.
//
// One lane calls the C library. More lanes call SLEEF's deterministic functions, which give the same bits at
// every width: at 2 and 4 lanes with AVX2, at 8 with AVX-512. Where the CPU has no such function, a vector is
// cut into halves until there is one, down to the C library's.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "dsl/model/math.h"

namespace rondo {

struct LibraryFunction {
    std::string name;
    void* address;
};

// All that native code may call: elementary functions, what instructions missing on old CPUs become, and
// malloc and free.
std::span<const LibraryFunction> library_functions();

// The function that computes `op` for that many lanes, of one argument or two; empty if there is none.
std::string_view library_function(Op op, int lanes);

}  // namespace rondo
