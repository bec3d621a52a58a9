// stream.h: a trajectory is a stream. An integrator pushes steps of a group of lanes (runs side by side;
// CVODE has one) to an Observer, which answers with the lanes that should stop. Recorder, labeller, fit
// objective, progress and Ctrl-C are all observers; early termination is this one mechanism.
#pragma once
#include <bit>
#include <cstdint>
#include <span>
#include <string>

#include "jit/compile.h"

namespace rondo {

using LaneMask = std::uint64_t;  // bit i: lane i

template <class Body>
void for_each_lane(LaneMask lanes, Body&& body) {
    for (; lanes != 0; lanes &= lanes - 1) body(std::countr_zero(lanes));
}

// One lane's column of an array [count][lanes]. out: [count]
inline void gather(std::span<const double> all, int lanes, int lane, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = all[i * static_cast<std::size_t>(lanes) + static_cast<std::size_t>(lane)];
}

// What is known after a step. Arrays are lane-interleaved, [count][lanes]; they are valid during the call.
class Step {
  public:
    int lanes = 1;
    LaneMask active = 1;         // lanes that made this step
    std::span<const double> t0;  // [lanes] start of the step
    std::span<const double> t1;  // [lanes] its end
    std::span<const double> y;   // [states][lanes] at t1
    std::span<const double> p;   // [parameters][lanes]
    const CompiledModel* model = nullptr;
    // The state jumps at t1: y is what it is before. What is there afterwards comes as the next step, whose
    // t0 is its t1 too.
    bool jumps = false;

    // y of one lane at t in [t0, t1], from the method's dense output. out: [states]
    virtual void interpolate(int lane, double t, std::span<double> out) const = 0;

    // The same of some states at many times, ascending. out: [states][times]
    virtual void interpolate(int lane, std::span<const double> times, std::span<const std::uint32_t> states,
                             std::span<double> out) const;

    // p of the first lane at t in [t0, t1], where y is `y_then`: it moves with delays alone.
    virtual std::span<const double> parameters(double /*t*/, std::span<const double> /*y_then*/) const {
        return p;
    }

    // Of a run with directions (see slopes.h): dp/dk, [directions][parameters], and dy/dk of the first lane
    // at t in [t0, t1]. out: [directions][states]
    std::span<const double> p_slopes;
    virtual void slopes(double t, std::span<double> out) const;

  protected:
    ~Step() = default;
};

class Observer {
  public:
    virtual ~Observer() = default;
    // The initial state, before any step: t0 == t1.
    virtual LaneMask start(const Step& step) = 0;
    // Returns the lanes that should stop.
    virtual LaneMask step(const Step& step) = 0;
};

// How a run ended. A failure is a value: it is stored with its parameters, never thrown.
struct Outcome {
    enum class Kind : std::uint8_t { finished, stopped, failed } kind = Kind::finished;
    double t = 0;               // where it ended
    std::string reason;         // of a failure: "corrector did not converge (h = 3e-14)"
    bool out_of_steps = false;  // a failure for want of steps
    int attempts = 1;           // runs it took; what follows is of the last one
    std::uint64_t steps = 0, rhs_calls = 0, jacobian_calls = 0;
};

// "stopped at t = 41.7 of 100: corrector did not converge (h = 3e-14)"
std::string describe(const Outcome&, double end);

}  // namespace rondo
