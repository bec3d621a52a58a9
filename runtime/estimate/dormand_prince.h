// dormand_prince.h: one run by Dormand and Prince's method of order 5(4), pausable, with every call of the
// right-hand side counted.
//
// The step control is that of SciPy's RK45, decision for decision, so that costs can be compared with
// published ones: a start costs 2 calls (slope, choice of the first step), an attempted step 6.
// Source: Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19; the first step and the dense output:
// Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, sections II.4 and II.6.
#pragma once
#include <limits>
#include <span>
#include <vector>

#include "jit/compile.h"

namespace rondo {

struct StepControl {
    double rtol = 1e-6, atol = 1e-9;  // an error of each step, of atol + rtol * |y|
    double max_step = std::numeric_limits<double>::infinity();
    long max_attempts = 100'000;  // steps between two times asked for; beyond: the run has failed
};

// Copies are runs of their own. The model (lanes 1, without events and delays) must outlive them.
class DormandPrince {
  public:
    DormandPrince(const CompiledModel&, const StepControl&);

    // The model's own start at t0, of inputs [system().inputs].
    void start(std::span<const double> inputs, double t0);

    // Both return false if the run fails: steps below 10 ulp of t, or too many of them. Then it must not go
    // on.
    //
    // Begins anew where the run stands and ends a step at `end`: as solve_ivp(..., (t, end)).
    bool restart_to(double end);
    // Goes on, and reads the state at `time` inside the last step; the run as a whole ends at `end`, the
    // same in all calls.
    bool pass(double time, double end);

    double time() const { return read_at_; }
    std::span<const double> state() const { return {row(state_row), n_}; }  // [states] at time()
    std::span<const double> parameters() const { return p_; }               // [system().parameter_count()]
    long calls() const { return calls_; }                                   // of the right-hand side

  private:
    // Rows of memory_: the state asked for, y at t_, its candidate, and the slopes of the stages; the first
    // of those is the slope at t_.
    enum Row : std::size_t { state_row, y_row, next_row, slope_row, rows = slope_row + 7 };
    double* row(std::size_t which) { return memory_.data() + which * n_; }
    const double* row(std::size_t which) const { return memory_.data() + which * n_; }
    void slope(double t, const double* y, double* dydt);
    void begin(double end);
    double first_step(double end);
    bool step(double end);
    void stages(double h);
    double error(double h) const;
    void interpolate(double time);

    const CompiledModel* model_;
    StepControl control_;
    std::size_t n_;
    std::vector<double> memory_, p_;
    double t_ = 0, read_at_ = 0, h_ = 0;  // h_: the next step to try
    double last_t_ = 0;                   // where the last step began; next_row is its y, in pass()
    bool begun_ = false;                  // of pass()
    long calls_ = 0, attempts_left_ = 0;
};

}  // namespace rondo
