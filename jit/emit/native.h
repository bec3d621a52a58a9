// native.h: an LLVM module as machine code in memory, by ORC. Seen by jit alone.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace rondo {

class NativeCode {
  public:
    // level: effort of the code generator, 0..3.
    NativeCode(std::unique_ptr<llvm::Module>, std::unique_ptr<llvm::LLVMContext>, int level);
    ~NativeCode();

    template <class Function>
    void look_up(const char* name, Function*& function) const {
        function = reinterpret_cast<Function*>(address(name));
    }

  private:
    std::uint64_t address(const char* name) const;
    std::unique_ptr<llvm::orc::LLJIT> jit_;
};

}  // namespace rondo
