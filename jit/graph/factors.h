// factors.h: products written so that what no step changes is one factor.
#pragma once
#include <span>
#include <vector>

#include "jit/graph/graph.h"

namespace rondo {

// The same values, nodes added to the graph: in every chain of products and quotients, the factors that read
// neither a state nor time are multiplied among themselves, so that k / V * (a * b) remains of k * a * b / V
// and a step divides by V once, not in every stage. Values differ by the rounding of products alone, as long
// as no product of parameters overflows. Result: [roots].
std::vector<NodeId> gather_fixed_factors(Graph&, std::span<const NodeId> roots);

}  // namespace rondo
