// neighbours.h: which points lie nearest to each point, and how steeply labels change between them.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/table/table.h"

namespace rondo {

// Of each row, its k nearest other rows, nearest first; equally near ones by row.
struct Neighbours {
    std::size_t k = 0;
    std::vector<std::size_t> row;  // [rows][k]
    std::vector<double> distance;  // [rows][k], Euclidean
};

enum class Metric : std::uint8_t {
    raw,    // distances in the parameters as they are: the widest axis dominates
    scaled  // in units of the box
};

// Throws Error(input): k < 1 or not below the number of rows, a coordinate missing or not finite.
Neighbours nearest(const Box&, const Table& points, std::size_t k, Metric = Metric::scaled);

// Two readings of the gradient of labels y (vectors over `targets`) at row i, over its k nearest rows j.
enum class GradientForm : std::uint8_t {
    paper,  // mean_j |y_j - y_i|^2 / |x_j - x_i|^2
    code    // sum_j |y_j - y_i| / |x_j - x_i|
};

// A value a row. Rows at the same point count as nothing. Source: spec/oscillators.md, section 3 (HGGS).
// Throws as nearest() does, and for a label that is not finite.
std::vector<double> gradient_degree(const Box&, const Table& data, const std::vector<std::string>& targets,
                                    std::size_t k = 5, GradientForm = GradientForm::code,
                                    Metric = Metric::raw);

}  // namespace rondo
