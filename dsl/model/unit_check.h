// unit_check.h: whether the units of a network's formulas fit together.
#pragma once
#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Warns of sums, comparisons and assignments of different units, only where those of both sides are known: a
// bare number may have any. Items are counted as numbers.
void check_units(const Network&, Diagnostics& diagnostics);

}  // namespace rondo
