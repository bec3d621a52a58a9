// surrogate.cpp: prediction on Eigen.
#include "runtime/surrogate/surrogate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <functional>
#include <span>

#include "dsl/syntax/error.h"
#include "runtime/sample/portable.h"
#include "runtime/surrogate/gated.h"

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
    if (layer.relu) y = (y.array() < 0).select(0, y);  // NaN is not below 0 and stays
    return y;
}

std::vector<std::span<const double>> coordinates(const Box& box, const Table& points) {
    std::vector<std::span<const double>> columns;
    for (const Axis& axis : box.axes) columns.push_back(points.numbers(axis.name));
    return columns;
}

// A network's inputs, one function a row of the block's matrix.
std::vector<std::function<double(std::size_t row)>> inputs_of(const Surrogate& surrogate,
                                                              const Table& points) {
    std::vector<std::function<double(std::size_t)>> inputs;
    for (const Axis& axis : surrogate.box.axes) {
        const auto column = points.numbers(axis.name);
        const auto unit = [&axis, column](std::size_t row) { return axis.unit(column[row]); };
        inputs.emplace_back(unit);
        if (surrogate.logs) inputs.emplace_back([unit](std::size_t row) { return log_input(unit(row)); });
    }
    for (const Feature& feature : surrogate.features) {
        const auto column = points.numbers(feature.column);
        inputs.emplace_back([&feature, column](std::size_t row) { return feature.input(column[row]); });
    }
    return inputs;
}

// What the first `count` layers make of the points: columns, one a unit.
std::vector<std::vector<double>> run_layers(const Surrogate& surrogate, const Table& points,
                                            std::size_t count) {
    const auto inputs = inputs_of(surrogate, points);
    const auto width = static_cast<std::size_t>(surrogate.layers.at(count - 1).outputs);
    std::vector<std::vector<double>> outputs(width, std::vector<double>(points.rows()));
    for (std::size_t begin = 0; begin < points.rows(); begin += block_size) {
        const std::size_t end = std::min(begin + block_size, points.rows());
        Eigen::MatrixXd x = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(inputs.size()), block_size);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t i = 0; i < inputs.size(); ++i) x(i, row - begin) = inputs[i](row);
        }
        for (std::size_t l = 0; l < count; ++l) x = apply(surrogate.layers[l], x);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t o = 0; o < width; ++o) outputs[o][row] = x(o, row - begin);
        }
    }
    return outputs;
}

}  // namespace

std::size_t input_width(const Surrogate& surrogate) {
    return surrogate.box.axes.size() * (surrogate.logs ? 2 : 1) + surrogate.features.size();
}

double log_input(double u) {
    constexpr double least = 1e-3;
    return 1 + portable_log(std::max(u, 0.0) * (1 - least) + least) / -portable_log(least);
}

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
