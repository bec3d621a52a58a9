// likelihood_runs.h: the value and the gradient of a likelihood, from runs of all experiments.
#pragma once
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/estimate/likelihood_slopes.h"
#include "runtime/steady/rest.h"

namespace rondo {

struct LikelihoodValue {
    std::string failure;       // why there is none: the first experiment whose run failed
    bool stopped = false;      // there is none, since the objective exceeds the limit
    double unlikelihood = 0;   // -log likelihood of the data
    double improbability = 0;  // -log density of the priors
    double objective() const { return unlikelihood + improbability; }
    std::vector<double> simulated, sigma;  // [data]
    std::uint64_t calls = 0;               // of right-hand sides, a direction's included

    // With slopes, by the scaled free parameters; [free]
    std::vector<double> gradient;  // of the objective
    // [2 * data][free]: simulated values and sigmas, each weighted with the root of Fisher's information
    // about it, so that the information about the parameters is its square, and that of the priors.
    std::vector<double> information;
    std::vector<double> prior_information;  // [free], of the diagonal
};

// Memory for evaluating a likelihood, one a thread. What it is made of must outlive it.
class LikelihoodRuns {
  public:
    explicit LikelihoodRuns(const Likelihood&);
    LikelihoodRuns(const LikelihoodSlopes&, const Likelihood&);
    // The same with other tolerances.
    LikelihoodRuns(const LikelihoodSlopes&, const Likelihood&, const IntegrateOptions&);

    // At scaled values z [free]. Stopped as soon as the priors, what has been simulated, and what the rest
    // must cost at least, exceed `limit`.
    LikelihoodValue evaluate(std::span<const double> z,
                             double limit = std::numeric_limits<double>::infinity());
    // With gradient and information, by forward sensitivities.
    LikelihoodValue evaluate_slopes(std::span<const double> z);
    // With the gradient alone, by adjoint sensitivities; steady states have theirs by the implicit function
    // theorem, and experiments with data of them theirs forward. Throws Error(unsupported) with
    // why_no_adjoint().
    LikelihoodValue evaluate_adjoint(std::span<const double> z);

  private:
    class Reader;
    struct Resting {
        RestState rest;
        Slopes slopes;
    };
    void add_priors(LikelihoodValue&) const;
    void prepare_gradient(LikelihoodValue&);
    void set_limit(double limit);
    void evaluate(LikelihoodValue&);
    bool run(std::size_t experiment, LikelihoodValue&);
    Outcome run_back(const Slopes& all, std::span<const double> inputs, double end,
                     std::span<const Intervention>, Reader&, LikelihoodValue&);
    std::vector<double> given(std::size_t circumstances) const;
    Slopes start_slopes(std::size_t circumstances, std::span<const double> inputs) const;
    Resting rest(std::span<const double> inputs, Slopes start, std::span<const Intervention>,
                 LikelihoodValue&);

    const Likelihood& likelihood_;
    const LikelihoodSlopes* slopes_ = nullptr;
    const IntegrateOptions options_;
    Integrator integrator_;
    std::optional<Integrator> of_two_ways_;
    std::optional<RestSearch> finder_;
    // Of one evaluation:
    double spare_ = 0;           // what experiments may cost above their least
    std::vector<double> least_;  // [data]; empty: `spare_` is not asked for
    std::span<const double> z_;
    bool with_slopes_ = false, goes_back_ = false;
    std::vector<double> inputs_;                 // under no circumstances
    std::vector<double> free_;                   // [free] d input / d z of each parameter's own
    std::vector<std::optional<Resting>> rests_;  // [circumstances]
};

}  // namespace rondo
