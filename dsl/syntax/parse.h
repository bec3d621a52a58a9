// parse.h: text to tree, all errors of a file in one pass.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

// The file of diagnostics.sources() that holds, in Antimony, what `import "path"` at `where` asks for: one
// and the same for the same file. None: that was reported.
using Import = std::function<std::optional<std::uint32_t>(const std::string& path, Span where)>;

// Both read file `file` of diagnostics.sources(), report every error there and return what could be read.
ModelFile parse_models(std::uint32_t file, Diagnostics& diagnostics);
ModelFile parse_models(std::uint32_t file, Diagnostics& diagnostics, const Import& import);
StudyFile parse_study(std::uint32_t file, Diagnostics& diagnostics);

// One formula and nothing else, e.g. of `--select`; `[S]` is a concentration. Null if it is wrong.
ExprPtr parse_expression(std::uint32_t file, Diagnostics& diagnostics);

// For `--dump ast`: one statement a line, operators in front: `x = (+ 1 (* 2 a))`.
std::string dump(const ModelFile&);
std::string dump(const StudyFile&);

}  // namespace rondo
