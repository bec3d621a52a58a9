// torch_together.h: trainings side by side, as one network with an axis more. Private to the training
// plugins.
#pragma once
#include <span>

#include "runtime/surrogate/plugin_abi.h"

namespace rondo::plugin {

// See rondo_torch_train_together.
void train_together(std::span<Training* const>);

}  // namespace rondo::plugin
