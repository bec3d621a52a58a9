// step.h: integrator steps as LLVM IR, the model inlined. Seen by jit alone.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>

#include "jit/steps.h"

namespace rondo {

// Where `work` keeps things; rows.
struct WorkLayout {
    WorkLayout(const StepMethod& method, std::size_t states)
        : y_before(0),
          k(states),
          stage_rows(method.stages.size() + (method.implicit() ? 0 : 1)),
          slope(k + (stage_rows - 1) * states),
          count(k + stage_rows * states) {}
    std::size_t y_before;  // y at t_before
    std::size_t k;         // the stages [stage_rows][states]; of explicit methods also f at t
    std::size_t stage_rows;
    std::size_t slope;  // f at t
    std::size_t count;
};

// The functions of StepCode, by their names there.
std::unique_ptr<llvm::Module> emit_steps(const OdeSystem&, const StepMethod&, int lanes, llvm::LLVMContext&);

}  // namespace rondo
