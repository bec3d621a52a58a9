// cvode.h: one run by SUNDIALS CVODE(S) with the model's own Jacobian. The only room that sees SUNDIALS.
#pragma once
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/integrate/slopes.h"
#include "runtime/integrate/stream.h"

namespace rondo {

enum class Method : std::uint8_t { bdf, adams };

struct IntegrateOptions {
    Method method = Method::bdf;
    double rtol = 1e-8;  // an error of each step: those of whole runs are some hundred times larger
    double atol = std::numeric_limits<double>::quiet_NaN();  // NaN: per state, from the model's magnitudes
    long max_steps = 1'000'000;                              // between jumps; ten times as many in all
    double max_step = 0;                                     // 0: no bound
};

// Something done to a run from outside at a time: dosing, clamping.
struct Intervention {
    double t;
    std::function<void(double t, std::span<double> y, std::span<double> p)> apply;
};

// What is read of a run at a time, G, changes with the state and the parameters there; after a jump there, if
// there is one. by_state: [states] dG/dy; by_parameters: [parameters] dG/dp
struct Pull {
    double t;
    std::vector<double> by_state, by_parameters;
};

// How the sum of all that is read of a run answers to changes of what the run is given: adjoint
// sensitivities, which cost one run back, whatever the number of directions. Along a direction (see slopes.h)
// the sum goes with by_start . dy0/dk + by_parameters . dp/dk.
//
// lambda' = -(df/dy)^T lambda runs back from the last time and gains dG/dy at each; by_start is lambda at the
// start, by_parameters the integral of lambda^T df/dp, with dG/dp. Source: Cao, Li, Petzold and Serban, SIAM
// Journal on Scientific Computing 24 (2003) 1076. Over a jump both go by the transpose of what slopes go by.
struct Adjoint {
    std::string failure;                // empty: none
    std::vector<double> by_start;       // [states]
    std::vector<double> by_parameters;  // [parameters]
    std::uint64_t rhs_calls = 0;        // of lambda's equations and of the integrals
};
// Why a model's runs cannot be gone back: whatever keeps it from having slopes, or its size. Empty if they
// can.
std::string why_no_adjoint(const OdeSystem&);

// Absolute tolerance per state, fixed for the run. [states]
// options.atol everywhere if given; else rtol * 1e-3 times the state's own magnitude: |y0|, or where that is
// 0 the level |rhs / d rhs / dy| it heads for (at least 1e-10 of the largest magnitude), or the smallest
// magnitude known of the other states, or 1.
std::vector<double> absolute_tolerances(const CompiledModel&, double t0, std::span<const double> y0,
                                        std::span<const double> p, const IntegrateOptions&);

// Re-usable memory of many runs of one model (lanes 1), one a thread. A run's steps depend on its inputs, t0
// and options alone: neither on t1 nor on what ran before or is read from it. The model must outlive it.
class Integrator {
  public:
    explicit Integrator(const CompiledModel&);
    // Of runs with slopes too. The code must outlive it.
    explicit Integrator(const SlopeCode&);
    // Of runs, without slopes, that can be gone back. Throws Error(unsupported) with why_no_adjoint(). The
    // code must outlive it.
    static Integrator of_two_ways(const SlopeCode&);
    ~Integrator();
    Integrator(Integrator&&) noexcept;

    // Runs from t0 to t1 (t1 > t0) with `inputs` [system().inputs], pushing every internal step; the last one
    // is cut at t1. t1 may be infinite if the observer stops the run. A run that fails is tried again, the
    // observer started anew: at a hundredth of the tolerances, then so by the other method. Never throws for
    // numerical trouble; throws Error(input) for rtol <= 0, atol < 0, max_steps < 1, max_step < 0, non-finite
    // t0, t1 <= t0, or inputs missing.
    //
    // Jumps are found to the last bit of t and end a step (Step::jumps): events, changes of modes (see
    // OdeSystem::modes) and interventions, which are in order of time. A moment without length with what is
    // there after the jump follows as a step of its own.
    //
    // slopes: at t0, after the interventions there; the run carries them along, and counts each direction's
    // right-hand side as a call. Later interventions do not move them.
    Outcome run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions&, Observer&,
                std::span<const Intervention> changes = {}, const Slopes* slopes = nullptr);

    // Back along the last run, one of two ways that did not fail. pulls: in order of time, from its t0 to
    // where it ended.
    Adjoint back(std::span<const Pull> pulls);

  private:
    struct Memory;
    explicit Integrator(std::unique_ptr<Memory>);
    std::unique_ptr<Memory> memory_;
};

// One run with memory of its own.
Outcome integrate(const CompiledModel& model, std::span<const double> inputs, double t0, double t1,
                  const IntegrateOptions& options, Observer& observer);

// Throws Error(input) for rtol <= 0, atol < 0 (NaN: chosen by Rondo), max_steps < 1.
void check_tolerances(double rtol, double atol, long max_steps);

std::string sundials_version();

}  // namespace rondo
