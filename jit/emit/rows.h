// rows.h: arrays of lane-interleaved rows, [rows][lanes], and the functions that are given them. Seen by jit
// alone.
#pragma once
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <string>

namespace rondo {

// double for one lane, <L x double> for more.
llvm::Type* lane_type(llvm::LLVMContext&, int lanes);

// One row of an array. Arrays are aligned for doubles only, whatever the lanes.
llvm::Value* load_row(llvm::IRBuilder<>&, llvm::Type* row, llvm::Value* array, std::size_t index);
void store_row(llvm::IRBuilder<>&, llvm::Type* row, llvm::Value* x, llvm::Value* array, std::size_t index);

// A function of so many arrays that do not overlap; what the builder adds next is its body.
llvm::Function* begin_function(llvm::Module&, llvm::IRBuilder<>&, const std::string& name, llvm::Type* result,
                               unsigned arrays, llvm::GlobalValue::LinkageTypes linkage);

}  // namespace rondo
