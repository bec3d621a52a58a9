// petab.h: parameter estimation problems in the format PEtab, version 1.
//
// Source: Schmiester et al., PLOS Computational Biology 17 (2021) e1008646, and the format's documentation.
#pragma once
#include <filesystem>
#include <functional>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"
#include "runtime/estimate/likelihood_problem.h"

namespace rondo {

using LoadModel = std::function<Network(const std::filesystem::path&, Diagnostics&)>;

// The whole problem that a YAML file names. Parameters that the model does not have, and the placeholders of
// observables, become inputs of the system that no equation reads.
//
// What is wrong goes to `diagnostics`, with file, row and column; the result means something only where
// nothing is. Throws Error(input) for files that are not there or no tables, Error(unsupported) for models
// without equations.
LikelihoodProblem read_petab(const std::filesystem::path& file, const LoadModel& load_model,
                             Diagnostics& diagnostics);

}  // namespace rondo
