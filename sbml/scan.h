// scan.h: a first look at a text before libSBML may see it.
//
// libSBML reads recursively and walks the operands of a formula through linked lists: a hostile text could
// exhaust its stack or its patience. A text that passes here can do neither.
#pragma once
#include <cstdint>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

constexpr int deepest_formula = 1000;  // operations within operations
constexpr int deepest_nesting = 2100;  // of elements: such a formula may take two for each of its operations
constexpr int most_operands = 10000;   // of one operation

// Reports an empty text, bytes that no XML in UTF-8 has, a document type (entities live there), a level that
// there is not or another one's namespace, and nesting or operands beyond the limits above. True if there was nothing to report.
bool scan_xml(std::uint32_t file, Diagnostics& diagnostics);

}  // namespace rondo
