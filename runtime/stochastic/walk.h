// walk.h: one run of a jump process after another.
#pragma once
#include <memory>
#include <span>

#include "runtime/integrate/cvode.h"
#include "runtime/parallel/executor.h"
#include "runtime/sample/random.h"
#include "runtime/stochastic/process.h"

namespace rondo {

enum class JumpMethod : std::uint8_t { direct, next_reaction };

// Re-usable memory, one a thread. The process must outlive it.
class Walk {
  public:
    virtual ~Walk() = default;

    // One run with `inputs` [system().inputs] from times.front() to times.back(), which ascend. Fills rows
    // [times][outputs]: what is there at each time after all that happens then; NaN after a failure. The same
    // inputs, times, changes and state of `random` give the same bytes.
    //
    // Between the firings and the times of `changes`, events and modes that time changes (see Clock), rates
    // are constant: the method is exact. A failure is an outcome: a rate that is negative or no number, an
    // amount below zero or no whole number, an event without end.
    // Throws Error(input): inputs missing, amounts at the start that are no whole numbers;
    // Error(interrupted).
    virtual Outcome run(std::span<const double> inputs, std::span<const double> times,
                        std::span<const Intervention> changes, Random random, std::span<double> rows) = 0;
};

std::unique_ptr<Walk> make_walk(const JumpProcess&, JumpMethod, const Executor&);

}  // namespace rondo
