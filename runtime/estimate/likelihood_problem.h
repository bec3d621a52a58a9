// likelihood_problem.h: a model, what was measured of it under which conditions, and how measuring errs: all
// that the likelihood of parameters needs to be computed.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jit/graph/system.h"
#include "runtime/estimate/noise.h"
#include "runtime/estimate/prior.h"

namespace rondo {

// A parameter that the data shall determine. Bounds and nominal value are of the value, not of its scale.
struct FreeParameter {
    std::string id;
    std::size_t input;
    Scaling scaling = Scaling::linear;
    double lower, upper;
    double nominal;              // NaN: none known
    std::optional<Prior> prior;  // part of the objective
    Prior start;                 // where searches begin
    double z(double value) const { return scaled(scaling, value); }
    double value(double z) const { return unscaled(scaling, z); }
};

// An input takes a number, or the value that another input has for all conditions.
struct Override {
    std::size_t input;
    std::optional<std::size_t> from;
    double number = 0;
};

struct Observable {
    std::string id;
    NodeId formula, sigma;
    Noise noise;
};

// One measured value. The overrides hold for its observable's formulas alone.
struct Datum {
    std::size_t observable;
    double time;  // >= 0; infinite: of the steady state
    double value;
    std::vector<Override> overrides;
};

struct Circumstances {
    std::string id;
    std::vector<Override> overrides;
};

// A run from time 0, and what was measured along it. With `before`, it begins with the steady state under
// those circumstances: states whose initial value its own circumstances do not set are what they are there.
struct Experiment {
    std::optional<std::size_t> before;
    std::size_t circumstances;
    std::vector<std::size_t> data;  // by ascending time
};

struct LikelihoodProblem {
    std::string name;
    std::shared_ptr<const OdeSystem> system;
    std::vector<double> inputs;  // [system.inputs] unless free or overridden; NaN: as the model computes it
    std::vector<FreeParameter> free;
    std::vector<Observable> observables;
    std::vector<Circumstances> circumstances;
    std::vector<Datum> data;
    std::vector<Experiment> experiments;
};

}  // namespace rondo
