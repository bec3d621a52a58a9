// torch_network.h: a network as tensors. Private to the training plugins.
#pragma once
#include <ATen/ATen.h>

#include <vector>

#include "runtime/sample/random.h"
#include "runtime/surrogate/plugin_abi.h"

namespace rondo::plugin {

// Where the arithmetic is done, and in which precision.
struct Place {
    at::Device device = at::kCPU;
    at::ScalarType type = at::kDouble;
    at::TensorOptions options() const { return at::TensorOptions(device).dtype(type); }
};

inline constexpr double norm_momentum = 0.1, norm_epsilon = 1e-5;  // PyTorch's defaults

at::Tensor copy_of(const double* data, std::vector<std::int64_t> shape, const Place&);
void copy_back(const at::Tensor& from, double* to);

// 0 with probability `p`, else 1 / (1 - p).
at::Tensor dropout_mask(const at::Tensor& like, double p, Random& random);

struct TorchLayer {
    TorchLayer(const Layer&, const Place&);
    void store(const Layer&) const;

    at::Tensor weight, bias, mean, variance, scale, shift;
    bool batch_norm;
    Activation activation;
};

class Network {
  public:
    Network(const Layer* layers, int count, const Place&);

    const Place& place() const { return place_; }
    const std::vector<TorchLayer>& layers() const { return layers_; }
    std::vector<TorchLayer>& layers() { return layers_; }
    at::Tensor evaluate(at::Tensor x) const { return forward(std::move(x), false, 0, nullptr); }
    at::Tensor train(at::Tensor x, double dropout, Random& masks) const {
        return forward(std::move(x), true, dropout, &masks);
    }
    std::vector<at::Tensor> parameters() const;  // in the order of Memory
    void store(const Layer* layers) const;

  private:
    at::Tensor forward(at::Tensor x, bool training, double dropout, Random* masks) const;

    std::vector<TorchLayer> layers_;
    Place place_;
};

}  // namespace rondo::plugin
