// cycles.h: values that depend on themselves. A part of check().
#pragma once
#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Reports each function, assignment rule, initial assignment and rate that cannot be computed because it
// needs its own value first: "'a' depends on itself: a -> b -> a".
void report_cycles(const Network&, Diagnostics&);

}  // namespace rondo
