// equation_verbs.h: a differential equation as a value of the study.
#pragma once
#include "runtime/study/objects.h"
#include "runtime/surrogate/equation.h"

namespace rondo {

// What samplers take for an oracle: it has a box, and nothing to say of its points but themselves. `train`
// gives the network that satisfies it.
class EquationValue : public Oracle {
  public:
    EquationValue(Box over, Equation given, Value residual, Value conditions)
        : Oracle(std::move(over), {}),
          equation(std::move(given)),
          residual_(std::move(residual)),
          conditions_(std::move(conditions)) {}
    std::string_view type() const override { return "equation"; }
    std::string print() const override;
    void identify(Identity&) const override;
    Table label(const Table& points, Environment&) const override { return points; }

    const Equation equation;

  private:
    Value residual_, conditions_;  // as the study gave them
};

}  // namespace rondo
