// surrogate.h: a trained network as plain data: prediction on Eigen, our own file format. No LibTorch here.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/table/table.h"

namespace rondo {

inline constexpr double norm_epsilon = 1e-5;  // keeps a batch norm finite where its variance is 0

// y = relu(batch_norm(weight x + bias)), each optional part as flagged. Matrices are row-major.
struct DenseLayer {
    int inputs = 0, outputs = 0;
    std::vector<double> weight;  // [outputs][inputs]
    std::vector<double> bias;    // [outputs]
    bool batch_norm = false;  // evaluation mode: (x - mean) / sqrt(variance + norm_epsilon) * scale + shift
    std::vector<double> mean, variance, scale, shift;  // [outputs]
    bool relu = false;
};

struct Surrogate {
    Box box;                           // inputs are scaled to [0, 1] by it
    std::vector<std::string> outputs;  // columns predicted, e.g. "freq_X"
    std::vector<DenseLayer> layers;
    std::string model;     // the model as Antimony text; empty for other oracles
    std::string identity;  // SHA-256 of what produced it
    Table history;         // epoch (from 1), train_loss, validation_loss, learning_rate
};

// Columns of `points` as they are, then the outputs (an input column of an output's name is replaced). A row
// depends on its own point alone. NaN in a coordinate gives NaN; points outside the box are extrapolated.
// Throws Error(input) if a column of the box is missing.
Table predict(const Surrogate&, const Table& points);

// How many points have a coordinate below or above its bounds.
std::size_t outside(const Box&, const Table& points);

// The file format: little-endian, versioned, with a checksum (format.cpp).
std::string to_bytes(const Surrogate&);
// `name`: of the file, for messages. Throws Error(input): not a surrogate file, truncated, damaged, from a
// newer Rondo.
Surrogate from_bytes(std::string_view bytes, const std::string& name);

}  // namespace rondo
