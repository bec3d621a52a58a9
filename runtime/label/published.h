// published.h: the rule that labelled the published data sets (spec/oscillators.md, section 2), to the
// letter, so that results can be compared with the published ones. For the truth, use the cycle rule.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/label/label.h"

namespace rondo {

struct PublishedOptions {
    double horizon = 0;  // T: samples cover as much time, after a transient as long
    double dt = 0;       // between samples
    double delta = 0.1;  // how far the envelope's ratio may be from 1
    // Cycles at both ends that the envelope compares: with one entry, that ratio; with more, the least of
    // them, if they differ by at most 0.15.
    std::vector<int> envelope = {2, 3, 5, 7, 13, 31, 67};
    double rtol = 1.49e-8;  // of the integration: the default of the authors' solver
    long max_steps = 1'000'000;

    std::size_t samples() const;  // N = T / dt
};

// What the authors chose for one of their four systems, by the id of its model in stdlib/models.
std::optional<PublishedOptions> published_preset(std::string_view model);

// The frequency of one quantity in cycles per model time; 0 if it does not oscillate.
// y: [n] samples, n >= 4, finite.
double published_frequency(std::span<const double> y, const PublishedOptions& options);

class PublishedLabeller : public Labeller {
  public:
    // Throws Error(input) for horizon or dt <= 0, fewer than 16 samples, or more
    // than ten million.
    PublishedLabeller(const Selection& selection, const PublishedOptions& options);
    std::string describe() const override;
    void serve(Feed& feed, const Inputs& inputs, const Done& done) const override;

  private:
    PublishedOptions options_;
    std::shared_ptr<const CompiledModel> model_;
    std::vector<double> times_;
    Ensemble ensemble_;
};

}  // namespace rondo
