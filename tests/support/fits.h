// fits.h: the three problems of the work on estimation with early-stopped simulations.
#pragma once
#include <string>
#include <vector>

#include "runtime/estimate/evaluate.h"

namespace rondo::test {

struct Published {
    std::string name;           // lv, gw, gwx
    std::vector<double> truth;  // of the free parameters
    FitProblem problem;
    std::vector<double> true_z() const;
};

// Data without noise, by tolerances of 1e-10. `factor`: the box is truth / factor to truth * factor.
Published published(const std::string& name, const SolverOptions&, double factor = 10);

// The published way: anew at each time, no step beyond an interval.
SolverOptions restarting();

// A model of the library, e.g. "goodwin".
Model library_model(const std::string& name);

// The same values as another problem's, of another model or data.
Measurements simulated(const Model&, const std::vector<Condition>&,
                       const std::vector<std::string>& observables, double end, std::size_t points);

}  // namespace rondo::test
