// newton.h: Newton's iteration for the zero of a model's right-hand side that has given conserved totals.
#pragma once
#include <Eigen/Dense>
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "jit/compile.h"
#include "jit/graph/totals.h"

namespace rondo {

struct Zero {
    std::vector<double> y;
    double residual;                                // largest |rhs|
    std::vector<std::complex<double>> eigenvalues;  // the slowest first; conserved directions left out
    bool stable;
};

class SteadyEquations {
  public:
    // model: one lane, no events; it and p must outlive this. p: complete; its modes follow the state (NaN).
    SteadyEquations(const CompiledModel& model, std::span<double> p);

    const std::vector<Total>& totals() const { return totals_; }
    Eigen::VectorXd rhs(std::span<const double> y) const;
    // What a change of each state is measured against: |y|, but at least a millionth of the largest.
    Eigen::VectorXd magnitudes(std::span<const double> y) const;
    // From y to a zero that has the totals of `same`: in a long run rounding lets them drift. Damped: a step
    // is halved until the scaled residual falls, or the iteration ends without a zero.
    std::optional<Zero> find(std::span<const double> y, std::span<const double> same, double tolerance) const;

  private:
    struct NewtonStep {
        Eigen::VectorXd change;  // in magnitudes
        double contradiction;    // what of the rates no change can take away: A' = 2 has no zero
    };
    Eigen::MatrixXd jacobian(std::span<const double> y) const;
    Eigen::MatrixXd scaled_totals(const Eigen::VectorXd& scale) const;
    NewtonStep step(const Eigen::MatrixXd& jacobian, const Eigen::MatrixXd& totals,
                    const Eigen::VectorXd& rhs, const Eigen::VectorXd& missing) const;
    void assess(Zero&) const;

    const CompiledModel& model_;
    std::span<double> p_;
    std::vector<Total> totals_;
};

}  // namespace rondo
