// marks.h: the data of a plot as SVG elements inside a frame.
#pragma once
#include <string>

#include "runtime/report/frame.h"

namespace rondo {

std::string draw_marks(const Plot&, const Frame&);

}  // namespace rondo
