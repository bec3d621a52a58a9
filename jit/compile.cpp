// compile.cpp: LLVM IR to machine code in memory, by ORC.
#include "jit/compile.h"

#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>

#include <stdexcept>

#include "dsl/syntax/error.h"
#include "jit/emit/emit.h"
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

// The effort of the code generator. IR passes run at none: a hash-consed graph leaves them nothing to do
// (measured: O1 and O2 give the same instruction counts, at twice the time). For large models the time to
// compile counts for more than that of a call.
int effort(const OdeSystem& system, const CompileOptions& options) {
    constexpr std::size_t large = 50'000;  // nodes, some 3600 reactions
    if (options.optimize >= 0) return options.optimize;
    return system.graph.size() > large ? 0 : 1;
}

void check(const OdeSystem& system, const CompileOptions& options) {
    if (options.lanes != 1 && options.lanes != 2 && options.lanes != 4 && options.lanes != 8) {
        throw Error(Fault::input, "lanes is " + std::to_string(options.lanes) + "; it must be 1, 2, 4 or 8");
    }
    if (options.optimize < -1 || options.optimize > 3) {
        throw Error(Fault::input, "optimize is " + std::to_string(options.optimize) + "; it must be -1 to 3");
    }
    for (const auto* nodes : {&options.outputs, &options.apart}) {
        for (const NodeId node : *nodes) {
            if (node >= system.graph.size()) throw std::logic_error("an output is no node of the system");
        }
    }
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
                          .create());
    orc::SymbolMap symbols;
    for (const LibraryFunction& function : library_functions()) {
        symbols[jit->mangleAndIntern(llvm::StringRef(function.name.data(), function.name.size()))] = {
            orc::ExecutorAddr::fromPtr(function.address), llvm::JITSymbolFlags::Exported};
    }
    expect(jit->getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols))));
    return jit;
}

template <class Function>
void look_up(orc::LLJIT& jit, const char* name, Function*& function) {
    function = expect(jit.lookup(name)).toPtr<Function*>();
}

}  // namespace

struct CompiledModel::Code {
    std::unique_ptr<orc::LLJIT> jit;
};

CompiledModel::~CompiledModel() = default;

std::shared_ptr<const CompiledModel> compile(std::shared_ptr<const OdeSystem> system,
                                             const CompileOptions& options) {
    check(*system, options);
    const int level = effort(*system, options);
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = emit(*system, options, *context);
    auto jit = make_jit(level);
    module->setDataLayout(jit->getDataLayout());
    expect(jit->addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))));

    std::shared_ptr<CompiledModel> model(new CompiledModel);
    look_up(*jit, "initialize", model->code_.initialize);
    look_up(*jit, "rhs", model->code_.rhs);
    look_up(*jit, "jacobian", model->code_.jacobian);
    look_up(*jit, "outputs", model->code_.outputs);
    for (std::size_t i = 0; i < options.apart.size(); ++i)
        look_up(*jit, name_apart(i).c_str(), model->apart_.emplace_back());
    if (!system->modes.empty()) look_up(*jit, "modes", model->code_.modes);
    if (!system->delays.empty()) look_up(*jit, "delays", model->code_.delays);
    if (!system->event_values.empty()) look_up(*jit, "events", model->code_.events);
    if (!system->constraints.empty()) look_up(*jit, "constraints", model->code_.constraints);
    model->owner_ = std::make_unique<CompiledModel::Code>(std::move(jit));
    model->system_ = std::move(system);
    model->lanes_ = options.lanes;
    model->outputs_ = options.outputs;
    return model;
}

std::string emit_text(const OdeSystem& system, const CompileOptions& options) {
    check(system, options);
    llvm::LLVMContext context;
    std::string text;
    llvm::raw_string_ostream(text) << *emit(system, options, context);
    return text;
}

std::string llvm_version() {
    return LLVM_VERSION_STRING;
}

std::string host_cpu() {
    return llvm::sys::getHostCPUName().str();
}

}  // namespace rondo
