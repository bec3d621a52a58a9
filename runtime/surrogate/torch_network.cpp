#include "runtime/surrogate/torch_network.h"

#include <cmath>

namespace rondo::plugin {

at::Tensor dropout_mask(const at::Tensor& like, double p, Random& random) {
    const auto threshold = static_cast<std::uint64_t>(std::ldexp(p, 32));
    at::Tensor mask = at::empty(like.sizes(), at::kDouble);
    double* values = mask.data_ptr<double>();
    std::uint64_t bits = 0;
    for (std::int64_t i = 0; i < mask.numel(); ++i) {  // 32 bits a draw are enough, and half the cost
        bits = i % 2 == 0 ? random.bits() : bits >> 32;
        values[i] = (bits & 0xffffffffu) < threshold ? 0 : 1 / (1 - p);
    }
    return mask.to(like.device(), like.scalar_type());
}

at::Tensor copy_of(const double* data, std::vector<std::int64_t> shape, const Place& place) {
    // Cloned: LibTorch's own memory is aligned to 64 bytes, on which the last bits of a product may depend.
    return at::from_blob(const_cast<double*>(data), shape, at::kDouble).clone().to(place.device, place.type);
}

void copy_back(const at::Tensor& from, double* to) {
    at::from_blob(to, from.sizes(), at::kDouble).copy_(from.detach());
}

TorchLayer::TorchLayer(const Layer& layer, const Place& place)
    : weight(copy_of(layer.weight, {layer.outputs, layer.inputs}, place)),
      bias(copy_of(layer.bias, {layer.outputs}, place)),
      batch_norm(layer.batch_norm),
      activation(layer.activation) {
    if (!batch_norm) return;
    mean = copy_of(layer.mean, {layer.outputs}, place);
    variance = copy_of(layer.variance, {layer.outputs}, place);
    scale = copy_of(layer.scale, {layer.outputs}, place);
    shift = copy_of(layer.shift, {layer.outputs}, place);
}

void TorchLayer::store(const Layer& layer) const {
    copy_back(weight, layer.weight);
    copy_back(bias, layer.bias);
    if (!batch_norm) return;
    copy_back(mean, layer.mean);
    copy_back(variance, layer.variance);
    copy_back(scale, layer.scale);
    copy_back(shift, layer.shift);
}

Network::Network(const Layer* layers, int count, const Place& place) : place_(place) {
    for (int i = 0; i < count; ++i) layers_.emplace_back(layers[i], place);
}

std::vector<at::Tensor> Network::parameters() const {
    std::vector<at::Tensor> all;
    for (const TorchLayer& layer : layers_) {
        all.insert(all.end(), {layer.weight, layer.bias});
        if (layer.batch_norm) all.insert(all.end(), {layer.scale, layer.shift});
    }
    return all;
}

void Network::store(const Layer* layers) const {
    for (const TorchLayer& layer : layers_) layer.store(*layers++);
}

at::Tensor Network::forward(at::Tensor x, bool training, double dropout, Random* masks) const {
    for (const TorchLayer& layer : layers_) {
        x = at::linear(x, layer.weight, layer.bias);
        if (layer.batch_norm) {
            if (training && dropout > 0) x = x * dropout_mask(x, dropout, *masks);
            x = at::batch_norm(x, layer.scale, layer.shift, layer.mean, layer.variance, training,
                               norm_momentum, norm_epsilon, false);
        }
        if (layer.activation == Activation::relu) x = at::relu(x);
        if (layer.activation == Activation::tanh) x = at::tanh(x);
    }
    return x;
}

}  // namespace rondo::plugin
