// growth.h: how small deviations fare along a run that never repeats itself. Private to runtime/orbit.
#pragma once
#include <span>
#include <string>

#include "runtime/orbit/flow.h"

namespace rondo {

// flow: of one direction. "chaotic: largest Lyapunov exponent 0.9", "quasi-periodic: ...", or "" where the
// run cannot be followed.
std::string describe_growth(const Flow& flow, std::span<const double> y, std::span<const double> p,
                            std::span<const double> scale, double duration);

}  // namespace rondo
