// print.h: Network back to text.
#pragma once
#include <string>

#include "dsl/model/network.h"

namespace rondo {

// As Antimony. Reading it again gives an equal network, spans and the names of local parameters aside
// (`k` of reaction J becomes the parameter `J_k`).
std::string to_antimony(const Network&);

// For `--dump network`: one element a line.
std::string dump(const Network&);

}  // namespace rondo
