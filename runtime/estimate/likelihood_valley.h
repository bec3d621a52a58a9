// likelihood_valley.h: the objective of a likelihood, priors included, as a valley to descend.
#pragma once
#include "runtime/estimate/descent.h"
#include "runtime/estimate/likelihood_runs.h"

namespace rondo {

// The free parameters on their own scales, within their bounds.
SearchSpace search_space(const LikelihoodProblem&);

// Where gradients come from. forward: with Fisher's information of all data as curvature, which for errors of
// known size is least squares; sigmas to be found enter with the information about them. adjoint: the
// gradient alone, the curvature by secants (BFGS with Powell's damping, Mathematical Programming 14 (1978)
// 224) from Fisher's information, which is taken anew every tenth time.
enum class GradientBy : std::uint8_t { forward, adjoint };

// Memory for one thread. What it is made of must outlive it. Each point is first evaluated without
// sensitivities; a trial ends as soon as what it has seen makes it worse than its limit.
class LikelihoodValley final : public Valley {
  public:
    LikelihoodValley(const LikelihoodSlopes&, const Likelihood&, const IntegrateOptions&,
                     GradientBy = GradientBy::forward);
    const SearchSpace& space() const override { return space_; }
    LocalModel at(std::span<const double> z, double limit) override;
    // Whether there is a value, and how it compares. Adds to `calls`.
    bool is_below(std::span<const double> z, double limit, long& calls);

  private:
    LocalModel by_forward(std::span<const double> z);
    LocalModel by_adjoint(std::span<const double> z);
    LikelihoodRuns runs_;
    const SearchSpace space_;
    const GradientBy gradient_by_;
    // Of secants:
    int since_information_ = 0;
    std::vector<double> z_;  // where `last_` is
    LocalModel last_;
};

}  // namespace rondo
