// emit.h: an OdeSystem as LLVM IR over a lane type: double for one lane, <L x double> for more. Seen by jit
// alone.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>
#include <string>

#include "jit/compile.h"

namespace rondo {

// The functions of ModelCode, by their names there.
std::unique_ptr<llvm::Module> emit(const OdeSystem&, const CompileOptions&, llvm::LLVMContext&);

// Of the function that computes CompileOptions::apart[index].
std::string name_apart(std::size_t index);

}  // namespace rondo
