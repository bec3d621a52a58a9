// read_math.h: a formula of libSBML as Math. Private to sbml/.
#pragma once
#include <sbml/math/ASTNode.h>

#include <string>

#include "dsl/model/math.h"
#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Where a formula stands, for messages: "the rate of 'J1'".
struct FormulaPlace {
    Span span;
    std::string what;
};

// Reports what Rondo does not compute (by name) and operations with a wrong number of operands; the result
// has NaN in their place.
MathPtr read_math(const ::ASTNode& node, const FormulaPlace& place, Diagnostics& diagnostics);

}  // namespace rondo
