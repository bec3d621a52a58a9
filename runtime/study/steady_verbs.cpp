// steady_verbs.cpp: steady_state.
#include "runtime/steady/steady.h"
#include "runtime/study/objects.h"

namespace rondo {

namespace {

// {found, reason, state, residual, stable, slowest, way, time}; without a steady state `found`, `reason`
// alone.
Value run_steady_state(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    SteadyOptions options;
    options.tolerance = call.number("tolerance", options.tolerance);
    options.max_steps = call.whole("max_steps", options.max_steps, 1, 1'000'000'000);
    const Steady found = steady_state(model, options);
    for (const auto& warning : found.warnings)
        call.environment.warn("steady_state: '" + model.network().id + "': " + warning);
    if (!found.failure.empty()) return Record{{"found", false}, {"reason", found.failure}};
    Record state;
    for (const auto& [name, value] : found.values) state.emplace_back(name, value);
    return Record{{"found", true},
                  {"reason", ""},
                  {"state", std::move(state)},
                  {"residual", found.residual},
                  {"stable", found.stable},
                  {"slowest", found.slowest()},
                  {"way", std::string(name_of(found.way))},
                  {"time", found.time}};
}

}  // namespace

void add_steady_verbs(Verbs& verbs) {
    verbs["steady_state"] = {"steady_state", {"model", "tolerance", "max_steps"}, run_steady_state};
}

}  // namespace rondo
