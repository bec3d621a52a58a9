// plugin_abi.h: the C interface between Rondo and the plugins that train with LibTorch (torch_plugin.cpp).
//
// Everything is decided on Rondo's side: initial weights, learning rates, when to stop, which weights to
// keep. The plugin does the arithmetic. All memory belongs to the caller; matrices are row-major; nothing is
// thrown across.
#pragma once
#include <cstddef>
#include <cstdint>

namespace rondo::plugin {

inline constexpr int abi_version = 5;

enum class Activation : int { none, relu, tanh };

// DenseLayer as borrowed arrays; initial values in, trained ones out. The last four are null without
// batch_norm.
struct Layer {
    int inputs, outputs;
    int batch_norm;
    Activation activation;
    double *weight, *bias, *mean, *variance, *scale, *shift;
};

struct Rows {
    const double* inputs;   // [count][inputs of the first layer]
    const double* targets;  // [count][outputs of the last layer]
    std::size_t count;
};

struct Epoch {
    int number;                     // from first_epoch
    double train_loss;              // mean over the batches, in training mode, before their steps
    const double* held_out_losses;  // [held_out_count] in evaluation mode, after them; NaN where no rows are
    const double* row_losses;       // [train.count] of each row, in the pass that gave train_loss; null
                                    // unless asked for
};

// What the caller answers to an epoch.
inline constexpr unsigned stop = 1;  // after this epoch
inline constexpr unsigned keep = 2;  // these weights are the result so far; if never asked for, the last are
inline constexpr unsigned redrawn = 4;     // `train` of the training now holds the rows of the next epoch
inline constexpr unsigned checkpoint = 8;  // write `now`, `now_memory` and `epochs_done`, then on_checkpoint
inline constexpr unsigned give_up = 16;    // something is wrong: no training beside it goes on either

enum class Loss : int {
    squared,   // mean of squares
    huber,     // squared / 2 up to 1, then linear
    logistic,  // cross entropy of a chance whose logit the network gives; targets in [0, 1]
};

// A formula for many rows at once: operations on earlier ones, the expression graph as a list.
struct Operation {
    int op;         // rondo::Op
    double value;   // of a number
    int is_column;  // of a symbol: which list `index` counts in, a term's columns or its slots
    int index;
    const int* operands;
    int operand_count;
};

// Where a formula's symbol comes from: an output of the network, itself (channel 0) or a derivative of it.
struct Slot {
    int channel, output;
};

// What the loss is made of where a network has to satisfy equations instead of targets: `weight` times the
// mean over rows of the sum of squared residuals. The channels are the value, `first_count` first derivatives
// along axes, and second ones: each of two of the first (numbered from 1, may be equal).
struct Term {
    const Operation* operations;
    int operation_count;
    const int* residuals;  // [residual_count] operations
    const int* by_slot;  // [residual_count][slot_count] operations: derivatives of the residuals by the slots
    int residual_count;
    const Slot* slots;
    int slot_count;
    int first_count;
    const int* seconds;  // [second_count][2]
    int second_count;
    const double* inputs;   // [channels][count][inputs of the first layer]: they, and how they change
    const double* columns;  // [column_count][count]: what else the formulas name, such as coordinates
    int column_count;
    std::size_t count;
    double weight;
};

// Adam's memory of all parameters, in the order of layers (weight, bias, scale, shift): in and out.
struct Memory {
    double *mean, *square;
    std::uint64_t steps;  // 0: none yet
};

struct Training {
    int abi;  // abi_version of the caller
    Layer* layers;
    int layer_count;
    Rows train;
    const Rows* held_out;  // the first for validation
    int held_out_count;
    const Term*
        terms;       // null: the targets of `train`; else `train` is empty, full batch, and the rows of the
    int term_count;  // first term take its place
    int first_epoch, epochs;      // the shuffles and masks of an epoch depend on its number
    const double* learning_rate;  // [epochs]
    Loss loss;
    double weight_decay;
    int decoupled;  // 1: AdamW, 0: Adam, whose decay is added to the gradient
    Memory memory;
    int finish;  // iterations of L-BFGS behind the epochs, in evaluation mode, all rows at
                 // once, without decay; each is an epoch to the caller
    int single;  // 1: arithmetic in single precision
    int want_row_losses;
    double dropout;  // after Linear, where a BatchNorm follows
    int batches;     // steps an epoch; 1: full batch
    std::uint64_t seed;
    int cuda;  // 1: on the first GPU
    // A training that goes on: epochs_done > 0, and `now` and `now_memory` as they were then; kept: `layers`
    // and `memory` were kept. Written at a checkpoint.
    int epochs_done, kept;
    int over;    // of those side by side: stopped by its own answer; in and out
    Layer* now;  // [layer_count] the weights as they are; those in `layers` may be older, better ones
    Memory now_memory;
    unsigned (*on_epoch)(void* user, const Epoch*);
    void (*on_checkpoint)(void* user);
    void* user;
    char error[512];  // why, if the result is not 0
};

// The functions of a plugin, by these names. They return 0 when done.
extern "C" {
[[gnu::visibility("default")]] const char* rondo_torch_version();
[[gnu::visibility("default")]] int rondo_torch_train(Training*);
// The epochs of trainings side by side, as one network with an axis more. They differ in seed, weights and
// what they answer; none has terms or rows that are redrawn, all have done as many epochs. Where one asks for
// a checkpoint `now` is written of all that go on, and it alone is called. Behind the epochs those that are
// not over have written `now`: rondo_torch_train ends each. A reason is in the first one's `error`.
[[gnu::visibility("default")]] int rondo_torch_train_together(Training* const*, int count);
// Evaluation mode of LibTorch itself: the oracle of our own prediction.
[[gnu::visibility("default")]] int rondo_torch_predict(const Layer*, int layer_count, const double* inputs,
                                                       std::size_t rows, double* outputs, char* error,
                                                       std::size_t error_size);
// The loss of the terms at the weights of `layers`; row_losses [rows of the first term] and gradient [all
// parameters, in the order of Memory] may be null. nested: by LibTorch's own differentiation of what it
// differentiated, the oracle of the way that training goes.
[[gnu::visibility("default")]] int rondo_torch_equation(Training*, int nested, double* loss,
                                                        double* row_losses, double* gradient);
}

}  // namespace rondo::plugin
