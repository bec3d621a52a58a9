// library.h: the elementary functions that native code calls, each by the name it has in the C library.
#pragma once
#include <span>
#include <string_view>

#include "dsl/model/math.h"

namespace rondo {

struct LibraryFunction {
    std::string_view name;
    void* address;
};

// All that native code may call: elementary functions, what instructions missing on old CPUs become, and
// malloc and free.
std::span<const LibraryFunction> library_functions();

// The function that computes `op`, of one argument or two; empty if instructions do.
std::string_view library_function_of(Op op);

}  // namespace rondo
