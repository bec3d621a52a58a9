// scaling.h: the scales on which parameters are searched and measurements are compared.
#pragma once
#include <cstdint>

namespace rondo {

enum class Scaling : std::uint8_t { linear, log, log10 };

double scaled(Scaling, double value);        // NaN where a logarithm has no value
double unscaled(Scaling, double z);          // its inverse
double scaled_slope(Scaling, double value);  // d scaled / d value

}  // namespace rondo
