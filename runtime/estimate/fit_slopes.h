// fit_slopes.h: how the observables of a fit follow its free parameters, by CVODES: stiff or not, over
// events.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "runtime/estimate/directions.h"
#include "runtime/estimate/problem.h"

namespace rondo {

// Shared between threads. The problem, which has an ensemble, must outlive it.
class FitSlopes {
  public:
    // Throws Error(unsupported) for models without sensitivities.
    explicit FitSlopes(const FitProblem&);

    struct Watch {
        std::function<void()> begin;  // or begin again
        // At time j of the data. values: the observables, then their derivatives by the first coordinate's
        // value, and so on. True: the run may stop.
        std::function<bool(std::size_t j, std::span<const double> values)> read;
    };
    // Memory for runs, one a thread.
    Integrator integrator() const { return Integrator(code_); }
    // One condition's run at z, up to its last value; right-hand sides, each direction's included.
    Outcome run(Integrator&, std::size_t c, std::span<const double> z, const Watch&) const;

  private:
    class Reader;
    // A derivative of an observable.
    struct Entry {
        std::size_t observable;
        bool by_state;
        std::uint32_t index;  // of y or p
    };
    const FitProblem* problem_;
    SlopeCode code_;
    std::shared_ptr<const CompiledModel> formulas_;  // outputs: the entries
    std::vector<Entry> entries_;
    IntegrateOptions options_;
};

}  // namespace rondo
