// torch_taylor.h: a network's values and their first and second derivatives along axes, of many points at
// once, and the way back from all of them to the gradient by the weights.
//
// Taylor mode: what is carried through the layers is not the value z alone but channels (z, z_a, ..., z_ab,
// ...). A linear layer multiplies all channels in one product; tanh follows the chain rule. Griewank and
// Walther, "Evaluating Derivatives" (2nd edition), chapter 13. Private to the training plugins.
#pragma once
#include <array>
#include <vector>

#include "runtime/surrogate/torch_network.h"

namespace rondo::plugin {

// Channel 0 is the value, 1..firsts are first derivatives; behind them the second ones, each of two channels
// of first ones.
struct Channels {
    int firsts = 0;
    std::vector<std::array<int, 2>> seconds;
    int count() const { return 1 + firsts + static_cast<int>(seconds.size()); }
};

// Layers without batch norm, each tanh or linear.
class Taylor {
  public:
    Taylor(const std::vector<TorchLayer>& layers, Channels channels);

    // inputs: [channels, rows, inputs]. Result: [channels, rows, outputs], valid until the next call.
    const at::Tensor& forward(const at::Tensor& inputs);
    // Of the points of the last forward. by_output: [channels, rows, outputs], the gradient of a loss by the
    // result; overwritten. Adds the loss's gradient by the weights to `gradients`: (weight, bias) a layer.
    void backward(at::Tensor by_output, std::vector<at::Tensor>& gradients);

  private:
    // Of each layer: its inputs y, and what the products gave, before tanh; after it, the next one's inputs.
    struct Pass {
        at::Tensor y, z;
    };
    at::Tensor& room(at::Tensor& kept, std::int64_t rows, std::int64_t width) const;

    const std::vector<TorchLayer>& layers_;
    Channels channels_;
    std::vector<Pass> passes_;
    std::vector<at::Tensor> by_y_;  // gradients by the layers' inputs
};

}  // namespace rondo::plugin
