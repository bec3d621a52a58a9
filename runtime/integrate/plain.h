// plain.h: an explicit method, step by step in plain loops over one right-hand side: for systems that no step
// is generated for, and the oracle of those that are (jit/steps.h).
#pragma once
#include <functional>
#include <span>

#include "jit/method/method.h"

namespace rondo {

struct PlainOptions {
    double rtol = 1e-12;
    std::span<const double> atol;  // [y]
    long max_steps = 5'000'000;    // attempted
};

using Slope = std::function<void(double t, const double* y, double* dydt)>;

// y at t0 becomes y at t1 > t0. False where the steps run out or become too small; y is then where it came
// to. The sizes of the steps follow from the errors as they do in lanes.
bool integrate_plainly(const StepMethod& method, const Slope& slope, double t0, double t1,
                       std::span<double> y, const PlainOptions& options);

}  // namespace rondo
