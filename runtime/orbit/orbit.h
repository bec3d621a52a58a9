// orbit.h: a limit cycle as the solution of a boundary value problem, by shooting.
//
// A state x and a period T with phi_T(x) = x, phi the flow; f(x) . dx = 0 fixes the phase, and conserved
// totals stay what they are. Newton's iteration with the monodromy matrix d phi_T / d x from the variational
// equations (Ascher, Mattheij and Russell, Numerical Solution of Boundary Value Problems for Ordinary
// Differential Equations, chapter 4). Its eigenvalues are the Floquet multipliers.
#pragma once
#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jit/compile.h"

namespace rondo {

struct Orbit {
    std::string failure;  // why none was found; the rest means something only where it is empty
    std::vector<double>
        y;  // [states] on the cycle; states that nothing observed depends on as they were given
    double period = 0;
    double error = 0;  // Newton's last correction of the period, relative
    // Floquet multipliers, the largest modulus first; without the 1 of moving along the cycle and of each
    // conserved total.
    std::vector<std::complex<double>> multipliers;
    double off_one = 0;   // how far the multiplier of moving along the cycle is from 1: a check
    bool stable = false;  // all multipliers lie within the unit circle

    double largest_multiplier() const { return multipliers.empty() ? 0 : std::abs(multipliers.front()); }
};

// d period / d input, in the unit of time per unit of the input.
struct PeriodSensitivity {
    std::string input;
    double value, derivative;
    double relative(double period) const { return derivative * value / period; }
};

class OrbitFinder {
  public:
    // What the model observes (CompileOptions::outputs) decides which states matter. model: one lane.
    explicit OrbitFinder(std::shared_ptr<const CompiledModel> model);
    ~OrbitFinder();

    // Why there is nothing to find: the equations jump, remember, or read the time. Empty if there is.
    std::string why_not() const;

    // The cycle near y and `period`, as a labeller gives them. inputs: [system().inputs], as for a run.
    Orbit find(std::span<const double> inputs, std::span<const double> y, double period) const;

    // One for each parameter and compartment, and for initial values that a conserved total contains. Throws
    // Error(numerics) where the integration fails.
    std::vector<PeriodSensitivity> sensitivities(std::span<const double> inputs, const Orbit& orbit) const;

    // Why a run that is at y does not repeat itself: how small deviations fare over `duration` tells chaos
    // (largest Lyapunov exponent > 0) from quasi-periodic motion.
    std::string why_no_cycle(std::span<const double> inputs, std::span<const double> y,
                             double duration) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace rondo
