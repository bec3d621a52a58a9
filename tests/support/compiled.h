// compiled.h: test networks as native code.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "jit/compile.h"
#include "tests/support/networks.h"

namespace rondo::testing {

// A network as native code that reads `observed`.
std::shared_ptr<const CompiledModel> compiled(const Network& network,
                                              const std::vector<std::string>& observed);

// The inputs of a model as its network sets them.
std::vector<double> default_inputs(const CompiledModel& model);

}  // namespace rondo::testing
