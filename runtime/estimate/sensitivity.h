// sensitivity.h: how the observables change with the free parameters, as one more system of equations.
//
// Forward sensitivities: S = dy/dtheta follows S' = (df/dy) S + df/dtheta along with y, made by the
// expression graph and compiled like any right-hand side; one call of it is counted as 1 + (number of
// coordinates) calls of the model's. It is integrated by Dormand and Prince's method; of a problem with an
// ensemble by CVODES (see fit_slopes.h), for models that are stiff or have events.
#pragma once
#include <memory>
#include <vector>

#include "runtime/estimate/fit_slopes.h"
#include "runtime/estimate/problem.h"

namespace rondo {

// y, then S by coordinate. Outputs: the observables, then their derivatives by the first coordinate's value,
// and so on. The problem's conditions may start from values of their own; a coordinate that one sets has
// derivatives of 0 there.
class Sensitivities {
  public:
    // Throws Error(input) naming a whole coordinate: it has no derivative; Error(unsupported) for models
    // without sensitivities.
    explicit Sensitivities(const FitProblem&);

    struct Residuals {
        double squares = 0;  // sum of the residuals' squares, so far
        std::vector<double>
            values;  // [n] weighted deviations; their squares sum to the mean squared deviation
        std::vector<double> slopes;  // [n][coordinates], by z
        bool finished = false, failed = false;
        long calls = 0;  // in right-hand sides of the model
    };
    // Stopped as soon as the sum of squares exceeds `limit`.
    Residuals evaluate(std::span<const double> z, double limit) const;
    const FitProblem& problem() const { return *problem_; }

  private:
    Residuals evaluate_by_cvodes(std::span<const double> z, double limit) const;
    void add(std::size_t c, std::size_t j, std::span<const double> outputs, std::span<const double> z,
             Residuals&) const;
    const FitProblem* problem_;
    std::vector<std::shared_ptr<const CompiledModel>>
        codes_;                                // [conditions], shared where they set the same inputs
    std::shared_ptr<const FitSlopes> slopes_;  // in place of those
};

}  // namespace rondo
