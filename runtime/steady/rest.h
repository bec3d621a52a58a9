// rest.h: the state in which a run comes to rest, for many runs of one model.
//
// steady_state() finds one state of a model and says much about it; this is for objectives that need such a
// state, or fail, many times.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/integrate/cvode.h"

namespace rondo {

class SteadyEquations;

struct RestState {
    std::string failure;  // why there is none; the rest means something only where it is empty
    double t = 0;         // by when the run rests
    std::vector<double> y, p;
    std::uint64_t rhs_calls = 0;
};

// Re-usable memory of many runs of one model (lanes 1), one a thread. Events are to be left out of the model.
class RestSearch {
  public:
    explicit RestSearch(std::shared_ptr<const CompiledModel> model);
    ~RestSearch();

    // From time 0 until Newton's iteration leads to a stable state within 1e-4, relative to its magnitudes;
    // or, where there is no such state, or the equations are still to change with time alone, until the state
    // is within 1e-8 of what it was at half the time, twice. Conserved totals are kept. `changes` are made at
    // time 0.
    RestState find(std::span<const double> inputs, const IntegrateOptions&,
                   std::span<const Intervention> changes = {});

    // The same of runs with slopes.
    explicit RestSearch(std::shared_ptr<const SlopeCode>);
    // How the state of rest answers where the start does as `start` says, after the changes: by the implicit
    // function theorem, f(y, p) = 0 and the totals of the start; where that leaves something open, by a run
    // as long as the one that came to rest. Adds its cost to `rest`. False if that run fails.
    bool follow(RestState& rest, Slopes& start, std::span<const double> inputs, const IntegrateOptions&,
                std::span<const Intervention> changes = {});

  private:
    bool solve(const RestState&, Slopes&) const;
    std::shared_ptr<const SlopeCode> slopes_;
    std::shared_ptr<const CompiledModel> model_;
    Integrator integrator_;
    std::vector<double> p_;  // of the equations
    const std::unique_ptr<const SteadyEquations> equations_;
    bool moves_;  // in time alone
};

}  // namespace rondo
