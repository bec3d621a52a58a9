// compile.cpp: an OdeSystem to its functions in machine code.
#include "jit/compile.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <stdexcept>

#include "dsl/syntax/error.h"
#include "jit/emit/emit.h"
#include "jit/emit/native.h"

namespace rondo {
namespace {

// The effort of the code generator. IR passes run at none: a hash-consed graph leaves them nothing to do
// (measured: O1 and O2 give the same instruction counts, at twice the time). For large models the time to
// compile counts for more than that of a call.
int effort(const OdeSystem& system, const CompileOptions& options) {
    constexpr std::size_t large = 50'000;  // nodes, some 3600 reactions
    if (options.optimize >= 0) return options.optimize;
    return system.graph.size() > large ? 0 : 1;
}

void check(const OdeSystem& system, const CompileOptions& options) {
    const std::initializer_list<int> possible{1, 2, 4, 8, 16};
    if (!std::ranges::count(possible, options.lanes)) {
        throw Error(Fault::input,
                    "lanes is " + std::to_string(options.lanes) + "; it must be 1, 2, 4, 8 or 16");
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

}  // namespace

CompiledModel::~CompiledModel() = default;

std::shared_ptr<const CompiledModel> compile(std::shared_ptr<const OdeSystem> system,
                                             const CompileOptions& options) {
    check(*system, options);
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = emit(*system, options, *context);
    std::shared_ptr<CompiledModel> model(new CompiledModel);
    model->native_ =
        std::make_unique<NativeCode>(std::move(module), std::move(context), effort(*system, options));
    const NativeCode& native = *model->native_;
    native.look_up("initialize", model->code_.initialize);
    native.look_up("rhs", model->code_.rhs);
    native.look_up("jacobian", model->code_.jacobian);
    native.look_up("outputs", model->code_.outputs);
    for (std::size_t i = 0; i < options.apart.size(); ++i)
        native.look_up(name_apart(i).c_str(), model->apart_.emplace_back());
    if (!system->modes.empty()) native.look_up("modes", model->code_.modes);
    if (!system->delays.empty()) native.look_up("delays", model->code_.delays);
    if (!system->event_values.empty()) native.look_up("events", model->code_.events);
    if (!system->constraints.empty()) native.look_up("constraints", model->code_.constraints);
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

}  // namespace rondo
