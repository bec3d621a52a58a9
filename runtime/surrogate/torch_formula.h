// torch_formula.h: the expression graph as LibTorch operations, for all rows at once. Private to the training
// plugins.
#pragma once
#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "runtime/surrogate/plugin_abi.h"

namespace rondo::plugin {

// An owned copy of a term's operations.
class Formula {
  public:
    Formula(const Term&);
    // The values of all operations, in their order; those that depend on no symbol have no dimension.
    // slots, columns: [rows] each.
    std::vector<at::Tensor> evaluate(const std::vector<at::Tensor>& slots,
                                     const std::vector<at::Tensor>& columns,
                                     const at::TensorOptions& options) const;

  private:
    struct Step {
        Operation operation;
        std::vector<int> operands;
    };
    std::vector<Step> steps_;
};

}  // namespace rondo::plugin
