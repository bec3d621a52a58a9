// surrogate.h: a trained network as plain data: prediction on Eigen, our own file format. No LibTorch here.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/table/table.h"

namespace rondo {

inline constexpr double norm_epsilon = 1e-5;  // keeps a batch norm finite where its variance is 0

enum class Activation : std::uint8_t { none, relu, tanh };

// y = activation(batch_norm(weight x + bias)), each optional part as flagged. Matrices are row-major.
struct DenseLayer {
    int inputs = 0, outputs = 0;
    std::vector<double> weight;  // [outputs][inputs]
    std::vector<double> bias;    // [outputs]
    bool batch_norm = false;  // evaluation mode: (x - mean) / sqrt(variance + norm_epsilon) * scale + shift
    std::vector<double> mean, variance, scale, shift;  // [outputs]
    Activation activation = Activation::none;
};

// A further input of a network behind the box's coordinates: a column, cut to what was met in training, as
// (x - centre) / width. A network knows nothing of values far beyond those.
struct Feature {
    std::string column;
    double low, high;
    double centre = 0, width = 1;  // width > 0
    double input(double x) const { return (std::clamp(x, low, high) - centre) / width; }
};

// Where a training ended, so that another can go on from there. Empty in surrogates that were saved.
struct Memory {
    std::vector<double> mean, square;  // Adam's, of all parameters
    std::uint64_t steps = 0;
    int epochs = 0;        // so far
    int first_epochs = 0;  // of the first training: what the schedule of learning rates is measured in
    Table rows;            // of the last epoch where each row's loss was asked for, with it as `loss`
};

struct Gated;

struct Surrogate {
    Box box;                           // inputs are scaled to [0, 1] by it, unless raw
    std::vector<std::string> outputs;  // columns predicted, e.g. "freq_X"
    bool logs = false;                 // behind each coordinate u its logarithm, log_input(u)
    bool raw = false;                  // the network sees coordinates, not u
    // [axes] n > 0: the axis is a circle, and instead of its coordinate the network sees n waves (inputs.h).
    std::vector<int> harmonics;      // empty: none
    std::vector<Feature> features;   // then these columns
    std::vector<DenseLayer> layers;  // none if gated
    std::shared_ptr<const Gated> gated;
    std::string model;     // the model as Antimony text; empty for other oracles
    std::string identity;  // SHA-256 of what produced it
    Table history;         // epoch (from 1), train_loss, validation_loss, learning_rate; NAME_loss of probes,
                           // watched_loss of a plateau
    Memory memory;
};

// A surrogate of two parts (gated.h): does it oscillate, and how fast. Networks of the same box and features.
struct Gated {
    std::vector<Surrogate> gates;   // one output each: the logit of the chance of oscillation
    std::vector<Surrogate> speeds;  // the roots of the frequencies of what oscillates
    bool hard = false;              // frequencies are 0 where the chance is below 1/2; else times the chance
    double slope = 1, offset = 0;   // calibrated logit = slope logit + offset
    double highest = 0;             // frequencies above it are cut: the largest met, and a tenth
    double noise = 0;               // of a frequency that is met where it oscillates, root mean square
    double spread = 1;              // factor of the uncertainty, so that it is as large as errors are
};

// How many numbers the first layer takes.
std::size_t input_width(const Surrogate&);

// 1 at u = 1, 0 at u = 0, steep near 0: rate constants act by their ratios.
double log_input(double u);

// Columns of `points` as they are, then the outputs (an input column of an output's name is replaced); if
// gated, `probability` of oscillation and `uncertainty` (one deviation of the frequency) behind them. A row
// depends on its own point alone. NaN in a coordinate gives NaN; points outside the box are extrapolated.
// Throws Error(input) if a column of the box or a feature is missing.
Table predict(const Surrogate&, const Table& points);

// The values that the last hidden layer gives, columns h1, h2, ...; one row a point. Throws Error(input) as
// predict, and where gated.
Table activations(const Surrogate&, const Table& points);

// Which points have a coordinate below or above its bounds.
std::vector<bool> outside(const Box&, const Table& points);

// The file format: little-endian, versioned, with a checksum (format.cpp).
std::string to_bytes(const Surrogate&);
// `name`: of the file, for messages. Throws Error(input): not a surrogate file, truncated, damaged, from a
// newer Rondo.
Surrogate from_bytes(std::string_view bytes, const std::string& name);

}  // namespace rondo
