// format.h: a model's text in one layout.
#pragma once
#include <cstdint>
#include <string>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Antimony without errors, with comments, and statements on the lines where they stood. Lines are indented by
// their block, words set apart by one space or none; comments behind a statement keep their column; of several
// blank lines one stays. Formatting what was formatted changes nothing.
std::string format_model(std::uint32_t file, Diagnostics& diagnostics);

}  // namespace rondo
