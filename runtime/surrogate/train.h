// train.h: training, done by LibTorch in a plugin that is loaded on first use.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/surrogate/equation.h"
#include "runtime/surrogate/schedule.h"
#include "runtime/surrogate/surrogate.h"

namespace rondo {

enum class Device : std::uint8_t { automatic, cpu, cuda };

// A multilayer perceptron as spec/oscillators.md section 3: each hidden layer Linear, dropout, BatchNorm,
// ReLU; the last hidden one without BatchNorm and dropout; linear output.
struct Mlp {
    std::vector<int> hidden = {128, 256, 128};
    double dropout = 0;  // probability, [0, 1)
    // The statistics of small batches are noise that a sharp border does not survive: without them,
    // mini-batches learn it better and faster.
    bool batch_norm = true;
    bool logs = false;                         // the logarithm of each input beside it (Surrogate::logs)
    bool raw = false;                          // coordinates as they are (Surrogate::raw)
    Activation activation = Activation::relu;  // of the hidden layers
    // Axes that are circles, and by how many waves the network sees them (Surrogate::harmonics).
    std::vector<std::pair<std::string, int>> periodic = {};
};

enum class Loss : std::uint8_t {
    squared,
    huber,    // squared / 2 up to 1, then linear
    logistic  // cross entropy; the network gives the logit of the chance that the target is 1
};
enum class Optimizer : std::uint8_t { adam, adamw };  // decay in the gradient; decay by itself
enum class Schedule : std::uint8_t {
    inverse,      // rate / (1 + 0.2 e / (rate E)), as the HGGS paper's code; E: epochs of the first training
    constant,     // rate
    cosine,       // from rate down to 0 at the last epoch
    exponential,  // from rate down to rate / 100 at the last epoch
    plateau,      // rate, lowered whenever a loss no longer falls
    step,         // times 0.9 after each 5000 epochs
};

// Gives the rows of the next epoch, or nothing to go on with the same. losses: one a row of `data`, in the
// pass of this epoch, before its step. epoch: how many are done.
using Resample =
    std::function<std::optional<Table>(const Table& data, std::span<const double> losses, int epoch)>;

// Mean loss over all outputs. Learning rate: rising linearly to learning_rate at the end of warm-up, then by
// the schedule, e counted from the end of warm-up. The defaults are the paper's rule; spec/oscillators.md,
// section 3.
struct TrainOptions {
    int epochs = 3000;
    int warm_up = 300;  // epochs
    double learning_rate = 2e-3;
    double weight_decay = 1e-5;
    int batch = 0;              // rows a step, about: an epoch is split evenly; 0: all rows
    int patience = 300;         // epochs without a better validation loss; 0: never stop early
    bool best_weights = false;  // result: the weights of the best validation loss, not the last ones
    std::uint64_t seed = 0;
    Device device = Device::automatic;
    Loss loss = Loss::squared;
    Optimizer optimizer = Optimizer::adam;
    Schedule schedule = Schedule::inverse;
    Plateau plateau = {};
    int finish = 0;       // iterations of L-BFGS behind the epochs, all rows at once, without decay
    bool single = false;  // single precision
    std::vector<std::string> features = {};  // further columns to learn from, scaled by their own spread
    Resample resample = {};
    std::vector<std::pair<std::string, Table>> probes = {};  // the history has NAME_loss of each
    std::span<const double> losses = {};  // of the rows of `data`, if `resample` is to act on them at once
    const Equation* equation = nullptr;   // to satisfy, instead of columns to learn: those are its fields
    // Goes on from its weights, with its inputs, its optimizer's memory and its count of epochs (masks,
    // shuffles and the schedule go on, warm-up is over); must have the same box, targets and network.
    const Surrogate* from = nullptr;
};

// Where a training that was stopped may go on from, and what it leaves behind for that; both may be empty.
struct TrainKeeper {
    std::function<std::optional<std::string>()> find;    // the last checkpoint, as bytes
    std::function<void(const std::string& bytes)> keep;  // a new one in its place; may be called by train()
    std::function<void(int found, int made)> account = {};  // epochs of the checkpoint, and made since
    double seconds = 2;                                     // from one checkpoint to the next, at least
};

// The loss of each row at the weights as they are. Throws Error as train().
std::vector<double> losses(const Surrogate&, const Equation&, const Table& rows, Device);

// Trains one network. `validation` may be empty: then no early stopping, and the last weights. Inputs are
// scaled to [0, 1] by the box. `model` and `identity` of the result are left empty.
//
// Random draws are Philox's, of (seed, "train"), and one thread does the arithmetic: the bytes do not depend
// on executor.jobs(). Progress counts epochs. Throws Error: columns missing, fewer than 2 rows, a value that
// is not finite, an option out of range (input); loss not finite (numerics, naming the epoch); stopped
// (interrupted); plugin or device absent (unsupported, with the way out).
Surrogate train(const Table& data, const Table& validation, const Box& box,
                const std::vector<std::string>& targets, const Mlp&, const TrainOptions&,
                const Executor& executor, const TrainKeeper& keeper = {});

// LibTorch's version; "" where the plugin cannot be loaded. Loads it.
std::string torch_version();

}  // namespace rondo
