// inputs.h: what a network's first layer takes of a point, and how that changes along the box's axes.
#pragma once
#include "runtime/surrogate/surrogate.h"

namespace rondo {

// How many of them come from an axis of the box: 1; 2 with logs; 2 n + 1 of a periodic axis with n harmonics.
std::size_t axis_width(const Surrogate&, std::size_t axis);

// Writes those for the coordinate x. order: 0 for themselves, 1 or 2 for that derivative by x; derivatives
// only of linear axes without logs.
void axis_inputs(const Surrogate&, std::size_t axis, double x, int order, double* out);

}  // namespace rondo
