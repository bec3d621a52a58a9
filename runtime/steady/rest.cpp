#include "runtime/steady/rest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr double same = 1e-8;  // relative

// The largest difference, against |b|, but at least a millionth of the largest of all.
double distance(std::span<const double> a, std::span<const double> b) {
    double largest = 0, result = 0;
    for (const double value : b) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double scale = std::max(std::abs(b[i]), 1e-6 * largest);
        if (scale > 0) result = std::max(result, std::abs(a[i] - b[i]) / scale);
    }
    return result;
}

// Stops a run that rests.
class Watcher : public Observer {
  public:
    LaneMask start(const Step& now) override {
        first_.assign(now.y.begin(), now.y.end());
        before_ = first_;
        next_ = 0;
        calm_ = 0;
        see(now);
        std::vector<double> rate(now.y.size());
        now.model->code().rhs(now.t1.data(), now.y.data(), now.p.data(), rate.data());
        return std::ranges::all_of(rate, [](double v) { return v == 0; }) ? 1 : 0;
    }
    LaneMask step(const Step& now) override {
        if (now.t1[0] < next_) return 0;
        see(now);
        calm_ = distance(before_, now.y) < same ? calm_ + 1 : 0;
        before_.assign(now.y.begin(), now.y.end());
        next_ = 2 * now.t1[0];
        return calm_ == 2 ? 1 : 0;
    }
    const std::vector<double>& first() const { return first_; }
    void give(Rest& rest) const {
        rest.t = t_;
        rest.y = before_;
        rest.p = p_;
    }

  private:
    void see(const Step& now) {
        t_ = now.t1[0];
        p_.assign(now.p.begin(), now.p.end());
    }
    std::vector<double> first_, before_, p_;
    double next_ = 0, t_ = 0;
    int calm_ = 0;
};

}  // namespace

RestFinder::RestFinder(std::shared_ptr<const CompiledModel> model)
    : model_(std::move(model)), integrator_(*model_), reads_time_(reads_time(model_->system())) {}

Rest RestFinder::find(std::span<const double> inputs, const IntegrateOptions& options,
                      std::span<const Intervention> changes) {
    Watcher watcher;
    Rest rest;
    const Outcome outcome =
        integrator_.run(inputs, 0, std::numeric_limits<double>::infinity(), options, watcher, changes);
    rest.rhs_calls = outcome.rhs_calls;
    if (outcome.kind != Outcome::Kind::stopped) {
        rest.failure = "the run comes to no rest: " + describe(outcome, std::numeric_limits<double>::infinity());
        return rest;
    }
    watcher.give(rest);
    if (reads_time_ || rest.y.empty()) return rest;
    const auto zero = SteadyEquations(*model_, rest.p).find(rest.y, watcher.first(), 1e-10);
    if (zero && distance(zero->y, rest.y) < 1e-4) rest.y = zero->y;
    return rest;
}

}  // namespace rondo
