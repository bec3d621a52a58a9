// lane_runs.h: points evaluated by the ensemble: the objective as a reader of runs in lanes, which stops
// them.
//
// A run is a point under one condition. Without a rule all conditions of a point go side by side. With one
// they go one after the other, each as far as it still matters:
//   limit      what earlier conditions and this one's times so far have made certain of S is above it:
//              the point is left, and its later conditions are never run;
//   boundary   the running objective J_j, with 0 for what later conditions may add, is above it at time j: so
//              the whole J_j will be, and no later condition needs to go beyond j.
// At the end what was simulated is scored time by time as it would have been with all conditions side by side
// (see running_objective.h): whether and where the boundary stops a point is the same to the index. Nothing
// depends on threads, lanes, or what else is evaluated.
#pragma once
#include <functional>
#include <vector>

#include "runtime/estimate/evaluate.h"

namespace rondo {

// Points that come from the feed; one call a worker. The problem must have an ensemble. `stop` of a point
// that exceeded a limit, or failed under one: the mean over its conditions of the times passed, rounded up.
void evaluate_in_lanes(const FitProblem&, const std::vector<std::vector<double>>& points, const StopRule&,
                       Feed& numbers,
                       const std::function<void(std::size_t point, Evaluated evaluated)>& take);

}  // namespace rondo
