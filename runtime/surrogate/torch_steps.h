// torch_steps.h: what every training is made of: rows as tensors, their order, the loss, and Adam. Private to
// the training plugins.
#pragma once
#include <vector>

#include "runtime/surrogate/torch_network.h"

namespace rondo::plugin {

Place place_of(const Training&);

// It takes up what an earlier call left; where it begins, then.
bool goes_on(const Training&);
Network network_to_start(const Training&);
const Memory& memory_to_start(const Training&);

struct Data {
    at::Tensor inputs, targets;  // [count][inputs], [count][outputs]

    Data(const Rows&, const Training& shapes);
};

// Of every row and output, or their mean.
at::Tensor loss_of(Loss kind, const at::Tensor& given, const at::Tensor& target,
                   at::Reduction::Reduction how);

// The held-out sets of a training.
class HeldOut {
  public:
    explicit HeldOut(const Training&);
    // The mean loss of each set, of no rows NaN. They stay until the next call.
    const double* losses(const Network&);

  private:
    Loss kind_;
    std::vector<Data> sets_;
    std::vector<double> losses_;
};

// Row numbers of an epoch in random order (Fisher and Yates).
at::Tensor shuffled(std::int64_t count, std::uint64_t seed, int epoch);

// The parameters as they are, set up for gradients_of.
std::vector<at::Tensor> differentiable(std::vector<at::Tensor> parameters);
std::vector<at::Tensor> gradients_of(const at::Tensor& loss, std::vector<at::Tensor>& parameters);

// Adam or AdamW, all parameters in one call.
class Adam {
  public:
    Adam(std::vector<at::Tensor> parameters, const Training& options);
    void load(const Memory&);
    void store(Memory&) const;

    void step(const std::vector<at::Tensor>& gradients, double learning_rate);

  private:
    std::vector<at::Tensor> parameters_, mean_, square_, steps_;
    double weight_decay_;
    bool decoupled_;
};

}  // namespace rondo::plugin
