#include "runtime/simulate/model.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "dsl/model/print.h"
#include "dsl/model/resolve.h"
#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/parse.h"
#include "jit/graph/fold.h"

namespace rondo {

namespace {

std::vector<std::string> input_ids(const OdeSystem& system) {
    std::vector<std::string> ids;
    for (const auto& input : system.inputs) ids.push_back(input.id);
    return ids;
}

// " did you mean 'x'?" or a list of what there is.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
    if (const auto near = nearest(name, candidates)) return "did you mean '" + *near + "'?";
    std::string text = "there are";
    const std::size_t shown = std::min<std::size_t>(candidates.size(), 12);
    for (std::size_t i = 0; i < shown; ++i) text += (i ? ", " : " ") + candidates[i];
    return text + (shown < candidates.size() ? ", ..." : "");
}

std::size_t find_input(const OdeSystem& system, const std::string& id) {
    if (const auto found = system.input(id)) return *found;
    if (std::ranges::count(system.ruled, id)) {
        throw Error(Fault::input,
                    "'" + id + "' cannot be set: a rule of the model computes it; set what the rule reads");
    }
    throw Error(Fault::input, "the model has no input '" + id + "'; " + suggestion(id, input_ids(system)));
}

}  // namespace

Model::Model(Network network) : shared_(std::make_shared<Shared>()) {
    shared_->network = std::move(network);
    shared_->system = std::make_shared<const OdeSystem>(lower(shared_->network));
    for (const auto& input : system().inputs) inputs_.push_back(input.value);
}

Model Model::with(std::span<const Setting> settings) const {
    Model result = *this;
    for (const auto& [id, value] : settings) {
        const std::size_t index = find_input(system(), id);
        if (!std::isfinite(value))
            throw Error(Fault::input, "the value of '" + id + "' must be a finite number");
        result.inputs_[index] = value;
    }
    return result;
}

std::vector<NodeId> Model::output_nodes(std::span<const std::string> names) const {
    std::vector<NodeId> nodes;
    for (const auto& name : names) {
        const auto node = system().output(name);
        if (!node) {
            std::vector<std::string> known;
            for (const auto& output : system().outputs) known.push_back(output.name);
            throw Error(Fault::input, "the model has no quantity '" + name + "'; " + suggestion(name, known));
        }
        nodes.push_back(*node);
    }
    return nodes;
}

std::shared_ptr<const CompiledModel> Model::compiled(std::span<const std::string> outputs,
                                                     Effort effort) const {
    const std::vector<std::string> names(outputs.begin(), outputs.end());
    const std::lock_guard lock(shared_->mutex);
    if (const auto full = shared_->full.find(names); full != shared_->full.end()) return full->second;
    auto& made = effort == Effort::quick ? shared_->quick : shared_->full;
    if (const auto quick = made.find(names); quick != made.end()) return quick->second;
    CompileOptions options;
    if (effort == Effort::quick) options.optimize = 0;
    options.outputs = output_nodes(outputs);
    return made[names] = compile(shared_->system, options);
}

Selection Model::select_over(std::span<const std::string> outputs,
                             std::span<const std::string> varying) const {
    (void)output_nodes(outputs);
    Selection selection;
    selection.system = std::make_shared<const OdeSystem>(fold_exponents(system(), inputs_, varying));
    for (const auto& name : outputs) selection.outputs.push_back(*selection.system->output(name));
    return selection;
}

std::vector<std::string> Model::default_outputs() const {
    std::vector<std::string> names;
    std::unordered_set<std::string_view> moving(system().states.begin(), system().states.end());
    for (const auto& rule : network().rules) moving.insert(rule.variable);
    const auto moves = [&](const std::string& id) { return moving.contains(id); };
    for (const auto& species : network().species) {
        if (moves(species.id)) names.push_back(species.id);
    }
    for (const auto& compartment : network().compartments) {
        if (moves(compartment.id)) names.push_back(compartment.id);
    }
    for (const auto& parameter : network().parameters) {
        if (moves(parameter.id)) names.push_back(parameter.id);
    }
    return names;
}

void Model::check_inputs(std::span<const double> inputs) const {
    const auto missing = missing_inputs(system(), inputs);
    if (missing.empty()) return;
    std::string names;
    for (const auto& id : missing) names += (names.empty() ? "'" : ", '") + id + "'";
    throw Error(Fault::input, "model '" + network().id + "': " + names +
                                  (missing.size() > 1 ? " have" : " has") + " no value; write '" +
                                  missing.front() + " = ...' in the model, or give it with --set " +
                                  missing.front() + "=VALUE or 'with (" + missing.front() + " = VALUE)'");
}

std::string Model::canonical() const {
    Network plain = network();
    plain.name.clear();
    for (auto& part : plain.compartments) part.name.clear();
    for (auto& part : plain.species) part.name.clear();
    for (auto& part : plain.parameters) part.name.clear();
    for (auto& part : plain.reactions) {
        part.name.clear();
        for (auto& local : part.local_parameters) local.name.clear();
    }
    for (auto& part : plain.functions) part.name.clear();
    return to_antimony(plain);
}

Model read_model(const std::string& antimony, const std::string& name) {
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = resolve(parse_models(sources.add(name, antimony), diagnostics), diagnostics);
    diagnostics.throw_if_errors();
    return Model(std::move(network));
}

}  // namespace rondo
