// steady.h: the state in which a model comes to rest.
#pragma once
#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/simulate/model.h"

namespace rondo {

struct SteadyOptions {
    double tolerance = 1e-9;  // Newton's last step, relative to each state's magnitude
    long max_steps = 20'000;  // of the integration
};

enum class SteadyWay : std::uint8_t {
    integration,  // the run came so near that Newton's iteration found the state beside it
    newton        // the run does not come to rest; Newton's iteration from the initial state does
};

// Everything but `failure` and `warnings` means something only where failure is empty.
struct Steady {
    std::string failure;                                 // why there is none: "'P' still changes by ..."
    std::vector<std::string> warnings;                   // what was left out
    std::vector<std::pair<std::string, double>> values;  // every output of the system, in its order
    double residual = 0;  // the largest |rate of change| of a state, in its own unit per time
    bool stable = false;  // small deviations that keep the conserved totals die away
    std::vector<std::complex<double>> eigenvalues;  // of those deviations, the slowest first
    SteadyWay way = SteadyWay::integration;
    double time = 0;  // how long the model runs until it is near; 0 if it does not come near

    // The largest real part of an eigenvalue: the rate at which the slowest deviation dies away, if negative;
    // 0 if there is none.
    double slowest() const { return eigenvalues.empty() ? 0 : eigenvalues.front().real(); }
};

// "integration", "newton"
std::string_view name_of(SteadyWay);

// The steady state that the model reaches from its initial state; or, where the run goes on for ever (a limit
// cycle), one that Newton's iteration finds from the initial state, which then need not be stable. Conserved
// totals are kept. Events are left out, with a warning.
//
// Newton's iteration is tried along the run at growing intervals, whenever the state has hardly moved, and
// believed if it converges beside the run to a stable state. Cost: one run, and n^3 for each trial.
// Throws Error(input) for a tolerance that is not in (0, 0.1), max_steps < 1, or inputs without a value.
Steady steady_state(const Model&, const SteadyOptions& = {});

// The conserved totals of two or more states (see conserved_totals), as "2 ATP + ADP"; nothing where they are
// too much work to find. Species count by their amounts.
std::optional<std::vector<std::string>> conserved_sums(const Model&);

}  // namespace rondo
