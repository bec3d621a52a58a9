#include "runtime/surrogate/score.h"

#include <cmath>

namespace rondo {

Score score(const Table& truth, const Table& predicted, const std::vector<std::string>& outputs) {
    const std::size_t rows = truth.rows();
    std::vector<double> absolute(rows, 0.0), squared(rows, 0.0);
    for (const auto& name : outputs) {
        const auto y = truth.numbers(name), z = predicted.numbers(name);
        for (std::size_t row = 0; row < rows; ++row) {
            absolute[row] += std::abs(z[row] - y[row]) / static_cast<double>(outputs.size());
            squared[row] += (z[row] - y[row]) * (z[row] - y[row]);
        }
    }
    double mean_of_squares = 0, mean_norm = 0, mean = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        mean_of_squares += absolute[row] * absolute[row];
        mean_norm += squared[row];
        mean += absolute[row];
    }
    const auto n = static_cast<double>(rows);
    return {std::sqrt(mean_of_squares / n), std::sqrt(mean_norm / n), mean / n};
}

}  // namespace rondo
