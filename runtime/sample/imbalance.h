// imbalance.h: how unevenly labels are spread over the rows of a training set.
#pragma once
#include <cstdint>
#include <span>

namespace rondo {

// (rows with y = 0) / (rows with y > 0). Infinite without any of the latter. Source: spec/oscillators.md,
// section 3 (IR).
double imbalance_ratio(std::span<const double> y);

enum class GiniForm : std::uint8_t {
    formula,  // sum_ij |y_i - y_j| / (2 n sum y)
    lorenz    // the code's: twice the area between the diagonal and the Lorenz curve read at whole percents
};

// Gini index of values that are not negative, not all 0; at least 2 of them. 0: all equal.
// Source: spec/oscillators.md, section 3 (GI). Throws Error(input) otherwise.
double gini(std::span<const double> y, GiniForm = GiniForm::formula);

}  // namespace rondo
