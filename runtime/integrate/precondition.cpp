#include "runtime/integrate/precondition.h"

#include <cmath>
#include <utility>

namespace rondo {

Preconditioner::Preconditioner(const JacobianPattern& sparse) : pattern_(sparse) {
    const auto n = static_cast<Eigen::Index>(sparse.column_start.size()) - 1;
    jacobian_.resize(n, n);
    jacobian_.resizeNonZeros(static_cast<Eigen::Index>(sparse.row_index.size()));
    std::copy(sparse.column_start.begin(), sparse.column_start.end(), jacobian_.outerIndexPtr());
    std::copy(sparse.row_index.begin(), sparse.row_index.end(), jacobian_.innerIndexPtr());
    matrix_ = jacobian_;
    for (Eigen::Index column = 0; column < n; ++column)
        for (Eigen::Index k = jacobian_.outerIndexPtr()[column]; k < jacobian_.outerIndexPtr()[column + 1];
             ++k)
            if (jacobian_.innerIndexPtr()[k] == column) diagonal_.push_back(k);
    // Looser ones need more iterations, tighter ones fill in: measured on random networks of 2000 to 10 000.
    factors_.setDroptol(1e-3);
    factors_.setFillfactor(4);
}

void Preconditioner::keep(std::span<const double> values) {
    std::fill_n(jacobian_.valuePtr(), jacobian_.nonZeros(), 0.0);
    for (std::size_t k = 0; k < values.size(); ++k)
        jacobian_.valuePtr()[pattern_.slot[k]] = std::isfinite(values[k]) ? values[k] : 0;
}

bool Preconditioner::factor(double gamma) {
    const Eigen::Index count = matrix_.nonZeros();
    for (Eigen::Index k = 0; k < count; ++k) matrix_.valuePtr()[k] = -gamma * jacobian_.valuePtr()[k];
    for (const Eigen::Index k : diagonal_) matrix_.valuePtr()[k] += 1;
    if (!std::exchange(ordered_, true)) factors_.analyzePattern(matrix_);
    factors_.factorize(matrix_);
    return factors_.info() == Eigen::Success;
}

void Preconditioner::solve(std::span<const double> right, std::span<double> out) const {
    const auto n = static_cast<Eigen::Index>(right.size());
    Eigen::Map<Eigen::VectorXd>(out.data(), n) =
        factors_.solve(Eigen::Map<const Eigen::VectorXd>(right.data(), n));
}

}  // namespace rondo
