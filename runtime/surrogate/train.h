// train.h: training, done by LibTorch in a plugin that is loaded on first use.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/surrogate/surrogate.h"

namespace rondo {

enum class Device : std::uint8_t { automatic, cpu, cuda };

// A multilayer perceptron as spec/oscillators.md section 3: each hidden layer Linear, dropout, BatchNorm,
// ReLU; the last hidden one without BatchNorm and dropout; linear output.
struct Mlp {
    std::vector<int> hidden = {128, 256, 128};
    double dropout = 0;
};

// Full batch, mean squared error over all outputs, Adam (coupled L2 decay), double precision.
// Learning rate: linear from 0 in warm-up, then lr / (1 + 0.2 (e - warm_up) / (lr epochs)).
struct TrainOptions {
    int epochs = 3000;
    int warm_up = 300;
    double learning_rate = 2e-3;
    double weight_decay = 1e-5;
    int patience = 300;  // epochs without a better validation loss; 0: never stop early
    std::uint64_t seed = 0;
    Device device = Device::automatic;
};

// Rows with NaN among `targets` must have been dropped. `validation` may be empty (then no early stopping).
// The result does not depend on executor.jobs(). Throws Error: columns missing, fewer than 2 rows, loss not
// finite (numerics), plugin or device absent (unsupported, with the way out).
Surrogate train(const Table& data, const Table& validation, const Box& box,
                const std::vector<std::string>& targets, const Mlp&, const TrainOptions&,
                const Executor& executor);

// "" where the plugin cannot be loaded. Loads it.
std::string torch_version();

}  // namespace rondo
