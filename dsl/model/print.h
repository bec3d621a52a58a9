// print.h: Network back to text.
#pragma once
#include <string>
#include <vector>

#include "dsl/model/network.h"

namespace rondo {

// As Antimony, which libAntimony reads too. Reading it again gives an equal network (spans aside), but for
// what Antimony cannot say: `k` of reaction J becomes the parameter `J_k`; reserved ids get a `_`, letters
// that are not ASCII are spelled; a constant species becomes a boundary one; the concentration of a species
// that counts as an amount becomes a formula; and what lost_in_antimony() names.
std::string to_antimony(const Network&);

// What to_antimony leaves out, one sentence each: fast reactions, dimensions of compartments other than 3,
// events without assignments, messages of constraints, objectives that are not the active one.
std::vector<std::string> lost_in_antimony(const Network&);

// The same without the mark of a main model, to stand among others.
std::string to_antimony_module(const Network&);

// For `--dump network`: one element a line.
std::string dump(const Network&);

}  // namespace rondo
