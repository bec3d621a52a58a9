// spectral.h: a differential equation solved on a circle, in Fourier space: the reference that networks are
// measured by.
#pragma once
#include <string>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/sample/box.h"
#include "runtime/surrogate/equation.h"
#include "runtime/table/table.h"

namespace rondo {

struct SpectralOptions {
    std::string time = "t";   // that axis; the other one is the circle
    std::size_t modes = 512;  // and points along the circle
    std::size_t steps = 2000;
    std::size_t rows = 201;  // times that are kept, both ends included; steps is a multiple of rows - 1
};

struct SpectralGrid {
    std::size_t time, space;  // axes of the box
    std::vector<double> x;    // [modes] from the lower end, the upper one left out
};
// Throws Error(input): not two axes, one of them `time`; a logarithmic one; steps that do not fit.
SpectralGrid spectral_grid(const Box&, const SpectralOptions&);

// Columns: the axes in the box's order, and the field; times slowest.
//
// start: [modes] the field at the first time.
//
// Source: Kassam, Trefethen, "Fourth-order time-stepping for stiff PDEs" (SIAM J. Sci. Comput. 26, 2005):
// ETDRK4, its coefficients as means over a circle around each value. What is linear in derivatives is solved
// exactly; the rest, as a function of field, x and t, is stepped, without dealiasing.
// Throws Error(input): an equation of several fields, or not linear in its derivatives with constant
// coefficients, or without the derivative by time, or with a mixed one; Error(numerics): not finite, with the
// time.
Table spectral(const Equation&, const Box&, const std::vector<double>& start, const SpectralOptions&,
               const Executor&);

}  // namespace rondo
