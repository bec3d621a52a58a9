// steps.h: whole integrator steps over lanes as native code, with the model inlined.
//
// A call of a right-hand side through a pointer costs a small model more than the right-hand side itself, so
// the step is generated with it: from a method's tableau and the model's graph, for all lanes at once, step
// size control included.
#pragma once
#include <cstdint>
#include <memory>

#include "jit/compile.h"
#include "jit/method/method.h"

namespace rondo {

class NativeCode;

// What a step reads and writes beside y and p. A row is one double a lane.
struct StepRow {
    enum : std::size_t {
        t,             // now
        h,             // of the step to try next, > 0
        end,           // t is never moved past it; may be infinite
        rtol,          // relative tolerance
        growth,        // largest factor by which h may grow: 1 after a rejected step
        stiff,         // evidence of stiffness, in steps; explicit methods
        quarter_root,  // of the last step's error^(1 / order); explicit methods, 1 at first
        t_before,      // of the last step: where it began
        h_taken,       // its length
        count
    };
};

constexpr double largest_growth = 6;  // of h, after an accepted step

struct StepCode {
    // Tries one step of every lane. Arrays are rows: control [StepRow::count], y [states], p [parameters],
    // atol [states], work [work_rows]. A lane's step depends on its own columns alone. Returns the lanes that
    // made a step (bit i: lane i); 16 bits up, those that came to `end`; 32 bits up, those whose step sizes
    // have long been held back by stability alone. A lane whose attempt failed has its old t and y and a
    // smaller h.
    std::uint64_t (*step)(double* control, double* y, const double* p, const double* atol, double* work);
    // After a step: out [degree + 1][states], the coefficients of y(t_before + x h_taken) by powers of x.
    // Those of lanes that made no step mean nothing.
    void (*dense)(const double* control, const double* p, double* work, double* out);
};

// Owns its machine code. Immutable, shared between threads.
class CompiledSteps {
  public:
    CompiledSteps(const CompiledSteps&) = delete;
    ~CompiledSteps();
    const StepMethod& method() const { return *method_; }
    const StepCode& code() const { return code_; }
    int lanes() const { return lanes_; }
    std::size_t work_rows() const { return work_rows_; }
    // The rows of `work` that must hold dy/dt when a run begins; explicit methods alone.
    std::size_t slope_row() const { return slope_row_; }

  private:
    friend std::shared_ptr<const CompiledSteps> compile_steps(std::shared_ptr<const OdeSystem>,
                                                              const StepMethod&, int lanes);
    CompiledSteps() = default;
    std::unique_ptr<NativeCode> native_;
    const StepMethod* method_ = nullptr;
    StepCode code_{};
    int lanes_ = 1;
    std::size_t work_rows_ = 0, slope_row_ = 0;
};

// Why the steps of a system are not made in lanes: it jumps, remembers, is constrained, or is so large that
// CVODE's own cost no longer matters. Empty if they are.
std::string why_not_in_lanes(const OdeSystem&);

// lanes: 2, 4, 8 or 16. `method` must be one of those of method.h. The system must fit (see above).
std::shared_ptr<const CompiledSteps> compile_steps(std::shared_ptr<const OdeSystem>, const StepMethod& method,
                                                   int lanes);

// The lanes that one vector register of this CPU holds: 8 with AVX-512, 4 with AVX2, else 2.
int native_lanes();
// The lanes with which a system's steps make most of this CPU. A step of few states waits for its own results
// most of the time: AVX-512 has the registers to make two in that time.
int best_lanes(const OdeSystem&);

}  // namespace rondo
