// measurements.h: what was measured: values of observables at times, under conditions.
#pragma once
#include <string>
#include <vector>

#include "runtime/table/table.h"

namespace rondo {

struct Measurements {
    std::vector<std::string> conditions, observables;
    std::vector<double> times;   // ascending, those of all conditions together
    std::vector<double> values;  // [conditions][times][observables]; NaN: not measured
    double value(std::size_t c, std::size_t j, std::size_t k) const {
        return values[(c * times.size() + j) * observables.size() + k];
    }
    double largest() const;  // absolute value
};

// `table`: a column `time`, one of names `condition` (left out: there is one condition, called ""), and one
// for each observable; a cell NaN is a value that was not measured.
//
// Throws Error(input) naming `source` and the row: no or other than numeric times, times before `start` or
// not finite, times of a condition out of order or repeated, infinite values, observables without any value,
// a condition without any value, no observables at all.
Measurements read_measurements(const Table& table, const std::string& source, double start);

// The column `condition` as texts. Throws Error(input) if there is none.
std::vector<std::string> condition_names(const Table&, const std::string& source);

// Weights d of the deviations: max(floor * the largest |value|, |value|). [as values]; NaN where those are.
std::vector<double> relative_scales(const Measurements&, double floor);

}  // namespace rondo
