// native.h: an LLVM module as machine code in memory, by ORC. Seen by jit alone.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>

namespace rondo {

class NativeCode {
  public:
    // level: effort of the code generator, 0..3.
    NativeCode(std::unique_ptr<llvm::Module>, std::unique_ptr<llvm::LLVMContext>, int level);
    ~NativeCode();
    NativeCode(NativeCode&&) noexcept;

    template <class Function>
    void look_up(const char* name, Function*& function) const {
        function = reinterpret_cast<Function*>(address(name));
    }

  private:
    std::uint64_t address(const char* name) const;
    struct Jit;
    std::unique_ptr<Jit> jit_;
};

}  // namespace rondo
