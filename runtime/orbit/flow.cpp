#include "runtime/orbit/flow.h"

#include <algorithm>
#include <cmath>

#include "runtime/integrate/plain.h"

namespace rondo {

Flow::Flow(const OdeSystem& system, std::vector<std::uint32_t> states, std::size_t directions,
           bool by_parameters)
    : variation_(rondo::variation(system, std::move(states), directions, by_parameters)),
      all_states_(system.states.size()),
      code_(compile(std::make_shared<const OdeSystem>(variation_.system))) {}

Flow::Path Flow::begin(std::span<const double> y) const {
    Path path{std::vector<double>(code_->state_count())};
    std::ranges::copy(y, path.y.begin());
    for (std::size_t d = 0; d < variation_.directions; ++d) direction(path, d)[d] = 1;
    return path;
}

std::span<double> Flow::direction(Path& path, std::size_t d) const {
    const std::size_t n = variation_.states.size();
    return std::span(path.y).subspan(variation_.first_direction + d * n, n);
}

std::span<const double> Flow::by_parameter(const Path& path, std::size_t k) const {
    const std::size_t n = variation_.states.size();
    return std::span(path.y).subspan(variation_.first_parameter + k * n, n);
}

// Derivatives are measured by the scales of what they divide.
std::vector<double> Flow::tolerances(std::span<const double> p, std::span<const double> scale,
                                     double rtol) const {
    std::vector<double> atol;
    for (std::size_t i = 0; i < all_states_; ++i) atol.push_back(rtol * scale[i]);
    const auto add = [&](double by) {
        for (const std::uint32_t state : variation_.states) atol.push_back(rtol * scale[state] / by);
    };
    for (std::size_t d = 0; d < variation_.directions; ++d) add(scale[variation_.states[d]]);
    for (const std::uint32_t parameter : variation_.parameters) {
        const double size = std::abs(p[parameter]);
        add(size > 0 && std::isfinite(size) ? size : 1);
    }
    return atol;
}

bool Flow::follow(Path& path, double duration, std::span<const double> p, std::span<const double> scale,
                  double rtol) const {
    const auto atol = tolerances(p, scale, rtol);
    const Slope slope = [&](double t, const double* y, double* dydt) {
        code_->code().rhs(&t, y, p.data(), dydt);
    };
    const double begin = path.t;
    path.t += duration;
    return integrate_plainly(dop853(), slope, begin, path.t, path.y, {.rtol = rtol, .atol = atol});
}

}  // namespace rondo
