// ensembles.h: sets of runs of the oscillators that prototypes and papers measure with.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "jit/compile.h"

namespace rondo::testing {

struct RunSet {
    std::string name;
    std::shared_ptr<const CompiledModel> model;
    std::vector<std::vector<double>> inputs;  // parameters within 20 % of the nominal ones, all on a rhythm
    double end;
    bool stiff;
};

std::vector<RunSet> run_sets();

}  // namespace rondo::testing
