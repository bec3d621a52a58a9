// The absolute tolerances of a run: how small a value of each state has to be to count as nothing.
#include <algorithm>
#include <cmath>

#include "runtime/integrate/cvode.h"

namespace rondo {
namespace {

// The diagonal of the Jacobian. [states]
std::vector<double> diagonal(const CompiledModel& model, double t0, std::span<const double> y0,
                             std::span<const double> p) {
    const OdeSystem& system = model.system();
    std::vector<double> values(system.row_index.size()), found(y0.size(), 0.0);
    model.code().jacobian(&t0, y0.data(), p.data(), values.data());
    for (std::size_t column = 0; column < y0.size(); ++column)
        for (auto k = system.column_start[column]; k < system.column_start[column + 1]; ++k)
            if (system.row_index[k] == column) found[column] = values[k];
    return found;
}

bool usable(double magnitude) {
    return magnitude > 1e-250 && std::isfinite(magnitude);
}

}  // namespace

std::vector<double> absolute_tolerances(const CompiledModel& model, double t0, std::span<const double> y0,
                                        std::span<const double> p, const IntegrateOptions& options) {
    if (!std::isnan(options.atol)) return std::vector<double>(y0.size(), options.atol);
    std::vector<double> magnitude(y0.size());
    std::transform(y0.begin(), y0.end(), magnitude.begin(), [](double y) { return std::abs(y); });
    if (y0.empty()) return magnitude;
    if (!std::all_of(magnitude.begin(), magnitude.end(), usable)) {
        std::vector<double> rhs(y0.size());
        model.code().rhs(&t0, y0.data(), p.data(), rhs.data());
        const auto decay = diagonal(model, t0, y0, p);
        for (std::size_t i = 0; i < y0.size(); ++i)
            if (!usable(magnitude[i])) magnitude[i] = std::abs(rhs[i] / decay[i]);
    }
    // What a state heads for at the start may be next to nothing, where a stimulus only begins.
    constexpr double least_share = 1e-10;
    const double largest = *std::max_element(magnitude.begin(), magnitude.end(), [](double a, double b) {
        return (usable(a) ? a : 0) < (usable(b) ? b : 0);
    });
    for (std::size_t i = 0; i < y0.size(); ++i) {
        if (y0[i] == 0 && usable(magnitude[i])) magnitude[i] = std::max(magnitude[i], least_share * largest);
    }
    double smallest = std::numeric_limits<double>::infinity();
    for (double m : magnitude)
        if (usable(m)) smallest = std::min(smallest, m);
    for (double& m : magnitude)
        m = 1e-3 * options.rtol * (usable(m) ? m : std::isfinite(smallest) ? smallest : 1.0);
    return magnitude;
}

}  // namespace rondo
