// intervals_result.h: how well parameters are known, as a table that the store keeps and a record that
// studies read.
#pragma once
#include "runtime/estimate/uncertainty.h"
#include "runtime/study/value.h"

namespace rondo {

// kind ("interval", "profile"), parameter, value, rise, fisher_lower, fisher_upper, profile_lower,
// profile_upper; NaN where a kind has none.
Table intervals_table(const SearchSpace&, const Uncertainty&);

// {intervals, profiles}
Value intervals_record(const Table&);

}  // namespace rondo
