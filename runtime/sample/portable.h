// portable.h: logarithm and exponential with the same bits on every machine. Those of the C library differ in
// the last bit from version to version, and with the processor's instructions.
#pragma once

namespace rondo {

// x > 0 and finite. Relative error below 1e-15, absolute below 1e-16 near 1.
double portable_log(double x);
// |x| < 745. Relative error below 1e-15.
double portable_exp(double x);

}  // namespace rondo
