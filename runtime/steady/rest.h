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
#include "runtime/steady/newton.h"

namespace rondo {

struct Rest {
    std::string failure;  // why there is none; the rest means something only where it is empty
    double t = 0;         // by when the run rests
    std::vector<double> y, p;
    std::uint64_t rhs_calls = 0;
};

// Re-usable memory of many runs of one model (lanes 1), one a thread. Events are to be left out of the model.
class RestFinder {
  public:
    explicit RestFinder(std::shared_ptr<const CompiledModel> model);

    // From time 0 until the state is, relative to its magnitudes, within 1e-8 of what it was at half the
    // time, twice; then Newton's iteration takes away what is left, unless the equations read the time.
    // Conserved totals are kept. `changes` are made at time 0.
    Rest find(std::span<const double> inputs, const IntegrateOptions&,
              std::span<const Intervention> changes = {});

  private:
    std::shared_ptr<const CompiledModel> model_;
    Integrator integrator_;
    bool reads_time_;
};

}  // namespace rondo
