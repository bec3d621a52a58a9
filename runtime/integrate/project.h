// project.h: states moved until the constraints hold (see ConstraintCode).
#pragma once
#include "runtime/integrate/modes.h"

namespace rondo {

// Newton's method from the states as they are. False if it does not converge. True at once without
// constraints.
bool project(const CompiledModel&, const Situation&);

}  // namespace rondo
