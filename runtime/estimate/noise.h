// noise.h: how unlikely a measured value is, given what was simulated and how measuring errs.
#pragma once
#include "runtime/estimate/scaling.h"

namespace rondo {

// Errors of the scaled value: normal of deviation sigma, or Laplace's of scale sigma.
struct Noise {
    enum class Kind : std::uint8_t { normal, laplace } kind = Kind::normal;
    Scaling scaling = Scaling::linear;
};

struct Unlikelihood {
    double value;                   // -log of the density of the measured value itself, all constants kept
    double by_simulated, by_sigma;  // its derivatives
    double information, of_sigma;   // Fisher's information about the simulated value and about sigma
};

// measured > 0 where the scale is logarithmic. NaN or infinite where simulated or sigma are not positive as
// they must be. With T the scale and r = (T(measured) - T(simulated)) / sigma, for normal errors
//   value = log(2 pi sigma^2) / 2 + r^2 / 2 - log |T'(measured)|.
Unlikelihood unlikelihood(const Noise&, double measured, double simulated, double sigma);

}  // namespace rondo
