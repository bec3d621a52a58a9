// plugin_abi.h: the C interface between Rondo and the plugins that train with LibTorch (torch_plugin.cpp).
//
// Everything is decided on Rondo's side: initial weights, learning rates, when to stop, which weights to
// keep. The plugin does the arithmetic. All memory belongs to the caller; matrices are row-major; nothing is
// thrown across.
#pragma once
#include <cstddef>
#include <cstdint>

namespace rondo::plugin {

inline constexpr int abi_version = 2;

// DenseLayer as borrowed arrays; initial values in, trained ones out. The last four are null without
// batch_norm.
struct Layer {
    int inputs, outputs;
    int batch_norm, relu;
    double *weight, *bias, *mean, *variance, *scale, *shift;
};

struct Rows {
    const double* inputs;   // [count][inputs of the first layer]
    const double* targets;  // [count][outputs of the last layer]
    std::size_t count;
};

struct Epoch {
    int number;              // from 0
    double train_loss;       // mean over the batches, in training mode, before their steps
    double validation_loss;  // in evaluation mode, after them; NaN without validation rows
};

// What the caller answers to an epoch.
inline constexpr unsigned stop = 1;        // after this epoch
inline constexpr unsigned checkpoint = 4;  // `now`, `moments` and `epochs_done`, then on_checkpoint
inline constexpr unsigned keep = 2;  // these weights are the result so far; if never asked for, the last are

struct Training {
    int abi;  // abi_version of the caller
    Layer* layers;
    int layer_count;
    Rows train, validation;  // validation.count may be 0
    int epochs;
    const double* learning_rate;  // [epochs]
    double weight_decay;          // coupled (added to the gradient)
    double dropout;               // after Linear, where a BatchNorm follows
    int batches;                  // steps an epoch; 1: full batch
    std::uint64_t seed;
    int cuda;  // 1: on the first GPU
    // A training that goes on: epochs_done > 0, and `now` and `moments` as they were then; `kept`: layers are
    // weights that were kept. Written at a checkpoint.
    int epochs_done, kept;
    Layer* now;       // [layer_count] the weights as they are; those in `layers` may be older, better ones
    double* moments;  // Adam's means, then its squares, each in the order of weight, bias, scale, shift
    unsigned (*on_epoch)(void* user, const Epoch*);
    void (*on_checkpoint)(void* user);
    void* user;
    char error[512];  // why, if the result is not 0
};

// The functions of a plugin, by these names. They return 0 when done.
extern "C" {
[[gnu::visibility("default")]] const char* rondo_torch_version();
[[gnu::visibility("default")]] int rondo_torch_train(Training*);
// Evaluation mode of LibTorch itself: the oracle of our own prediction.
[[gnu::visibility("default")]] int rondo_torch_predict(const Layer*, int layer_count, const double* inputs,
                                                       std::size_t rows, double* outputs, char* error,
                                                       std::size_t error_size);
}

}  // namespace rondo::plugin
