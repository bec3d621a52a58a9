// mathml.h: formulas between MathML and Math. Private to sbml/.
#pragma once
#include <sbml/math/ASTNodeType.h>

#include <set>
#include <string>
#include <string_view>

#include "dsl/model/math.h"
#include "sbml/xml.h"

namespace rondo {

// What an operation is called on the other side. Without a row: number, symbol, sqrt, log10, call, draw and
// the leaves that MathML spells out (time, avogadro, infinity, notanumber).
struct MathmlOp {
    Op op;
    ::ASTNodeType_t type;
    std::string_view element;
};

// Null if there is none.
const MathmlOp* mathml_op(Op op);
const MathmlOp* mathml_op(::ASTNodeType_t type);

// A <math> element; the second, around a <lambda>. libSBML's own writer would cut numbers to 15 digits.
// Numbers keep their unit if it is one of `units`.
void write_math(const Math& math, const std::set<std::string>& units, XmlWriter& out);
void write_lambda(const std::vector<std::string>& arguments, const Math& body, XmlWriter& out);

}  // namespace rondo
