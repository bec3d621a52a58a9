// steps.cpp: integrator steps in machine code.
#include "jit/steps.h"

#include <cassert>
#include <memory>

#include "jit/emit/native.h"
#include "jit/emit/step.h"

namespace rondo {

CompiledSteps::~CompiledSteps() = default;

std::string why_not_in_lanes(const OdeSystem& system) {
    // A step is straight-line code; the time to compile it grows faster than its length.
    constexpr std::size_t most_operations = 400, most_states = 30;
    if (!system.events.empty()) return "it has events";
    if (!system.delays.empty()) return "it has delays";
    if (!system.modes.empty()) return "its equations jump";
    if (!system.constraints.empty()) return "it has algebraic rules or fast reactions";
    if (system.states.empty()) return "it has no states";
    const std::size_t operations =
        reachable(system.graph, system.rhs).size() + reachable(system.graph, system.jacobian).size();
    if (system.states.size() > most_states || operations > most_operations) return "it is large";
    return "";
}

int best_lanes(const OdeSystem& system) {
    constexpr std::size_t few_states = 3;
    const int lanes = native_lanes();
    return lanes == 8 && system.states.size() <= few_states ? 2 * lanes : lanes;
}

std::shared_ptr<const CompiledSteps> compile_steps(std::shared_ptr<const OdeSystem> system,
                                                   const StepMethod& method, int lanes) {
    assert(why_not_in_lanes(*system).empty() && (lanes == 2 || lanes == 4 || lanes == 8 || lanes == 16));
    constexpr int effort = 2;
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = emit_steps(*system, method, lanes, *context);
    std::shared_ptr<CompiledSteps> steps(new CompiledSteps);
    steps->native_ = std::make_unique<NativeCode>(std::move(module), std::move(context), effort);
    steps->native_->look_up("step", steps->code_.step);
    steps->native_->look_up("dense", steps->code_.dense);
    const WorkLayout layout(method, system->states.size());
    steps->method_ = &method;
    steps->lanes_ = lanes;
    steps->work_rows_ = layout.count;
    steps->slope_row_ = layout.slope;
    return steps;
}

}  // namespace rondo
