#include "runtime/integrate/plain.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "jit/steps.h"

namespace rondo {
namespace {

class PlainSteps {
  public:
    PlainSteps(const StepMethod& method, const Slope& slope, std::span<double> y, const PlainOptions& options)
        : method_(method),
          slope_(slope),
          y_(y),
          options_(options),
          k_(method.stages.size() + 1, std::vector<double>(y.size())),
          y1_(y.size()) {}

    bool run(double t, double end) {
        slope_(t, y_.data(), k_[0].data());
        double h = 1e-3 * (end - t), growth = largest_growth;
        for (long attempts = 0; attempts < options_.max_steps; ++attempts) {
            const bool last = h >= end - t;
            if (last) h = end - t;
            const double error = attempt(t, h);
            const double taken = h;
            const double bounded = std::clamp(std::isnan(error) ? 1e8 : error, 1e-8, 1e8);
            h *= std::clamp(0.9 * std::pow(bounded, -1.0 / method_.error_order), 0.2, growth);
            growth = error <= 1 ? largest_growth : 1;
            if (error <= 1) {
                t += taken;
                std::ranges::copy(y1_, y_.begin());
                std::swap(k_.front(), k_.back());
                if (last) return true;
            } else if (h < std::numeric_limits<double>::min()) {
                return false;
            }
        }
        return false;
    }

  private:
    // y + h sum_j weights[j] k_j
    void combine(std::span<const double> weights, double h) {
        for (std::size_t i = 0; i < y_.size(); ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * k_[j][i];
            y1_[i] = y_[i] + h * sum;
        }
    }

    // The error in units of what is allowed; y1_ and the last of k_ are at t + h.
    double attempt(double t, double h) {
        for (std::size_t s = 1; s < method_.stages.size(); ++s) {
            combine(method_.stages[s].a, h);
            slope_(t + method_.stages[s].c * h, y1_.data(), k_[s].data());
        }
        combine(method_.b, h);
        slope_(t + h, y1_.data(), k_.back().data());
        double sums[2] = {0, 0};
        for (std::size_t i = 0; i < y_.size(); ++i) {
            const double allowed =
                options_.atol[i] + options_.rtol * std::max(std::abs(y_[i]), std::abs(y1_[i]));
            for (std::size_t e = 0; e < method_.errors.size(); ++e) {
                double error = 0;
                for (std::size_t j = 0; j < k_.size(); ++j) error += method_.errors[e][j] * k_[j][i];
                sums[e] += (error / allowed) * (error / allowed);
            }
        }
        const auto n = static_cast<double>(y_.size());
        if (method_.errors.size() == 1) return h * std::sqrt(sums[0] / n);
        return h * sums[0] / std::sqrt((sums[0] + 0.01 * sums[1]) * n + 1e-300);
    }

    const StepMethod& method_;
    const Slope& slope_;
    std::span<double> y_;
    const PlainOptions& options_;
    std::vector<std::vector<double>> k_;  // [stages, at the end][y]
    std::vector<double> y1_;
};

}  // namespace

bool integrate_plainly(const StepMethod& method, const Slope& slope, double t0, double t1,
                       std::span<double> y, const PlainOptions& options) {
    assert(!method.implicit() && options.atol.size() == y.size() && t1 > t0);
    return PlainSteps(method, slope, y, options).run(t0, t1);
}

}  // namespace rondo
