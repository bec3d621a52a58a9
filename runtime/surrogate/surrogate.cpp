// surrogate.cpp: prediction on Eigen.
#include "runtime/surrogate/surrogate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <span>

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

}  // namespace

Table predict(const Surrogate& surrogate, const Table& points) {
    const auto columns = coordinates(surrogate.box, points);
    std::vector<std::vector<double>> outputs(surrogate.outputs.size(), std::vector<double>(points.rows()));
    for (std::size_t begin = 0; begin < points.rows(); begin += block_size) {
        const std::size_t end = std::min(begin + block_size, points.rows());
        Eigen::MatrixXd x = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(columns.size()), block_size);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t i = 0; i < columns.size(); ++i) {
                x(i, row - begin) = surrogate.box.axes[i].unit(columns[i][row]);
            }
        }
        for (const DenseLayer& layer : surrogate.layers) x = apply(layer, x);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t o = 0; o < outputs.size(); ++o) outputs[o][row] = x(o, row - begin);
        }
    }
    Table table = points;
    for (std::size_t o = 0; o < outputs.size(); ++o) table.set(surrogate.outputs[o], std::move(outputs[o]));
    return table;
}

std::size_t outside(const Box& box, const Table& points) {
    const auto columns = coordinates(box, points);
    std::size_t count = 0;
    for (std::size_t row = 0; row < points.rows(); ++row) {
        bool out = false;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            out = out || columns[i][row] < box.axes[i].lower || columns[i][row] > box.axes[i].upper;
        }
        count += out;
    }
    return count;
}

}  // namespace rondo
