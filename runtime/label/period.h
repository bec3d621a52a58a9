// period.h: the period of the limit cycle that a model comes to, and what parameters do to it.
#pragma once
#include <string>
#include <vector>

#include "runtime/orbit/orbit.h"
#include "runtime/simulate/model.h"
#include "runtime/table/table.h"

namespace rondo {

struct Period {
    Orbit orbit;
    // parameter, value, derivative (d period / d parameter), relative (d ln period / d ln parameter): one row
    // an input (see PeriodSensitivity)
    Table sensitivities;
};

// Runs the model from its initial state until it repeats itself in the quantities `of`, then finds the cycle
// by shooting. Throws Error(input) for unknown quantities and missing values, Error(numerics) where the run
// does not oscillate or the cycle is not found.
Period find_period(const Model& model, const std::vector<std::string>& of);

}  // namespace rondo
