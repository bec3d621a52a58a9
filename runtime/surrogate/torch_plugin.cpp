// torch_plugin.cpp: training with LibTorch, the only file that sees it. Built twice: for the CPU, and linked
// to CUDA.
//
// Bytes depend on seed and data alone: one thread does all arithmetic, and masks and shuffles come from
// Philox, never from LibTorch's global generator.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <vector>

#include "runtime/sample/random.h"
#include "runtime/surrogate/plugin_abi.h"

namespace rondo::plugin {
namespace {

constexpr double norm_momentum = 0.1, norm_epsilon = 1e-5;  // PyTorch's defaults
constexpr double adam_beta1 = 0.9, adam_beta2 = 0.999, adam_epsilon = 1e-8;

at::Tensor copy_of(const double* data, std::vector<std::int64_t> shape, at::Device device) {
    // Cloned: LibTorch's own memory is aligned to 64 bytes, on which the last bits of a product may depend.
    return at::from_blob(const_cast<double*>(data), shape, at::kDouble).clone().to(device);
}

void copy_back(const at::Tensor& from, double* to) {
    at::from_blob(to, from.sizes(), at::kDouble).copy_(from.detach());
}

struct TorchLayer {
    at::Tensor weight, bias, mean, variance, scale, shift;
    bool batch_norm, relu;

    TorchLayer(const Layer& layer, at::Device device)
        : weight(copy_of(layer.weight, {layer.outputs, layer.inputs}, device)),
          bias(copy_of(layer.bias, {layer.outputs}, device)),
          batch_norm(layer.batch_norm),
          relu(layer.relu) {
        if (!batch_norm) return;
        mean = copy_of(layer.mean, {layer.outputs}, device);
        variance = copy_of(layer.variance, {layer.outputs}, device);
        scale = copy_of(layer.scale, {layer.outputs}, device);
        shift = copy_of(layer.shift, {layer.outputs}, device);
    }

    void store(const Layer& layer) const {
        copy_back(weight, layer.weight);
        copy_back(bias, layer.bias);
        if (!batch_norm) return;
        copy_back(mean, layer.mean);
        copy_back(variance, layer.variance);
        copy_back(scale, layer.scale);
        copy_back(shift, layer.shift);
    }
};

// 0 with probability `p`, else 1 / (1 - p).
at::Tensor dropout_mask(const at::Tensor& like, double p, Random& random) {
    const auto threshold = static_cast<std::uint64_t>(std::ldexp(p, 32));
    at::Tensor mask = at::empty(like.sizes(), at::kDouble);
    double* values = mask.data_ptr<double>();
    std::uint64_t bits = 0;
    for (std::int64_t i = 0; i < mask.numel(); ++i) {  // 32 bits a draw are enough, and half the cost
        bits = i % 2 == 0 ? random.bits() : bits >> 32;
        values[i] = (bits & 0xffffffffu) < threshold ? 0 : 1 / (1 - p);
    }
    return mask.to(like.device());
}

class Network {
  public:
    Network(const Layer* layers, int count, at::Device device) : device_(device) {
        for (int i = 0; i < count; ++i) layers_.emplace_back(layers[i], device);
    }

    at::Device device() const { return device_; }

    at::Tensor evaluate(at::Tensor x) const { return forward(std::move(x), false, 0, nullptr); }
    at::Tensor train(at::Tensor x, double dropout, Random& masks) const {
        return forward(std::move(x), true, dropout, &masks);
    }

    std::vector<at::Tensor> parameters() const {
        std::vector<at::Tensor> all;
        for (const TorchLayer& layer : layers_) {
            all.insert(all.end(), {layer.weight, layer.bias});
            if (layer.batch_norm) all.insert(all.end(), {layer.scale, layer.shift});
        }
        return all;
    }

    void store(const Layer* layers) const {
        for (const TorchLayer& layer : layers_) layer.store(*layers++);
    }

  private:
    at::Tensor forward(at::Tensor x, bool training, double dropout, Random* masks) const {
        for (const TorchLayer& layer : layers_) {
            x = at::linear(x, layer.weight, layer.bias);
            if (layer.batch_norm) {
                if (training && dropout > 0) x = x * dropout_mask(x, dropout, *masks);
                x = at::batch_norm(x, layer.scale, layer.shift, layer.mean, layer.variance, training,
                                   norm_momentum, norm_epsilon, false);
            }
            if (layer.relu) x = at::relu(x);
        }
        return x;
    }

    std::vector<TorchLayer> layers_;
    at::Device device_;
};

// Adam with coupled decay, all parameters in one call.
class Adam {
  public:
    Adam(std::vector<at::Tensor> parameters, double weight_decay)
        : parameters_(std::move(parameters)), weight_decay_(weight_decay) {
        for (at::Tensor& parameter : parameters_) {
            parameter.requires_grad_(true);
            mean_.push_back(at::zeros_like(parameter));
            square_.push_back(at::zeros_like(parameter));
            steps_.push_back(at::zeros({}, parameter.options().dtype(at::kFloat)));
        }
    }

    void step(const at::Tensor& loss, double learning_rate) {
        for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
        loss.backward();
        const c10::NoGradGuard no_grad;
        std::vector<at::Tensor> gradients;
        for (at::Tensor& parameter : parameters_) gradients.push_back(parameter.grad());
        for (at::Tensor& count : steps_) count.add_(1);
        at::_fused_adam_(parameters_, gradients, mean_, square_, {}, steps_, learning_rate, adam_beta1,
                         adam_beta2, weight_decay_, adam_epsilon, false, false);
    }

