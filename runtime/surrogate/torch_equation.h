// torch_equation.h: the loss of a network that has to satisfy differential equations, and its gradient.
// Private to the training plugins.
#pragma once
#include <vector>

#include "runtime/surrogate/torch_network.h"

namespace rondo::plugin {

// The terms as tensors. Reads the caller's memory once, when made.
class Equation {
  public:
    Equation(const Term* terms, int count, const Network&);
    ~Equation();
    Equation(const Equation&) = delete;
    Equation& operator=(const Equation&) = delete;

    // The rows of the first term anew.
    void redraw(const Term&);

    // The loss at the network's weights. Adds its gradient to `gradients`, in the order of the network's
    // parameters; row_losses: [rows of the first term], or null.
    double loss(std::vector<at::Tensor>& gradients, double* row_losses);

    // The same by automatic differentiation of derivatives that were made by automatic differentiation.
    double nested_loss(std::vector<at::Tensor>& gradients, double* row_losses) const;

  private:
    struct Part;
    const Network& network_;
    std::vector<Part> parts_;
};

}  // namespace rondo::plugin
