// likelihood.h: how unlikely the data are, given values of the free parameters.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "jit/compile.h"
#include "runtime/estimate/likelihood_problem.h"
#include "runtime/integrate/cvode.h"

namespace rondo {

// out: [inputs] or longer
void apply(const std::vector<Override>&, std::span<const double> inputs, std::span<double> out);

struct LikelihoodOptions {
    IntegrateOptions integrate;
};

// The problem's code: shared between threads, unchanging.
class Likelihood {
  public:
    explicit Likelihood(LikelihoodProblem, const LikelihoodOptions& = {});

    const LikelihoodProblem& problem() const { return problem_; }
    const LikelihoodOptions& options() const { return options_; }
    const std::shared_ptr<const CompiledModel>& code() const { return code_; }
    // Without events, for steady states.
    const std::shared_ptr<const CompiledModel>& quiet() const { return quiet_; }

    // [inputs] with the free parameters' values at the scaled values z, under no circumstances.
    std::vector<double> inputs(std::span<const double> z) const;
    // The nominal values, scaled. Throws Error(input) naming a parameter that has none.
    std::vector<double> nominal() const;

    // Measured values that one call of the outputs tells: those of one time, each placeholder given once.
    struct Reading {
        double time;
        std::vector<std::size_t> data;
    };
    const std::vector<std::vector<Reading>>& readings() const { return readings_; }  // [experiments]

    // [data] the least -log likelihood that each may have at `inputs`, whatever a run simulates: the density
    // where simulated and measured agree. Empty where the sizes of errors depend on runs.
    std::vector<double> least(std::span<const double> inputs) const;

  private:
    LikelihoodProblem problem_;
    LikelihoodOptions options_;
    std::shared_ptr<const CompiledModel> code_, quiet_;
    std::vector<std::vector<Reading>> readings_;
    bool knows_sigmas_;  // before a run
};

}  // namespace rondo
