#include "runtime/estimate/problem.h"

#include <algorithm>
#include <cmath>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "jit/graph/fold.h"

namespace rondo {
namespace {

[[noreturn]] void fail(const std::string& message, Fault fault = Fault::input) {
    throw Error(fault, message);
}

MathPtr parse_formula(const std::string& name, const std::string& text, const Network& network) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const auto tree = parse_expression(sources.add("observable '" + name + "'", text), diagnostics);
    const MathPtr math =
        tree && !diagnostics.has_errors() ? to_math(*tree, network.functions, diagnostics) : nullptr;
    diagnostics.throw_if_errors();
    return math;
}

// The model's equations with each observable as a quantity of its own name.
OdeSystem observed_system(const Model& model, const std::vector<std::string>& names,
                          const std::vector<std::pair<std::string, std::string>>& formulas) {
    OdeSystem system = model.system();
    for (const auto& [name, text] : formulas) {
        if (std::ranges::count(names, name) == 0) fail("observable '" + name + "' is no column of the data");
        try {
            const NodeId node =
                add_expression(system, model.network(), *parse_formula(name, text, model.network()));
            system.outputs.push_back({name, node});
            system.output_index[name] = node;
        } catch (const Error& error) {
            if (error.fault() == Fault::input && std::string(error.what()).starts_with("unknown name"))
                fail("observable '" + name + "': " + error.what());
            throw;
        }
    }
    return system;
}

// What Dormand and Prince's method runs.
void check_supported(const OdeSystem& system) {
    const auto refuse = [](const std::string& what) {
        fail("fit: the model has " + what +
                 ", which the solver \"dormand_prince\" cannot run; ask for solver = \"automatic\"",
             Fault::unsupported);
    };
    if (!system.events.empty()) refuse("events");
    if (!system.delays.empty()) refuse("delays");
    if (!system.constraints.empty()) refuse("algebraic rules or fast reactions");
}

// Parameters of p that anything read along a run, or at its start, depends on.
std::vector<bool> parameters_read(const OdeSystem& system, std::span<const NodeId> observables) {
    std::vector<NodeId> roots(system.rhs);
    roots.insert(roots.end(), observables.begin(), observables.end());
    roots.insert(roots.end(), system.initial.begin(), system.initial.end());
    roots.insert(roots.end(), system.event_values.begin(), system.event_values.end());
    for (const auto& delayed : system.delays) roots.insert(roots.end(), {delayed.value, delayed.lag});
    for (const auto& constraint : system.constraints) roots.push_back(constraint.residual);
    std::vector<bool> read(system.parameter_count());
    const auto mark = [&](std::span<const NodeId> nodes) {
        bool grew = false;
        for (const NodeId id : reachable(system.graph, nodes)) {
            const Node node = system.graph[id];
            if (node.op != Op::symbol || node.symbol.kind != Symbol::Kind::parameter ||
                read[node.symbol.index])
                continue;
            grew = read[node.symbol.index] = true;
        }
        return grew;
    };
    while (mark(roots)) {
        const std::size_t inputs = system.inputs.size();
        for (std::size_t i = 0; i < read.size(); ++i)
            if (read[i])
                roots.push_back(i < inputs ? system.completed[i] : system.derived_values[i - inputs]);
    }
    return read;
}

}  // namespace

std::vector<Condition> read_conditions(const Table& table, const Measurements& data, const Model& model) {
    const auto names = condition_names(table, "conditions");
    std::vector<Condition> conditions;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (std::ranges::count(data.conditions, names[row]) == 0)
            fail("conditions: there are no data of condition '" + names[row] + "'; leave its row out");
        if (std::ranges::count(conditions, names[row], &Condition::name))
            fail("conditions: '" + names[row] + "' is there twice");
        Condition condition{names[row], {}};
        for (const auto& column : table.columns())
            if (column.name != "condition")
                condition.settings.emplace_back(column.name, column.numbers()[row]);
        try {
            (void)model.with(condition.settings);
        } catch (const Error& error) {
            fail("conditions: '" + names[row] + "': " + error.what());
        }
        conditions.push_back(std::move(condition));
    }
    for (const auto& name : data.conditions)
        if (std::ranges::count(conditions, name, &Condition::name) == 0)
            fail("conditions: there is no row for condition '" + name + "' of the data");
    return conditions;
}

