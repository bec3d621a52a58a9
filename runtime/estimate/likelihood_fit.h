// likelihood_fit.h: the likeliest parameters, from many starts.
//
// Steps of Gauss and Newton with Fisher's information as curvature: for errors of known size that is least
// squares; sigmas to be found enter with the information about them. Chosen over quasi-Newton methods, which
// see one gradient where this sees every datum's.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/estimate/descent.h"
#include "runtime/estimate/likelihood_runs.h"
#include "runtime/parallel/executor.h"

namespace rondo {

// The free parameters on their own scales, within their bounds.
SearchSpace search_space(const LikelihoodProblem&);

// From points drawn as the problem says: Random(seed, "likelihood
// starts", start), clipped into the bounds, anew where there is no value, up to 20 times. Each trial is first
// evaluated without sensitivities; the objective includes priors.
std::vector<Descent> descend_from_many(const LikelihoodSlopes&, const Likelihood&, std::size_t starts,
                                       const DescentOptions&, std::uint64_t seed, const Executor&,
                                       const RowKeeper& = {});

}  // namespace rondo
