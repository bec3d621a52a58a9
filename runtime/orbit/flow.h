// flow.h: a model's run and how it answers to small changes, integrated to the last digits. Private to
// runtime/orbit.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "jit/compile.h"
#include "jit/graph/variation.h"

namespace rondo {

// Of the states that what a model observes depends on.
class Flow {
  public:
    Flow(const OdeSystem& system, std::vector<std::uint32_t> states, std::size_t directions,
         bool by_parameters);

    // What followed so far; scale: [states of the model], > 0, what a state is measured against.
    struct Path {
        std::vector<double> y;  // of Variation::system
        double t = 0;
    };
    // V are the first unit vectors, S is 0.
    Path begin(std::span<const double> y) const;
    // False where the integration fails. p: of the model, complete.
    bool follow(Path& path, double duration, std::span<const double> p, std::span<const double> scale,
                double rtol) const;
    std::span<double> direction(Path& path, std::size_t d) const;
    std::span<const double> by_parameter(const Path& path, std::size_t k) const;
    const Variation& variation() const { return variation_; }

  private:
    std::vector<double> tolerances(std::span<const double> p, std::span<const double> scale,
                                   double rtol) const;
    Variation variation_;
    std::size_t all_states_;
    std::shared_ptr<const CompiledModel> code_;
};

}  // namespace rondo
