// emit.h: an OdeSystem as LLVM IR over a lane type: double for one lane, <L x double> for more. Seen by jit
// alone.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>

#include "jit/compile.h"

namespace rondo {

struct EmitOptions {
    int lanes = 1;
    std::vector<NodeId> outputs;
    bool fused_multiply_add = true;  // the CPU has the instruction
    std::size_t piece_size = 1;      // nodes a function
};

// The functions of ModelCode, by their names there.
std::unique_ptr<llvm::Module> emit(const OdeSystem&, const EmitOptions&, llvm::LLVMContext&);

}  // namespace rondo
