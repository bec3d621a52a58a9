// direct.h: the matrix and the direct solver of Newton's iteration, kept as a pattern says. Private to
// runtime/integrate.
#pragma once
#include <span>

#include "runtime/integrate/pattern.h"
#include "runtime/integrate/sundials.h"

namespace rondo::sundials {

// pattern: not an iterative one. y: a vector of the problem's size.
Matrix make_matrix(const JacobianPattern&, N_Vector y, SUNContext);
LinearSolver make_solver(const JacobianPattern&, N_Vector y, SUNMatrix, SUNContext);

// matrix = factor * the Jacobian, by its non-zeros. An entry that is not finite (the slope of a root at 0) is
// left out: the Jacobian only guides Newton's iteration, the right-hand side alone decides what a solution
// is.
void fill(SUNMatrix, const JacobianPattern&, std::span<const double> values, double factor = 1);

// Or those of the run before would be used again.
void forget_pivots(const JacobianPattern&, SUNLinearSolver, SUNMatrix);

}  // namespace rondo::sundials