    // As it was after so many steps; and the inverse of the moments.
    void restore(const double* moments, double steps) {
        for (auto* group : {&mean_, &square_}) {
            for (at::Tensor& tensor : *group) {
                tensor.copy_(at::from_blob(const_cast<double*>(moments), tensor.sizes(), at::kDouble));
                moments += tensor.numel();
            }
        }
        for (at::Tensor& count : steps_) count.fill_(steps);
    }
    void store(double* moments) const {
        for (const auto* group : {&mean_, &square_}) {
            for (const at::Tensor& tensor : *group) {
                copy_back(tensor, moments);
                moments += tensor.numel();
            }
        }
    }

  private:
    std::vector<at::Tensor> parameters_, mean_, square_, steps_;
    double weight_decay_;
};

struct Data {
    at::Tensor inputs, targets;

    Data(const Rows& rows, const Network& network, std::int64_t width, std::int64_t outputs)
        : inputs(copy_of(rows.inputs, {static_cast<std::int64_t>(rows.count), width}, network.device())),
          targets(copy_of(rows.targets, {static_cast<std::int64_t>(rows.count), outputs}, network.device())) {
    }
};

// Row numbers of an epoch in random order (Fisher and Yates).
at::Tensor shuffled(std::int64_t count, std::uint64_t seed, int epoch) {
    at::Tensor order = at::arange(count, at::kLong);
    auto* rows = order.data_ptr<std::int64_t>();
    Random random(seed, "train.shuffle", static_cast<std::uint64_t>(epoch));
    for (auto left = static_cast<std::uint64_t>(count); left > 1; --left)
        std::swap(rows[left - 1], rows[random.below(left)]);
    return order;
}

// One pass over the rows; the mean of the losses met.
double run_epoch(const Training& training, const Network& network, const Data& data, Adam& adam, int epoch) {
    Random masks(training.seed, "train.dropout", static_cast<std::uint64_t>(epoch));
    const auto learn = [&](const at::Tensor& inputs, const at::Tensor& targets) {
        const at::Tensor loss = at::mse_loss(network.train(inputs, training.dropout, masks), targets);
        adam.step(loss, training.learning_rate[epoch]);
        return loss.item<double>();
    };
    if (training.batches == 1) return learn(data.inputs, data.targets);
    const std::int64_t count = data.inputs.size(0), batches = training.batches;
    const at::Tensor order = shuffled(count, training.seed, epoch).to(network.device());
    double sum = 0;
    for (std::int64_t i = 0; i < batches; ++i) {
        const std::int64_t begin = i * count / batches, end = (i + 1) * count / batches;
        const at::Tensor rows = order.slice(0, begin, end);
        sum += static_cast<double>(end - begin) *
               learn(data.inputs.index_select(0, rows), data.targets.index_select(0, rows));
    }
    return sum / static_cast<double>(count);
}

double loss_of(const Network& network, const Data& data) {
    const c10::NoGradGuard no_grad;
    return at::mse_loss(network.evaluate(data.inputs), data.targets).item<double>();
}

void train(Training& training) {
    at::set_num_threads(1);
    const bool goes_on = training.epochs_done > 0;
    const Network network(goes_on ? training.now : training.layers, training.layer_count,
                          training.cuda ? at::kCUDA : at::kCPU);
    const int width = training.layers[0].inputs, outputs = training.layers[training.layer_count - 1].outputs;
    const Data data(training.train, network, width, outputs),
        validation(training.validation, network, width, outputs);
    Adam adam(network.parameters(), training.weight_decay);
    if (goes_on) adam.restore(training.moments, double(training.epochs_done) * training.batches);
    for (int e = training.epochs_done; e < training.epochs; ++e) {
        Epoch epoch{e, run_epoch(training, network, data, adam, e), std::numeric_limits<double>::quiet_NaN()};
        if (training.validation.count > 0) epoch.validation_loss = loss_of(network, validation);
        const unsigned answer = training.on_epoch(training.user, &epoch);
        if (answer & keep) {
            network.store(training.layers);
            training.kept = 1;
        }
        if (answer & checkpoint) {
            network.store(training.now);
            adam.store(training.moments);
            training.epochs_done = e + 1;
            training.on_checkpoint(training.user);
        }
        if (answer & stop) break;
    }
    if (!training.kept) network.store(training.layers);
}

// Runs `work`; its exception, if any, becomes text.
template <class Work>
int guarded(char* error, std::size_t size, const Work& work) {
    try {
        work();
        return 0;
    } catch (const c10::Error& fault) {
        std::snprintf(error, size, "%s", fault.what_without_backtrace());
    } catch (const std::exception& fault) {
        std::snprintf(error, size, "%s", fault.what());
    }
    return 1;
}

}  // namespace

extern "C" {

const char* rondo_torch_version() {
    return TORCH_VERSION;
}

int rondo_torch_train(Training* training) {
    if (training->abi != abi_version) return 2;
    return guarded(training->error, sizeof training->error, [&] { train(*training); });
}

int rondo_torch_predict(const Layer* layers, int layer_count, const double* inputs, std::size_t rows,
                        double* outputs, char* error, std::size_t error_size) {
    return guarded(error, error_size, [&] {
        at::set_num_threads(1);
        const c10::NoGradGuard no_grad;
        const Network network(layers, layer_count, at::kCPU);
        const at::Tensor x = copy_of(inputs, {static_cast<std::int64_t>(rows), layers[0].inputs}, at::kCPU);
        copy_back(network.evaluate(x), outputs);
    });
}

}  // extern "C"

}  // namespace rondo::plugin