FitProblem::FitProblem(const Model& model, Measurements data, std::vector<Condition> conditions,
                       SearchSpace space, const FitOptions& options)
    : model_(model),
      data_(std::move(data)),
      settings_(std::move(conditions)),
      space_(std::move(space)),
      options_(options) {
    if (!options_.solver.ensemble) check_supported(model.system());
    if (data_.largest() == 0) fail("the data are all zero: relative deviations from them have no meaning");
    std::vector<std::string> varying;
    std::vector<Setting> lower;
    for (const auto& coordinate : space_.coordinates)
        lower.emplace_back(coordinate.name, coordinate.value(coordinate.lower));
    (void)model.with(lower);  // names them all
    for (const auto& coordinate : space_.coordinates) {
        inputs_.push_back(*model.system().input(coordinate.name));
        varying.push_back(coordinate.name);
    }
    for (const auto& name : data_.conditions) {
        const auto found = std::ranges::find(settings_, name, &Condition::name);
        const std::vector<Setting> settings =
            found == settings_.end() ? std::vector<Setting>() : found->settings;
        const Model here = model.with(settings);
        base_.emplace_back(here.inputs().begin(), here.inputs().end());
        free_.emplace_back(space_.size(), true);
        for (const auto& [id, value] : settings) {
            varying.push_back(id);
            for (std::size_t i = 0; i < space_.size(); ++i)
                if (space_.coordinates[i].name == id) free_.back()[i] = false;
        }
    }
    const OdeSystem observed = observed_system(model, data_.observables, options_.observables);
    CompileOptions compile_options;
    const auto folded = std::make_shared<const OdeSystem>(fold_exponents(observed, base_[0], varying));
    for (const auto& name : data_.observables) {
        const auto node = folded->output(name);
        if (!node) (void)model.output_nodes(std::vector<std::string>{name});  // throws, with near names
        compile_options.outputs.push_back(*node);
    }
    const auto read = parameters_read(*folded, compile_options.outputs);
    for (std::size_t i = 0; i < space_.size(); ++i) {
        const auto& name = space_.coordinates[i].name;
        if (!read[inputs_[i]])
            fail("'" + name + "' cannot be estimated: nothing that was measured depends on it");
        if (std::ranges::none_of(free_, [&](const auto& of) { return of[i]; }))
            fail("'" + name + "' cannot be estimated: every condition sets it");
    }
    for (std::size_t c = 0; c < base_.size(); ++c) {
        std::vector<double> z;
        for (const auto& coordinate : space_.coordinates) z.push_back(coordinate.lower);
        model.check_inputs(inputs(c, z));
    }
    code_ = compile(folded, compile_options);
    if (options_.solver.ensemble) {
        EnsembleOptions ensemble = *options_.solver.ensemble;
        // A fit has few runs at a time, a polish those of one point: more lanes would stay empty.
        if (ensemble.lanes == 0) ensemble.lanes = std::min(native_lanes(), 4);
        ensemble_ = std::make_shared<const Ensemble>(code_, ensemble);
    }
    weigh();
}

std::string FitProblem::solver() const {
    return ensemble_ ? ensemble_->describe() : "Dormand-Prince 5(4)";
}

void FitProblem::weigh() {
    scales_ = relative_scales(data_, options_.floor);
    weights_.assign(scales_.size(), 0);
    const std::size_t C = conditions(), T = times(), K = observables();
    times_of_.assign(C, 0);
    for (std::size_t c = 0; c < C; ++c) {
        std::vector<double> counts(K);
        for (std::size_t j = 0; j < T; ++j)
            for (std::size_t k = 0; k < K; ++k) {
                if (std::isnan(data_.value(c, j, k))) continue;
                counts[k] += 1;
                times_of_[c] = j + 1;
            }
        const auto measured =
            static_cast<double>(K - static_cast<std::size_t>(std::ranges::count(counts, 0.0)));
        for (std::size_t j = 0; j < T; ++j)
            for (std::size_t k = 0; k < K; ++k)
                if (counts[k] > 0)
                    weights_[(c * T + j) * K + k] = 1 / (static_cast<double>(C) * measured * counts[k]);
    }
}

std::vector<double> FitProblem::inputs(std::size_t c, std::span<const double> z) const {
    std::vector<double> result = base_[c];
    for (std::size_t i = 0; i < space_.size(); ++i)
        if (free_[c][i]) result[inputs_[i]] = space_.coordinates[i].value(z[i]);
    return result;
}

}  // namespace rondo
