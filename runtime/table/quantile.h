// quantile.h: of a list of numbers.
#pragma once
#include <vector>

namespace rondo {

// The value below which the part q of `values` lies, linear between neighbours in order (type 7 of Hyndman
// and Fan). Values may be infinite, but not NaN; NaN for none.
double quantile(std::vector<double> values, double q);

}  // namespace rondo
