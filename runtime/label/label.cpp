#include "runtime/label/label.h"

#include <cassert>
#include <limits>

#include "runtime/label/cycle.h"

namespace rondo {

std::string_view to_text(Rhythm rhythm) {
    switch (rhythm) {
        case Rhythm::steady: return "steady";
        case Rhythm::damped: return "damped";
        case Rhythm::sustained: return "sustained";
        case Rhythm::undecided: return "undecided";
        case Rhythm::failed: return "failed";
    }
    return "";
}

struct CycleLabeller::State {
    State(const CompiledModel& compiled, const CycleOptions& cycle_options)
        : model(compiled),
          options(cycle_options),
          integrator(compiled),
          rests(compiled),
          observer(compiled, rests, cycle_options, 1) {}

    const CompiledModel& model;
    CycleOptions options;
    Integrator integrator;
    RestFinder rests;
    CycleObserver observer;
};

CycleLabeller::CycleLabeller(const CompiledModel& model, const CycleOptions& options)
    : state_(std::make_unique<State>(model, options)) {
    assert(model.lanes() == 1 && model.output_count() > 0);
}
CycleLabeller::~CycleLabeller() = default;
CycleLabeller::CycleLabeller(CycleLabeller&&) noexcept = default;

Label CycleLabeller::label(std::span<const double> inputs) {
    constexpr double forever = std::numeric_limits<double>::infinity();
    IntegrateOptions options;
    options.rtol = state_->options.rtol;
    options.max_steps = state_->options.max_steps;
    const Outcome outcome = state_->integrator.run(inputs, 0, forever, options, state_->observer);
    Label label = state_->observer.label(0);
    if (outcome.kind == Outcome::Kind::failed) {
        const bool out_of_steps = outcome.steps >= static_cast<std::uint64_t>(options.max_steps);
        label.rhythm = out_of_steps ? Rhythm::undecided : Rhythm::failed;
        label.frequency = std::numeric_limits<double>::quiet_NaN();
        label.t = outcome.t;
        label.reason = outcome.reason;
    }
    label.rhs_calls = outcome.rhs_calls;
    return label;
}

std::vector<Label> label_cycle(const CompiledModel& model, const std::vector<std::vector<double>>& inputs,
                               const CycleOptions& options, const Executor& executor) {
    std::vector<std::unique_ptr<CycleLabeller>> labellers(static_cast<std::size_t>(executor.jobs()));
    std::vector<Label> labels(inputs.size());
    executor.map("label", inputs.size(), [&](int worker, std::size_t row) {
        auto& labeller = labellers[static_cast<std::size_t>(worker)];
        if (!labeller) labeller = std::make_unique<CycleLabeller>(model, options);
        labels[row] = labeller->label(inputs[row]);
    });
    return labels;
}

}  // namespace rondo
