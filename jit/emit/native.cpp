// native.cpp: LLVM's just-in-time compiler.
#include "jit/emit/native.h"

#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/CompileUtils.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>

#include <stdexcept>

#include "jit/compile.h"
#include "jit/emit/code_cache.h"
#include "jit/emit/library.h"

namespace rondo {
namespace {

namespace orc = llvm::orc;

// A failure in here is ours: the IR is made by us, and the target is the CPU we run on.
void expect(llvm::Error error) {
    if (error) throw std::logic_error("code generation failed: " + llvm::toString(std::move(error)));
}

template <class T>
T expect(llvm::Expected<T> value) {
    expect(value.takeError());
    return std::move(*value);
}

// The CPU this program runs on, found once.
const orc::JITTargetMachineBuilder& host() {
    static const orc::JITTargetMachineBuilder builder = [] {
        llvm::InitializeNativeTarget();
        llvm::InitializeNativeTargetAsmPrinter();
        return expect(orc::JITTargetMachineBuilder::detectHost());
    }();
    return builder;
}

// Machine code from the cache, else made and kept there.
class CachedCompiler : public orc::TMOwningSimpleCompiler {
  public:
    CachedCompiler(std::unique_ptr<llvm::TargetMachine> machine, std::unique_ptr<CodeCache> cache)
        : TMOwningSimpleCompiler(std::move(machine), cache.get()), cache_(std::move(cache)) {}

  private:
    std::unique_ptr<CodeCache> cache_;
};

llvm::Expected<std::unique_ptr<orc::IRCompileLayer::IRCompiler>> make_compiler(
    orc::JITTargetMachineBuilder target, int level) {
    auto cache = std::make_unique<CodeCache>(std::string(LLVM_VERSION_STRING) + " " + target.getCPU() + " " +
                                             target.getFeatures().getString() + " " + std::to_string(level));
    return std::make_unique<CachedCompiler>(expect(target.createTargetMachine()), std::move(cache));
}

std::unique_ptr<orc::LLJIT> make_jit(int level) {
    constexpr llvm::CodeGenOptLevel levels[] = {llvm::CodeGenOptLevel::None, llvm::CodeGenOptLevel::Less,
                                                llvm::CodeGenOptLevel::Default,
                                                llvm::CodeGenOptLevel::Aggressive};
    orc::JITTargetMachineBuilder target = host();
    target.setCodeGenOptLevel(levels[level]);
    // No platform: our code has no constructors, threads or exceptions to set up.
    auto jit = expect(orc::LLJITBuilder()
                          .setJITTargetMachineBuilder(std::move(target))
                          .setPlatformSetUp(orc::setUpInactivePlatform)
                          .setCompileFunctionCreator([level](orc::JITTargetMachineBuilder builder) {
                              return make_compiler(std::move(builder), level);
                          })
                          .create());
    orc::SymbolMap symbols;
    for (const LibraryFunction& function : library_functions()) {
        symbols[jit->mangleAndIntern(function.name)] = {orc::ExecutorAddr::fromPtr(function.address),
                                                        llvm::JITSymbolFlags::Exported};
    }
    expect(jit->getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols))));
    return jit;
}

}  // namespace

NativeCode::NativeCode(std::unique_ptr<llvm::Module> module, std::unique_ptr<llvm::LLVMContext> context,
                       int level)
    : jit_(make_jit(level)) {
    module->setDataLayout(jit_->getDataLayout());
    expect(jit_->addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))));
}

NativeCode::~NativeCode() = default;

std::uint64_t NativeCode::address(const char* name) const {
    return expect(jit_->lookup(name)).getValue();
}

std::string llvm_version() {
    return LLVM_VERSION_STRING;
}

std::string host_cpu() {
    return llvm::sys::getHostCPUName().str();
}

}  // namespace rondo
