// reader.cpp: parameters and observables in the model's system; what cells name in it.
#include "runtime/petab/reader.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dsl/model/formula.h"
#include "runtime/petab/words.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

std::vector<std::string> ids_of(const Network& network) {
    std::vector<std::string> ids;
    for (const auto& part : network.compartments) ids.push_back(part.id);
    for (const auto& part : network.species) ids.push_back(part.id);
    for (const auto& part : network.parameters) ids.push_back(part.id);
    return ids;
}

}  // namespace

PetabReader::PetabReader(Network network, std::vector<ParameterRow> parameters,
                         std::vector<ObservableRow> observables, Diagnostics& diagnostics)
    : diagnostics_(diagnostics),
      parameters_(std::move(parameters)),
      observables_(std::move(observables)),
      entities_(ids_of(network)),
      network_(std::move(network)) {
    extend(network_);
    system_ = std::make_shared<OdeSystem>(lower(network_));
    problem_.name = network_.id;
    for (const Input& input : system_->inputs) problem_.inputs.push_back(input.value);
    add_parameters();
    add_observables();
}

void PetabReader::extend(Network& network) const {
    std::set<std::string> known(entities_.begin(), entities_.end());
    for (const auto& reaction : network.reactions) known.insert(reaction.id);
    const auto add = [&](const std::string& id, double value) {
        if (id.empty() || !known.insert(id).second) return;
        GlobalParameter parameter{.id = id};
        parameter.value = value;
        network.parameters.push_back(std::move(parameter));
    };
    for (const auto& row : parameters_) add(row.id, row.parameter.nominal);
    for (const auto& row : observables_) {
        for (const auto& id : row.formula_placeholders) add(id, std::nan(""));
        for (const auto& id : row.noise_placeholders) add(id, std::nan(""));
    }
}

void PetabReader::add_parameters() {
    std::set<std::string> seen;
    for (ParameterRow& row : parameters_) {
        if (!seen.insert(row.id).second) {
            diagnostics_.error(row.span, "parameter '" + row.id + "' is there twice");
            continue;
        }
        const auto input = system_->input(row.id);
        if (!input) {
            diagnostics_.error(row.span,
                               "'" + row.id + "' is not a parameter that can be set: the model computes it");
            continue;
        }
        problem_.inputs[*input] = row.parameter.nominal;
        row.parameter.input = *input;
        if (row.estimate) problem_.free.push_back(row.parameter);
    }
}

NodeId PetabReader::formula(const MathPtr& math, Span span, const std::string& of) {
    if (!math) return 0;
    for (const auto& name : symbol_names(*math)) {
        if (system_->output(name)) continue;
        std::vector<std::string> known;
        for (const Output& output : system_->outputs) known.push_back(output.name);
        diagnostics_.error(
            span, "unknown name '" + name + "' in " + of,
            did_you_mean(name, known, "it must be an entity of the model or in the parameter table"));
        return 0;
    }
    return add_expression(*system_, network_, *math);
}

void PetabReader::add_observables() {
    for (const auto& row : observables_) {
        observable_index_.emplace(row.id, problem_.observables.size());
        const NodeId node = formula(row.formula, row.formula_span, "the formula of '" + row.id + "'");
        problem_.observables.push_back({row.id, node, node, row.noise});
    }
    // Noise may grow with what is observed, by its name.
    for (const auto& observable : problem_.observables)
        system_->output_index.emplace(observable.id, observable.formula);
    for (std::size_t i = 0; i < observables_.size(); ++i)
        problem_.observables[i].sigma = formula(observables_[i].sigma, observables_[i].noise_span,
                                                "the noise formula of '" + observables_[i].id + "'");
}

std::string PetabReader::near_input(const std::string& name) const {
    std::vector<std::string> known;
    for (const Input& input : system_->inputs) known.push_back(input.id);
    return did_you_mean(name, known, "add it to the parameter table");
}

std::optional<Override> PetabReader::value_of(const std::string& text, Span span, std::size_t input,
                                              const char* what) {
    if (const auto number = parse_number(text)) {
        if (std::isfinite(*number)) return Override{input, {}, *number};
        diagnostics_.error(span, std::string(what) + " is not finite: " + text);
        return std::nullopt;
    }
    if (const auto from = system_->input(text)) return Override{input, *from};
    diagnostics_.error(span, std::string(what) + " is neither a number nor a parameter: '" + text + "'",
                       near_input(text));
    return std::nullopt;
}

LikelihoodProblem PetabReader::finish() {
    for (auto& experiment : problem_.experiments)
        std::ranges::stable_sort(experiment.data, {}, [&](std::size_t i) { return problem_.data[i].time; });
    for (std::size_t i = 0; i < problem_.inputs.size(); ++i)
        if (system_->inputs[i].required && std::isnan(problem_.inputs[i])) {
            const bool set = std::ranges::all_of(problem_.experiments, [&](const Experiment& e) {
                return std::ranges::count(problem_.circumstances[e.circumstances].overrides, i,
                                          &Override::input);
            });
            if (!set)
                diagnostics_.error({}, "'" + system_->inputs[i].id + "' has no value",
                                   "give it one in the model, the parameter table or the condition table");
        }
    problem_.system = std::move(system_);
    return std::move(problem_);
}

LikelihoodProblem read_petab(const std::filesystem::path& file, const LoadModel& load_model,
                             Diagnostics& diagnostics) {
    const PetabFiles files = read_petab_files(file, diagnostics);
    if (diagnostics.has_errors()) return {};
    Network network = load_model(files.model, diagnostics);
    std::vector<ParameterRow> parameters;
    std::vector<ObservableRow> observables;
    for (const auto& path : files.parameters)
        std::ranges::move(read_parameters(Sheet(path, diagnostics), diagnostics),
                          std::back_inserter(parameters));
    for (const auto& path : files.observables)
        std::ranges::move(read_observables(Sheet(path, diagnostics), network, diagnostics),
                          std::back_inserter(observables));
    if (diagnostics.has_errors()) return {};
    PetabReader reader(std::move(network), std::move(parameters), std::move(observables), diagnostics);
    for (const auto& path : files.conditions) reader.read_conditions(Sheet(path, diagnostics));
    for (const auto& path : files.measurements) reader.read_measurements(Sheet(path, diagnostics));
    return reader.finish();
}

}  // namespace rondo
