// likelihood_slopes.h: the derivatives that the gradient of a likelihood needs beside those of its runs.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "runtime/estimate/likelihood.h"
#include "runtime/integrate/slopes.h"

namespace rondo {

// Of one likelihood: code, shared between threads.
class LikelihoodSlopes {
  public:
    // Throws Error(unsupported) for models without sensitivities.
    explicit LikelihoodSlopes(const Likelihood&);

    const SlopeCode& code() const { return code_; }
    const std::shared_ptr<const SlopeCode>& quiet() const { return quiet_; }

    // [free][inputs]: how the inputs under some circumstances follow the scaled free parameters at z.
    std::vector<double> directions(std::span<const double> z, const std::vector<Override>&) const;

    // Derivatives of the formulas, by observable.
    struct Entry {
        bool by_state, of_sigma;
        std::uint32_t index;  // of y or p
        std::size_t place;    // among the values
    };
    const std::vector<Entry>& entries(std::size_t observable) const { return entries_[observable]; }
    std::size_t size() const { return formulas_->output_count(); }
    void evaluate(double t, const double* y, const double* p, double* values) const {
        formulas_->code().outputs(&t, y, p, values);
    }

  private:
    const Likelihood& likelihood_;
    SlopeCode code_;
    std::shared_ptr<const SlopeCode> quiet_;
    std::shared_ptr<const CompiledModel> formulas_;
    std::vector<std::vector<Entry>> entries_;  // [observables]
};

}  // namespace rondo
