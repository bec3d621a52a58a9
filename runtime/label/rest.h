// rest.h: the fixed point near a state, and what small deviations from it do.
#pragma once
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "jit/compile.h"

namespace rondo {

struct Rest {
    std::vector<double> y;                          // [states]; those that do not matter as they were given
    std::vector<std::complex<double>> eigenvalues;  // of the Jacobian there, conserved totals left out
    bool stable = false;                            // all real parts < 0
};

// Looks at the states that the observed quantities depend on, directly or through other states; products
// that only accumulate are none of them.
class RestFinder {
  public:
    // model: one lane; must outlive this.
    explicit RestFinder(const CompiledModel& model);

    // Whether time itself enters the equations of those states: then there is no rest, and find() has none.
    bool driven() const { return driven_; }
    const std::vector<std::uint32_t>& states() const { return states_; }

    // Newton's iteration from y, conserved totals kept. scale: [states], > 0, what a change of each state is
    // measured against. Empty if it does not converge.
    std::optional<Rest> find(std::span<const double> y, std::span<const double> p,
                             std::span<const double> scale) const;

  private:
    const CompiledModel* model_;
    std::vector<std::uint32_t> states_;
    bool driven_ = false;
};

}  // namespace rondo
