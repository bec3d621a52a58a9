// surrogate.cpp: prediction on Eigen.
#include "runtime/surrogate/surrogate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/gated.h"
#include "runtime/surrogate/inputs.h"

namespace rondo {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Points are columns of a block. Every block has this many, the last one padded, so that a product takes the
// same path for every point and its bits do not depend on how many others there are.
constexpr std::size_t block_size = 64;

Eigen::Map<const Eigen::VectorXd> vector_of(const std::vector<double>& values) {
    return {values.data(), static_cast<Eigen::Index>(values.size())};
}

Eigen::MatrixXd apply(const DenseLayer& layer, const Eigen::MatrixXd& x) {
    const Eigen::Map<const RowMajor> weight(layer.weight.data(), layer.outputs, layer.inputs);
    Eigen::MatrixXd y = (weight * x).colwise() + vector_of(layer.bias);
    if (layer.batch_norm) {
        const Eigen::VectorXd factor =
            vector_of(layer.scale).array() / (vector_of(layer.variance).array() + norm_epsilon).sqrt();
        y.colwise() -= vector_of(layer.mean);
        y = (factor.asDiagonal() * y).eval().colwise() + vector_of(layer.shift);
    }
    if (layer.activation == Activation::relu)
        y = (y.array() < 0).select(0, y);  // NaN is not below 0 and stays
    if (layer.activation == Activation::tanh) y = y.unaryExpr([](double v) { return std::tanh(v); });
    return y;
}

std::vector<std::span<const double>> coordinates(const Box& box, const Table& points) {
    std::vector<std::span<const double>> columns;
    for (const Axis& axis : box.axes) columns.push_back(points.numbers(axis.name));
    return columns;
}

// Writes the network's inputs for a row of the table.
std::function<void(std::size_t row, double* out)> inputs_of(const Surrogate& surrogate, const Table& points) {
    std::vector<std::span<const double>> features;
    for (const Feature& feature : surrogate.features) features.push_back(points.numbers(feature.column));
    return
        [&surrogate, features, columns = coordinates(surrogate.box, points)](std::size_t row, double* out) {
            for (std::size_t axis = 0; axis < columns.size(); ++axis) {
                axis_inputs(surrogate, axis, columns[axis][row], 0, out);
                out += axis_width(surrogate, axis);
            }
            for (std::size_t i = 0; i < features.size(); ++i)
                *out++ = surrogate.features[i].input(features[i][row]);
        };
}

// What the first `count` layers make of the points: columns, one a unit.
std::vector<std::vector<double>> run_layers(const Surrogate& surrogate, const Table& points,
                                            std::size_t count) {
    const auto write_inputs = inputs_of(surrogate, points);
    const auto inputs = static_cast<Eigen::Index>(input_width(surrogate));
    const auto width = static_cast<std::size_t>(surrogate.layers.at(count - 1).outputs);
    std::vector<std::vector<double>> outputs(width, std::vector<double>(points.rows()));
    for (std::size_t begin = 0; begin < points.rows(); begin += block_size) {
        const std::size_t end = std::min(begin + block_size, points.rows());
        Eigen::MatrixXd x = Eigen::MatrixXd::Zero(inputs, block_size);
        for (std::size_t row = begin; row < end; ++row) write_inputs(row, x.col(row - begin).data());
        for (std::size_t l = 0; l < count; ++l) x = apply(surrogate.layers[l], x);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t o = 0; o < width; ++o) outputs[o][row] = x(o, row - begin);
        }
    }
    return outputs;
}

}  // namespace

Table predict(const Surrogate& surrogate, const Table& points) {
    if (surrogate.gated) return predict_gated(surrogate, points);
    auto outputs = run_layers(surrogate, points, surrogate.layers.size());
    Table table = points;
    for (std::size_t o = 0; o < outputs.size(); ++o) table.set(surrogate.outputs[o], std::move(outputs[o]));
    return table;
}

Table activations(const Surrogate& surrogate, const Table& points) {
    if (surrogate.gated)
        throw Error(Fault::input, "a surrogate of several networks has no last hidden layer");
    auto units = run_layers(surrogate, points, surrogate.layers.size() - 1);
    Table table;
    for (std::size_t i = 0; i < units.size(); ++i)
        table.set("h" + std::to_string(i + 1), std::move(units[i]));
    return table;
}

std::vector<bool> outside(const Box& box, const Table& points) {
    const auto columns = coordinates(box, points);
    std::vector<bool> out(points.rows());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        for (std::size_t row = 0; row < points.rows(); ++row) {
            if (columns[i][row] < box.axes[i].lower || columns[i][row] > box.axes[i].upper) out[row] = true;
        }
    }
    return out;
}

}  // namespace rondo
