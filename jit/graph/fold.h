// fold.h: a system in which exponents that no run changes are numbers.
#pragma once
#include <span>
#include <string>

#include "jit/graph/system.h"

namespace rondo {

// Inputs that exponents depend on, and that are not among `varying`, take their values in the equations of
// the run: x^n becomes x*x where n = 2, which is some twenty times faster than a call of pow. What p holds
// stays as it was. values: [inputs].
OdeSystem fold_exponents(const OdeSystem&, std::span<const double> values,
                         std::span<const std::string> varying);

}  // namespace rondo
