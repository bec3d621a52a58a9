// uncertainty.h: how well the data determine each free parameter: intervals by Fisher's information, and by
// profiles.
#pragma once
#include <vector>

#include "runtime/estimate/least_squares.h"

namespace rondo {

// Both read the sum of squares of relative deviations as the likelihood of errors that are normal,
// proportional to d (see relative_scales) and of unknown size; so the errors of a parameter go with the fit's
// own residuals.
struct Interval {
    double value;                         // as estimated: where the descent from the point given ends
    double fisher_lower, fisher_upper;    // value * exp(-+ 1.96 s) of log coordinates, value -+ 1.96 s else;
                                          // infinite: not determined
    double profile_lower, profile_upper;  // where the profile crosses 3.84; infinite: not within the box
};

// A point of a profile: the coordinate held, the others at their best.
struct ProfilePoint {
    std::size_t coordinate;
    double value, rise;  // rise: of -2 log likelihood over its least, n * log(squares / least squares)
};

struct Uncertainty {
    std::vector<double> z;
    std::vector<Interval> intervals;  // [coordinates]
    std::vector<ProfilePoint> profiles;
    long calls = 0;
};

// From the optimum near z. Throws Error(input) if there are no more values than coordinates; Error(numerics)
// if z cannot be simulated.
Uncertainty uncertainty(const Sensitivities&, const std::vector<double>& z, const Executor&);

}  // namespace rondo
