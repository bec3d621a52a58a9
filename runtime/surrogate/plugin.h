// plugin.h: finds and loads the plugins that train with LibTorch.
#pragma once
#include <string>

#include "runtime/surrogate/plugin_abi.h"
#include "runtime/surrogate/train.h"

namespace rondo {

struct TrainPlugin {
    std::string device;  // "cpu" or "cuda"
    decltype(&plugin::rondo_torch_version) version;
    decltype(&plugin::rondo_torch_train) train;
    decltype(&plugin::rondo_torch_train_together) train_together;
    decltype(&plugin::rondo_torch_predict) predict;
    decltype(&plugin::rondo_torch_equation) equation;
};

// The plugin for `device`; `automatic` is CUDA where both a GPU and that plugin are. Looked for in the folder
// that the environment's RONDO_PLUGIN_DIR names, else in ../lib beside the program, else on the program's
// library path. Stays loaded until the process ends.
// Throws Error(unsupported): not built, not loadable, no GPU; with the way out.
TrainPlugin load_plugin(Device device);

}  // namespace rondo
