// parse.h: text to tree, all errors of a file in one pass.
#pragma once
#include <cstdint>

#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

// Both read file `file` of diagnostics.sources(), report every error there and return what could be read.
// What Antimony has and Rondo does not read yet is reported as unsupported, by name.
ModelFile parse_models(std::uint32_t file, Diagnostics& diagnostics);
StudyFile parse_study(std::uint32_t file, Diagnostics& diagnostics);

// One formula and nothing else, e.g. of `--select`; `[S]` is a concentration. Null if it is wrong.
ExprPtr parse_expression(std::uint32_t file, Diagnostics& diagnostics);

// For `--dump ast`: one statement a line, operators in front: `x = (+ 1 (* 2 a))`.
std::string dump(const ModelFile&);
std::string dump(const StudyFile&);

}  // namespace rondo
