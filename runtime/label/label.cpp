#include "runtime/label/label.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/label/cycle.h"
#include "runtime/orbit/orbit.h"

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

constexpr int many_swings = 100;  // without repeating itself, before a run's motion is looked into
constexpr double gap = 1e-3;      // between the period that returns have and the cycle's, relative

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
          orbits(code.one),
          ensemble(code.one, ensemble_options(options)) {
        code.widen(ensemble.lanes());
    }

    // The cycle itself, found from what the run saw of it.
    void verify(std::span<const double> inputs, Label& label) const {
        const Orbit orbit = orbits.find(inputs, label.y, 1 / label.frequency);
        const bool same = orbit.failure.empty() && std::abs(orbit.period * label.frequency - 1) < gap;
        label.verified = same && orbit.stable ? 1 : 0;
        if (orbit.failure.empty()) label.multiplier = orbit.largest_multiplier();
        if (same) label.frequency = 1 / orbit.period;
    }

    void explain(std::span<const double> inputs, Label& label) const {
        const std::string why = orbits.why_no_cycle(inputs, label.y, label.t / 10);
        if (!why.empty()) label.reason = why;
    }

    // What becomes of a run that has come to an unstable fixed point.
    Label go_on(std::span<const double> inputs, const Label& seen) const {
        Label found;
        CycleObserver observer(code, rests, options, 1,
                               [&](std::size_t, const Label& label) { found = label; });
        IntegrateOptions integrate;
        integrate.rtol = 1e-2 * options.rtol;  // CVODE lets errors grow more than the lanes do
        integrate.max_steps = options.max_steps;
        const Intervention leave{0, [&](double, std::span<double> y, std::span<double>) {
                                     std::ranges::copy(seen.way_out, y.begin());
                                 }};
        observer.begin(0, 0);
        const Outcome outcome = Integrator(*code.one).run(inputs, 0, std::numeric_limits<double>::infinity(),
                                                          integrate, observer, {{leave}});
        observer.end(0, 0, outcome);
        found.t += seen.t;
        found.swings += seen.swings;
        found.rhs_calls += seen.rhs_calls;
        return found;
    }

    CycleOptions options;
    CycleCode code;
    RestFinder rests;
    OrbitFinder orbits;
    Ensemble ensemble;
};

CycleLabeller::CycleLabeller(const Selection& selection, const CycleOptions& options)
    : state_(std::make_unique<State>(selection, options)) {}
CycleLabeller::~CycleLabeller() = default;

std::string CycleLabeller::describe() const {
    return state_->ensemble.describe();
}

void CycleLabeller::serve(Feed& feed, const Inputs& inputs, const Done& done) const {
    const auto look = [&](std::size_t run, const Label& seen) {
        Label label = seen.way_out.empty() ? seen : state_->go_on(inputs(run), seen);
        if (label.rhythm == Rhythm::sustained && state_->options.verify) state_->verify(inputs(run), label);
        if (label.rhythm == Rhythm::undecided && label.swings >= many_swings)
            state_->explain(inputs(run), label);
        done(run, label);
    };
    Ensemble::Task task;
    task.inputs = inputs;
    task.t1 = std::numeric_limits<double>::infinity();
    task.observe = [&](int lanes) {
        return std::make_unique<CycleObserver>(state_->code, state_->rests, state_->options, lanes, look);
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
