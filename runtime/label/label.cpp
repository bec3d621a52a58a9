#include "runtime/label/label.h"

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

namespace {

EnsembleOptions ensemble_options(const CycleOptions& options) {
    EnsembleOptions result;
    result.method = options.method;
    result.lanes = options.lanes;
    result.rtol = options.rtol;
    result.max_steps = options.max_steps;
    return result;
}

}  // namespace

struct CycleLabeller::State {
    State(const Selection& selection, const CycleOptions& cycle_options)
        : options(cycle_options),
          code(selection),
          rests(*code.one),
          ensemble(code.one, ensemble_options(options)) {
        code.widen(ensemble.lanes());
    }

    CycleOptions options;
    CycleCode code;
    RestFinder rests;
    Ensemble ensemble;
};

CycleLabeller::CycleLabeller(const Selection& selection, const CycleOptions& options)
    : state_(std::make_unique<State>(selection, options)) {}
CycleLabeller::~CycleLabeller() = default;

std::string CycleLabeller::describe() const {
    return state_->ensemble.describe();
}

void CycleLabeller::serve(Feed& feed, const Inputs& inputs, const Done& done) const {
    Ensemble::Task task;
    task.inputs = inputs;
    task.t1 = std::numeric_limits<double>::infinity();
    task.observe = [&](int lanes) {
        return std::make_unique<CycleObserver>(state_->code, state_->rests, state_->options, lanes, done);
    };
    state_->ensemble.serve(feed, task);
}

std::vector<Label> label_cycle(const CompiledModel& model, const std::vector<std::vector<double>>& inputs,
                               const CycleOptions& options, const Executor& executor) {
    const CycleLabeller labeller({model.shared_system(), model.outputs()}, options);
    std::vector<Label> labels(inputs.size());
    executor.feed("labelling", inputs.size(), [&](int, Feed& feed) {
        labeller.serve(
            feed, [&](std::size_t run) { return std::span<const double>(inputs[run]); },
            [&](std::size_t run, const Label& label) { labels[run] = label; });
    });
    return labels;
}

}  // namespace rondo
