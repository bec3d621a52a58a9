#include "jit/emit/rows.h"

namespace rondo {
namespace {

llvm::Value* place(llvm::IRBuilder<>& in, llvm::Type* row, llvm::Value* array, std::size_t index) {
    return index == 0 ? array : in.CreateConstInBoundsGEP1_64(row, array, index);
}

}  // namespace

llvm::Type* lane_type(llvm::LLVMContext& context, int lanes) {
    llvm::Type* scalar = llvm::Type::getDoubleTy(context);
    if (lanes == 1) return scalar;
    return llvm::FixedVectorType::get(scalar, static_cast<unsigned>(lanes));
}

llvm::Value* load_row(llvm::IRBuilder<>& in, llvm::Type* row, llvm::Value* array, std::size_t index) {
    return in.CreateAlignedLoad(row, place(in, row, array, index), llvm::Align(8));
}

void store_row(llvm::IRBuilder<>& in, llvm::Type* row, llvm::Value* x, llvm::Value* array,
               std::size_t index) {
    in.CreateAlignedStore(x, place(in, row, array, index), llvm::Align(8));
}

llvm::Function* begin_function(llvm::Module& module, llvm::IRBuilder<>& in, const std::string& name,
                               llvm::Type* result, unsigned arrays, llvm::GlobalValue::LinkageTypes linkage) {
    const std::vector<llvm::Type*> types(arrays, in.getPtrTy());
    auto* function =
        llvm::Function::Create(llvm::FunctionType::get(result, types, false), linkage, name, module);
    function->setDoesNotThrow();
    function->setAlignment(llvm::Align(64));  // a cache line: else a small one takes a seventh longer
    for (unsigned i = 0; i < arrays; ++i) function->addParamAttr(i, llvm::Attribute::NoAlias);
    in.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", function));
    return function;
}

}  // namespace rondo
