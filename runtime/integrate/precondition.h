// precondition.h: an approximate inverse of I - gamma J, for large models whose exact factors are dense.
#pragma once
#include <Eigen/Sparse>
#include <span>
#include <vector>

#include "runtime/integrate/pattern.h"

namespace rondo {

// Incomplete LU with a threshold: Saad, Numer. Linear Algebra Appl. 1 (1994) 387.
class Preconditioner {
  public:
    explicit Preconditioner(const JacobianPattern& sparse);
    // values: of OdeSystem::jacobian.
    void keep(std::span<const double> values);
    // Of the Jacobian kept last. False if it cannot be factored.
    bool factor(double gamma);
    void solve(std::span<const double> right, std::span<double> out) const;

  private:
    const JacobianPattern& pattern_;
    Eigen::SparseMatrix<double> jacobian_, matrix_;  // both with the places of the pattern
    std::vector<Eigen::Index> diagonal_;             // where they are among the values
    bool ordered_ = false;                           // as the pattern alone asks for
    Eigen::IncompleteLUT<double> factors_;
};

}  // namespace rondo
