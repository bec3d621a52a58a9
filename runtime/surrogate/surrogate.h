// surrogate.h: a trained network as plain data: prediction on Eigen, our own file format. No LibTorch here.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/table/table.h"

namespace rondo {

// y = relu(batch_norm(weight x + bias)), each optional part as flagged. Matrices are row-major.
struct DenseLayer {
    int inputs = 0, outputs = 0;
    std::vector<double> weight;  // [outputs][inputs]
    std::vector<double> bias;    // [outputs]
    bool batch_norm = false;     // evaluation mode: (x - mean) / sqrt(variance + 1e-5) * scale + shift
    std::vector<double> mean, variance, scale, shift;  // [outputs]
    bool relu = false;
};

struct Surrogate {
    Box box;                           // inputs are scaled to [0, 1] by it
    std::vector<std::string> outputs;  // columns predicted, e.g. "freq_X"
    std::vector<DenseLayer> layers;
    std::string model;     // the model as Antimony text; empty for other oracles
    std::string identity;  // SHA-256 of what produced it
    Table history;         // epoch, train_loss, validation_loss, learning_rate
};

// Columns of `points` as they are, then the outputs. Throws Error(input) if a column of the box is missing.
Table predict(const Surrogate&, const Table& points);

// Little-endian, versioned, with a checksum. load throws Error(input): not a surrogate file, truncated,
// damaged, from a newer Rondo.
std::string to_bytes(const Surrogate&);
Surrogate from_bytes(std::string_view bytes, const std::string& name);

}  // namespace rondo
