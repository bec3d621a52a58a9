#include "runtime/surrogate/torch_steps.h"

#include <ATen/core/grad_mode.h>

#include <limits>
#include <utility>

namespace rondo::plugin {

namespace {

constexpr double adam_beta1 = 0.9, adam_beta2 = 0.999, adam_epsilon = 1e-8;

using Update = void(at::TensorList, at::TensorList, at::TensorList, at::TensorList, at::TensorList,
                    at::TensorList, double, double, double, double, double, bool, bool,
                    const std::optional<at::Tensor>&, const std::optional<at::Tensor>&);

}  // namespace

Place place_of(const Training& training) {
    return {training.cuda ? at::kCUDA : at::kCPU, training.single ? at::kFloat : at::kDouble};
}

bool goes_on(const Training& training) {
    return training.epochs_done > 0;
}

Network network_to_start(const Training& training) {
    return {goes_on(training) ? training.now : training.layers, training.layer_count, place_of(training)};
}

const Memory& memory_to_start(const Training& training) {
    return goes_on(training) ? training.now_memory : training.memory;
}

Data::Data(const Rows& rows, const Training& shapes)
    : inputs(copy_of(rows.inputs, {static_cast<std::int64_t>(rows.count), shapes.layers[0].inputs},
                     place_of(shapes))),
      targets(copy_of(rows.targets,
                      {static_cast<std::int64_t>(rows.count), shapes.layers[shapes.layer_count - 1].outputs},
                      place_of(shapes))) {}

at::Tensor loss_of(Loss kind, const at::Tensor& given, const at::Tensor& target,
                   at::Reduction::Reduction how) {
    switch (kind) {
        case Loss::squared: return at::mse_loss(given, target, how);
        case Loss::huber: return at::huber_loss(given, target, how);
        case Loss::logistic: return at::binary_cross_entropy_with_logits(given, target, {}, {}, how);
    }
    return {};
}

HeldOut::HeldOut(const Training& training)
    : kind_(training.loss),
      losses_(static_cast<std::size_t>(training.held_out_count), std::numeric_limits<double>::quiet_NaN()) {
    for (int i = 0; i < training.held_out_count; ++i) sets_.emplace_back(training.held_out[i], training);
}

const double* HeldOut::losses(const Network& network) {
    const c10::NoGradGuard no_grad;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
        if (sets_[i].inputs.size(0) == 0) continue;
        losses_[i] = loss_of(kind_, network.evaluate(sets_[i].inputs), sets_[i].targets, at::Reduction::Mean)
                         .item<double>();
    }
    return losses_.data();
}

at::Tensor shuffled(std::int64_t count, std::uint64_t seed, int epoch) {
    at::Tensor order = at::arange(count, at::kLong);
    auto* rows = order.data_ptr<std::int64_t>();
    Random random(seed, "train.shuffle", static_cast<std::uint64_t>(epoch));
    for (auto left = static_cast<std::uint64_t>(count); left > 1; --left)
        std::swap(rows[left - 1], rows[random.below(left)]);
    return order;
}

std::vector<at::Tensor> differentiable(std::vector<at::Tensor> parameters) {
    for (at::Tensor& parameter : parameters) parameter.requires_grad_(true);
    return parameters;
}

std::vector<at::Tensor> gradients_of(const at::Tensor& loss, std::vector<at::Tensor>& parameters) {
    for (at::Tensor& parameter : parameters) parameter.mutable_grad().reset();
    loss.backward();
    std::vector<at::Tensor> gradients;
    for (at::Tensor& parameter : parameters)
        gradients.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter));
    return gradients;
}

Adam::Adam(std::vector<at::Tensor> parameters, const Training& options)
    : parameters_(std::move(parameters)), weight_decay_(options.weight_decay), decoupled_(options.decoupled) {
    for (const at::Tensor& parameter : parameters_) {
        mean_.push_back(at::zeros_like(parameter, at::TensorOptions().requires_grad(false)));
        square_.push_back(at::zeros_like(mean_.back()));
        steps_.push_back(at::zeros({}, mean_.back().options().dtype(at::kFloat)));
    }
}

void Adam::load(const Memory& memory) {
    if (memory.steps == 0) return;
    const c10::NoGradGuard no_grad;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        const auto read = [&](const at::Tensor& tensor, double* values) {
            tensor.copy_(at::from_blob(values + at, tensor.sizes(), at::kDouble));
        };
        read(mean_[i], memory.mean);
        read(square_[i], memory.square);
        at += mean_[i].numel();
        steps_[i].fill_(static_cast<double>(memory.steps));
    }
}

void Adam::store(Memory& memory) const {
    std::int64_t at = 0;
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        copy_back(mean_[i], memory.mean + at);
        copy_back(square_[i], memory.square + at);
        at += mean_[i].numel();
    }
    memory.steps = static_cast<std::uint64_t>(steps_[0].item<double>());
}

void Adam::step(const std::vector<at::Tensor>& gradients, double learning_rate) {
    const c10::NoGradGuard no_grad;
    for (at::Tensor& count : steps_) count.add_(1);
    Update* update = at::_fused_adam_;
    if (decoupled_) update = at::_fused_adamw_;
    update(parameters_, gradients, mean_, square_, {}, steps_, learning_rate, adam_beta1, adam_beta2,
           weight_decay_, adam_epsilon, false, false, std::nullopt, std::nullopt);
}

}  // namespace rondo::plugin
