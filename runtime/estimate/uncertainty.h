// uncertainty.h: how well the data determine each free parameter: intervals by Fisher's information, and by
// profiles.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "runtime/estimate/least_squares.h"
#include "runtime/estimate/likelihood_valley.h"

namespace rondo {

// What a valley's values tell of how likely the data are.
struct Evidence {
    std::function<std::unique_ptr<Valley>()> valley;              // one a thread
    std::function<double(double least)> variance;                 // by it, the curvature's inverse covers z
    std::function<double(double value, double least)> rise;       // of -2 log likelihood
    std::function<double(std::size_t coordinate, double)> value;  // of a parameter at z, infinite or not
};

// The sum of squares of relative deviations as the likelihood of errors that are normal, proportional to d
// (see relative_scales) and of unknown size; so the errors of a parameter go with the fit's own residuals.
// Throws Error(input) if there are no more values than coordinates.
Evidence evidence(const Sensitivities&);
// Of a likelihood itself, priors included.
Evidence evidence(const LikelihoodSlopes&, const Likelihood&);

struct Interval {
    double value;                         // as estimated: where the descent from the point given ends
    double fisher_lower, fisher_upper;    // at z -+ 1.96 s; infinite z: not determined
    double profile_lower, profile_upper;  // where the profile crosses 3.84; infinite: not within the bounds
};

// A point of a profile: the coordinate held, the others at their best.
struct ProfilePoint {
    std::size_t coordinate;
    double value, rise;  // rise: of -2 log likelihood over its least
};

struct Uncertainty {
    std::vector<double> z;
    std::vector<Interval> intervals;  // [coordinates]
    std::vector<ProfilePoint> profiles;
    long calls = 0;
};

// From the optimum near z. Throws Error(numerics) if z cannot be simulated.
Uncertainty uncertainty(const Evidence&, const std::vector<double>& z, const Executor&);

}  // namespace rondo
