// likelihood_fit.h: the likeliest parameters, from many starts.
//
// Steps of Gauss and Newton with Fisher's information as curvature: chosen over quasi-Newton methods, which
// see one gradient where this sees every datum's; where parameters are many and a gradient dear, secants
// stand in between (see GradientBy).
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/estimate/likelihood_valley.h"
#include "runtime/parallel/executor.h"

namespace rondo {

// From points drawn as the problem says: Random(seed, "likelihood
// starts", start), clipped into the bounds, anew where there is no value, up to 20 times. The way is made
// with tolerances of 1e-6 at least until steps promise little, the end with those of the likelihood; runs of
// more than 100 000 steps have failed.
std::vector<Descent> descend_from_many(const LikelihoodSlopes&, const Likelihood&, GradientBy,
                                       std::size_t starts, const DescentOptions&, std::uint64_t seed,
                                       const Executor&, const RowKeeper& = {});

}  // namespace rondo
