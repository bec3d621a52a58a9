// cvode.h: one run by SUNDIALS CVODE with the model's own Jacobian. The only room that sees SUNDIALS.
#pragma once
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/integrate/stream.h"

namespace rondo {

enum class Method : std::uint8_t { bdf, adams };

struct IntegrateOptions {
    Method method = Method::bdf;
    double rtol = 1e-6;
    double atol = std::numeric_limits<double>::quiet_NaN();  // NaN: per state, from the model's magnitudes
    long max_steps = 1'000'000;                              // of the whole run
    double max_step = 0;                                     // 0: no bound
};

// Absolute tolerance per state, fixed for the run. [states]
// With options.atol given, that everywhere; else rtol * 1e-3 times the state's own magnitude (design.md,
// section 5).
std::vector<double> absolute_tolerances(const CompiledModel&, std::span<const double> y0,
                                        const IntegrateOptions&);

// Runs `model` (lanes 1) from t0 to t1 (t1 > t0) with `inputs` [system().inputs], pushing every internal
// step. t1 may be infinite if the observer stops the run. Never throws for numerical trouble; throws
// Error(input) for rtol <= 0, atol < 0, max_steps < 1, non-finite t0, or inputs missing.
Outcome integrate(const CompiledModel& model, std::span<const double> inputs, double t0, double t1,
                  const IntegrateOptions& options, Observer& observer);

// Re-usable memory of many runs of one model, one a thread: same results as integrate(), no allocation a run.
class Integrator {
  public:
    explicit Integrator(const CompiledModel&);
    ~Integrator();
    Integrator(Integrator&&) noexcept;
    Outcome run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions&, Observer&);

  private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

std::string sundials_version();

}  // namespace rondo
