// start.cpp: initial state, tolerances and first step.
#include "runtime/ensemble/start.h"

#include <algorithm>
#include <cmath>

namespace rondo {

Start::Start(const CompiledModel& model)
    : p(model.parameter_count()),
      y(model.state_count()),
      slope(model.state_count()),
      atol(model.state_count()),
      model_(model),
      y_then_(model.state_count()),
      slope_then_(model.state_count()) {}

std::optional<std::string> Start::make(std::span<const double> inputs, double t0, double t1,
                                       const IntegrateOptions& options, int order) {
    std::copy(inputs.begin(), inputs.end(), p.begin());
    model_.code().initialize(&t0, p.data(), y.data());
    model_.code().rhs(&t0, y.data(), p.data(), slope.data());
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto& id = model_.system().states[i];
        if (!std::isfinite(y[i])) return "the initial value of '" + id + "' is not finite";
        if (!std::isfinite(slope[i])) return "the rate of change of '" + id + "' is not finite";
    }
    atol = absolute_tolerances(model_, t0, y, p, options);
    h = first_step(t0, t1, options.rtol, order);
    return std::nullopt;
}

void Start::go_on(double t, double t1, double rtol, int order) {
    model_.code().rhs(&t, y.data(), p.data(), slope.data());
    h = first_step(t, t1, rtol, order);
}

// From the sizes of y, its slope and its curvature (Hairer, Norsett and Wanner, Solving Ordinary Differential
// Equations I, section II.4, "Starting Step Size").
double Start::first_step(double t0, double t1, double rtol, int order) {
    const auto norm = [&](const std::vector<double>& x) {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double scaled = x[i] / (atol[i] + rtol * std::abs(y[i]));
            sum += scaled * scaled;
        }
        return std::sqrt(sum / static_cast<double>(x.size()));
    };
    const double size = norm(y), speed = norm(slope);
    double guess = size < 1e-10 || speed < 1e-10 ? 1e-6 : 0.01 * size / speed;
    guess = std::min(guess, t1 - t0);
    for (std::size_t i = 0; i < y.size(); ++i) y_then_[i] = y[i] + guess * slope[i];
    const double t_then = t0 + guess;
    model_.code().rhs(&t_then, y_then_.data(), p.data(), slope_then_.data());
    for (std::size_t i = 0; i < y.size(); ++i) slope_then_[i] -= slope[i];
    const double curvature = norm(slope_then_) / guess;
    const double fastest = std::max(speed, curvature);
    const double step =
        fastest <= 1e-15 ? std::max(1e-6, guess * 1e-3) : std::pow(0.01 / fastest, 1.0 / order);
    const double least = std::min(100 * guess, step);
    return std::isfinite(least) && least > 0 ? least : guess;
}

}  // namespace rondo
