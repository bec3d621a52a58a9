// resolve.h: tree to Network: what each symbol is, and every error of meaning.
#pragma once
#include <string>
#include <vector>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

// The network of `file`'s main model (`*`, else `__main` if it has statements, else the last).
// Errors go to `diagnostics`; then the result is best effort. Includes check().
//
// A name that only formulas mention is a parameter, as in Antimony, with a warning that it has no value; but
// if it looks like a slip for another name, it is an error.
Network resolve(const ModelFile& file, Diagnostics& diagnostics);

// One model of a study, with those of the functions bound before it that it calls.
Network resolve(const ModelTree& model, const std::vector<std::shared_ptr<const FunctionTree>>& functions,
                Diagnostics& diagnostics);

// A one-expression tree as a formula; names stay symbols. Study-only forms (lists, fields...) are errors.
MathPtr to_math(const Expr&, const std::vector<FunctionDefinition>& functions, Diagnostics& diagnostics);

// Checks that hold for any network, whatever text it came from: unknown names in formulas (with
// did-you-mean), duplicate ids, cyclic assignment rules and initial assignments, a rule on a species that
// reactions change, wrong numbers of arguments.
void check(const Network&, Diagnostics& diagnostics);

}  // namespace rondo
