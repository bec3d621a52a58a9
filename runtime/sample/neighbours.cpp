// neighbours.cpp: a k-d tree over the rows of a table (nanoflann).
#include "runtime/sample/neighbours.h"

#include <algorithm>
#include <cmath>
#include <nanoflann.hpp>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

// Coordinates of rows, row-major, as nanoflann wants to see them.
struct Cloud {
    std::size_t width = 0;
    std::vector<double> values;

    std::size_t kdtree_get_point_count() const { return values.size() / width; }
    double kdtree_get_pt(std::size_t row, std::size_t axis) const { return values[row * width + axis]; }
    template <class Bounds>
    bool kdtree_get_bbox(Bounds&) const {
        return false;
    }
    const double* row(std::size_t i) const { return values.data() + i * width; }
};

using Tree =
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud, -1, std::size_t>;

void check_finite(double value, const std::string& column, std::size_t row) {
    if (std::isfinite(value)) return;
    throw Error(Fault::input, "column '" + column + "' has " + shortest(value) + " in row " +
                                  std::to_string(row + 1) + "; leave such rows out first");
}

Cloud cloud_of(const Box& box, const Table& points, Metric metric) {
    Cloud cloud;
    cloud.width = box.axes.size();
    cloud.values.resize(points.rows() * cloud.width);
    for (std::size_t a = 0; a < cloud.width; ++a) {
        const Axis& axis = box.axes[a];
        const auto column = points.numbers(axis.name);
        for (std::size_t row = 0; row < column.size(); ++row) {
            check_finite(column[row], axis.name, row);
            cloud.values[row * cloud.width + a] =
                metric == Metric::scaled ? axis.unit(column[row]) : column[row];
        }
    }
    return cloud;
}

}  // namespace

Neighbours nearest(const Box& box, const Table& points, std::size_t k, Metric metric) {
    check(box);
    const std::size_t rows = points.rows();
    if (k < 1 || k >= rows) {
        throw Error(Fault::input, std::to_string(k) + " nearest rows asked for of " + std::to_string(rows) +
                                      "; there must be at least 1, and fewer than there are rows");
    }
    const Cloud cloud = cloud_of(box, points, metric);
    const Tree tree(static_cast<int>(cloud.width), cloud);
    Neighbours result{k, {}, {}};
    std::vector<std::size_t> found(k + 1);  // the row itself is among them, or as many at its very place
    std::vector<double> square(k + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        tree.knnSearch(cloud.row(row), k + 1, found.data(), square.data());
        std::vector<std::pair<double, std::size_t>> near;
        for (std::size_t i = 0; i <= k; ++i)
            if (found[i] != row) near.emplace_back(std::sqrt(square[i]), found[i]);
        std::sort(near.begin(), near.end());
        near.resize(k);
        for (const auto& [distance, other] : near) {
            result.row.push_back(other);
            result.distance.push_back(distance);
        }
    }
    return result;
}

std::vector<double> gradient_degree(const Box& box, const Table& data,
                                    const std::vector<std::string>& targets, std::size_t k, GradientForm form,
                                    Metric metric) {
    std::vector<std::span<const double>> labels;
    for (const auto& name : targets) {
        labels.push_back(data.numbers(name));
        for (std::size_t row = 0; row < data.rows(); ++row) check_finite(labels.back()[row], name, row);
    }
    const Neighbours near = nearest(box, data, k, metric);
    std::vector<double> degree(data.rows(), 0.0);
    for (std::size_t i = 0; i < degree.size(); ++i) {
        for (std::size_t j = i * k; j < (i + 1) * k; ++j) {
            if (near.distance[j] == 0) continue;
            double square = 0;
            for (const auto& y : labels) square += (y[near.row[j]] - y[i]) * (y[near.row[j]] - y[i]);
            const double slope = std::sqrt(square) / near.distance[j];
            degree[i] += form == GradientForm::code ? slope : slope * slope / static_cast<double>(k);
        }
    }
    return degree;
}

}  // namespace rondo
