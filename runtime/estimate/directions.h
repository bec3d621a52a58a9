// directions.h: of the directions in which a run could be followed, those that move it.
#pragma once
#include <cstddef>
#include <vector>

#include "runtime/integrate/slopes.h"

namespace rondo {

std::vector<std::size_t> active_directions(const Slopes& all, const SlopeCode&);
Slopes select(const Slopes& all, const std::vector<std::size_t>& active);

}  // namespace rondo
