// lower.cpp: a Network's meaning as equations.
//
// Every name has a value at two moments: at the start of a run (of t0 and the inputs as given) and along it
// (of time, states and p). Both are tables of definitions, filled from the network and then settled.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_set>

#include "dsl/syntax/error.h"
#include "jit/graph/formula.h"
#include "jit/graph/moment.h"
#include "jit/graph/system.h"

namespace rondo {
namespace {

// A name that has a value at the start, given by the user or the network, or following from other names.
struct Variable {
    std::string_view id, name;
    Input::Kind kind;
    std::optional<double> value;
    Span span;
    const Species* species = nullptr;
};

struct Term {
    double coefficient;
    NodeId node;
};

NodeId add_up(Graph& graph, std::span<const Term> terms) {
    NodeId sum = graph.number(0);
    for (const Term& term : terms) {
        const NodeId size = graph.apply(Op::times, {graph.number(std::fabs(term.coefficient)), term.node});
        sum = graph.apply(term.coefficient < 0 ? Op::minus : Op::plus, {sum, size});
    }
    return sum;
}

class Lowering {
  public:
    explicit Lowering(const Network& network)
        : network_(network), graph_(system_.graph), reader_(graph_, network.functions) {
        index_network();
    }
    OdeSystem run();

  private:
    // What the network says.
    void refuse() const;
    void index_network();
    const Rule* rule(std::string_view id, RuleKind kind) const;
    bool is_changed(const Species&) const;
    bool means_amount(const Species&) const;
    std::optional<double> known_size(std::string_view compartment) const;
    // Definitions of names.
    Definition formula(std::string_view name, const Math& math, const Moment& moment);
    void define(const Compartment&);
    void define(const Species&);
    void define(const Reaction&);
    void define(const Variable&);
    void define_along_run(const Variable&, NodeId given);
    std::optional<Definition> fallback(Variable&);
    std::optional<Definition> converted(Variable&);
    NodeId add_input(const Variable&, bool has_fallback);
    std::unordered_map<std::string_view, NodeId> add_local_parameters(const Reaction&);
    // What follows from them.
    NodeId amount(const Species&, const Moment&);
    NodeId concentration(const Species&, const Moment&);
    void add_start();
    void add_equations();
    void add_jacobian(std::span<const NodeId> sources,
                      const std::vector<std::map<std::size_t, double>>& rows);
    void add_outputs();
    void add_output(std::string name, NodeId node);

    const Network& network_;
    OdeSystem system_;
    Graph& graph_;
    NodeReader reader_;
    Moment start_, run_;

    std::unordered_set<std::string> ids_;
    std::unordered_map<std::string_view, const Compartment*> compartments_;
    std::unordered_map<std::string_view, const Rule*> rules_;
    std::unordered_map<std::string_view, const InitialAssignment*> initial_assignments_;
    std::unordered_map<std::string_view, std::map<std::size_t, double>>
        changes_;                                // species: reaction, amount
    std::vector<const Species*> amount_states_;  // [states] the species whose amount it is, or null
    std::vector<const Species*> held_;           // [derived] the species whose amount stays as at the start
    std::unordered_map<std::string_view, NodeId> amounts_;              // along the run, where one is at hand
    std::vector<std::pair<std::size_t, std::string_view>> incomplete_;  // inputs that start_ completes
};

// ---- what the network says ----

void Lowering::index_network() {
    for (const Compartment& c : network_.compartments) compartments_.emplace(c.id, &c);
    for (const Rule& r : network_.rules) rules_.emplace(r.variable, &r);
    for (const InitialAssignment& a : network_.initial_assignments)
        initial_assignments_.emplace(a.symbol, &a);
    for (const Compartment& c : network_.compartments) ids_.insert(c.id);
    for (const Species& s : network_.species) ids_.insert(s.id);
    for (const GlobalParameter& p : network_.parameters) ids_.insert(p.id);
    for (std::size_t i = 0; i < network_.reactions.size(); ++i) {
        const Reaction& reaction = network_.reactions[i];
        ids_.insert(reaction.id);
        for (const SpeciesReference& r : reaction.reactants) changes_[r.species][i] -= r.stoichiometry;
        for (const SpeciesReference& r : reaction.products) changes_[r.species][i] += r.stoichiometry;
    }
}

// What has no equations yet.
void Lowering::refuse() const {
    const auto fail = [](const std::string& text) { throw Error(Fault::unsupported, text); };
    if (!network_.conversion_factor.empty()) fail("conversion factors have no equations yet");
    for (const Species& s : network_.species) {
        if (!s.conversion_factor.empty()) fail("conversion factors have no equations yet");
    }
    for (const Event& event : network_.events) fail("events have no equations yet: '" + event.id + "'");
    for (const Rule& r : network_.rules) {
        if (r.kind == RuleKind::algebraic) fail("algebraic rules have no equations yet");
    }
    for (const Reaction& r : network_.reactions) {
        if (r.fast) fail("fast reactions have no equations yet: '" + r.id + "'");
    }
}

const Rule* Lowering::rule(std::string_view id, RuleKind kind) const {
    const auto found = rules_.find(id);
    return found != rules_.end() && found->second->kind == kind ? found->second : nullptr;
}

bool Lowering::is_changed(const Species& species) const {
    return !species.boundary && !species.constant && changes_.contains(species.id);
}

// A compartment without dimensions has no concentrations.
bool Lowering::means_amount(const Species& species) const {
    return species.substance_only || compartments_.at(species.compartment)->dimensions == 0;
}

// A size at the start that is a plain number.
std::optional<double> Lowering::known_size(std::string_view id) const {
    const Compartment& compartment = *compartments_.at(id);
    if (compartment.implicit) return 1;
    if (rule(id, RuleKind::assignment) || initial_assignments_.contains(id)) return std::nullopt;
    return compartment.size.value_or(1);
}

// ---- definitions of names ----

Definition Lowering::formula(std::string_view name, const Math& math, const Moment& moment) {
    const auto make = [this, &math, &moment] {
        return reader_.read(math, [&](const std::string& symbol) { return moment[symbol]; });
    };
    Definition definition{name, {}, make};
    add_names(math, definition.needs);
    return definition;
}

void Lowering::define(const Compartment& c) {
    if (!c.implicit) return define({c.id, c.name, Input::Kind::compartment, c.size.value_or(1), c.span});
    for (Moment* moment : {&start_, &run_}) moment->define({c.id, {}, [this] { return graph_.number(1); }});
}

void Lowering::define(const Species& s) {
    const auto& given = means_amount(s) ? s.initial_amount : s.initial_concentration;
    define({s.id, s.name, Input::Kind::initial_value, given, s.span, &s});
}

void Lowering::define(const Variable& variable) {
    if (const Rule* assigned = rule(variable.id, RuleKind::assignment)) {
        system_.ruled.emplace_back(variable.id);
        start_.define(formula(variable.id, *assigned->math, start_));
        run_.define(formula(variable.id, *assigned->math, run_));
        return;
    }
    Variable v = variable;
    if (rule(v.id, RuleKind::rate) && v.kind == Input::Kind::parameter) v.kind = Input::Kind::initial_value;
    const std::optional<Definition> otherwise = fallback(v);
    if (otherwise) incomplete_.emplace_back(system_.inputs.size(), v.id);
    const NodeId given = add_input(v, otherwise.has_value());
    const auto complete = [this, given, otherwise] {
        if (!otherwise) return given;
        return graph_.apply(Op::piecewise, {given, graph_.apply(Op::eq, {given, given}), otherwise->make()});
    };
    start_.define({v.id, otherwise ? otherwise->needs : std::vector<std::string_view>(), complete});
    define_along_run(v, given);
}

// Where the value at the start comes from if the user gives none. May set the variable's own value instead.
std::optional<Definition> Lowering::fallback(Variable& variable) {
    const auto found = initial_assignments_.find(variable.id);
    if (found != initial_assignments_.end()) {
        variable.value.reset();
        return formula(variable.id, *found->second->math, start_);
    }
    return variable.species && !variable.value ? converted(variable) : std::nullopt;
}

// A species given in the other unit than its symbol has, or not at all: 0 then, as SBML's tools have it.
// The value is a plain number where the compartment's size is one, so that it survives a change of the size.
std::optional<Definition> Lowering::converted(Variable& variable) {
    const Species& s = *variable.species;
    const double other = (means_amount(s) ? s.initial_concentration : s.initial_amount).value_or(0);
    const Op op = means_amount(s) ? Op::times : Op::divide;
    if (const auto size = known_size(s.compartment)) {
        variable.value = op == Op::times ? other * *size : other / *size;
        return std::nullopt;
    }
    const auto make = [this, &s, op, other] {
        return graph_.apply(op, {graph_.number(other), start_[s.compartment]});
    };
    return Definition{s.id, {s.compartment}, make};
}

NodeId Lowering::add_input(const Variable& v, bool has_fallback) {
    const double value = v.value.value_or(std::numeric_limits<double>::quiet_NaN());
    const bool required = !v.value && !has_fallback;  // a NaN that the model gives is a value
    system_.input_index.emplace(v.id, system_.inputs.size());
    system_.inputs.push_back({v.kind, std::string(v.id), std::string(v.name), value, required, v.span});
    system_.completed.push_back(graph_.parameter(static_cast<std::uint32_t>(system_.completed.size())));
    return system_.completed.back();
}

void Lowering::define_along_run(const Variable& v, NodeId given) {
    const Species* s = v.species;
    const bool has_rate_rule = rule(v.id, RuleKind::rate);
    if (has_rate_rule || (s && is_changed(*s))) {
        const NodeId state = graph_.state(static_cast<std::uint32_t>(system_.states.size()));
        system_.states.emplace_back(v.id);
        amount_states_.push_back(has_rate_rule ? nullptr : s);
        if (!has_rate_rule) amounts_.emplace(v.id, state);
        if (has_rate_rule || means_amount(*s)) return run_.define({v.id, {}, [state] { return state; }});
        const auto make = [this, s, state] {
            return graph_.apply(Op::divide, {state, run_[s->compartment]});
        };
        run_.define({v.id, {s->compartment}, make});
    } else if (s && rules_.contains(s->compartment) && !means_amount(*s)) {
        held_.push_back(s);
        const auto make = [this, s, index = held_.size() - 1] {
            const NodeId held = graph_.parameter(static_cast<std::uint32_t>(system_.inputs.size() + index));
            amounts_.emplace(s->id, held);
            return graph_.apply(Op::divide, {held, run_[s->compartment]});
        };
        run_.define({v.id, {s->compartment}, make});
    } else {
        run_.define({v.id, {}, [given] { return given; }});
    }
}

// `k` of reaction `J` is the input `J_k`, or `J_k_` where that is taken.
std::unordered_map<std::string_view, NodeId> Lowering::add_local_parameters(const Reaction& reaction) {
    std::unordered_map<std::string_view, NodeId> locals;
    for (const LocalParameter& local : reaction.local_parameters) {
        std::string id = reaction.id + "_" + local.id;
        while (!ids_.insert(id).second) id += "_";
        const Variable variable{id, local.name, Input::Kind::parameter, local.value, local.span};
        locals.emplace(local.id, add_input(variable, false));
    }
    return locals;
}

void Lowering::define(const Reaction& reaction) {
    if (!reaction.kinetic_law) {
        throw Error(Fault::unsupported, "reaction '" + reaction.id + "' has no rate, so it has no equations");
    }
    const auto locals = add_local_parameters(reaction);
    for (Moment* moment : {&start_, &run_}) {
        Definition law = formula(reaction.id, *reaction.kinetic_law, *moment);
        std::erase_if(law.needs, [&](std::string_view name) { return locals.contains(name); });
        law.make = [this, &reaction, moment, locals] {
            return reader_.read(*reaction.kinetic_law, [&](const std::string& symbol) {
                const auto local = locals.find(symbol);
                return local == locals.end() ? (*moment)[symbol] : local->second;
            });
        };
        moment->define(std::move(law));
    }
}

// ---- what follows from them ----

NodeId Lowering::amount(const Species& s, const Moment& moment) {
    const auto at_hand = amounts_.find(s.id);
    if (&moment == &run_ && at_hand != amounts_.end()) return at_hand->second;
    if (means_amount(s)) return moment[s.id];
    return graph_.apply(Op::times, {moment[s.id], moment[s.compartment]});
}

NodeId Lowering::concentration(const Species& s, const Moment& moment) {
    if (!means_amount(s)) return moment[s.id];
    return graph_.apply(Op::divide, {moment[s.id], moment[s.compartment]});
}

void Lowering::add_start() {
    for (const auto& [input, id] : incomplete_) system_.completed[input] = start_[id];
    for (const Species* s : held_) {
        system_.derived.push_back("amount(" + s->id + ")");
        system_.derived_values.push_back(amount(*s, start_));
    }
    for (std::size_t i = 0; i < system_.states.size(); ++i) {
        const Species* s = amount_states_[i];
        system_.initial.push_back(s ? amount(*s, start_) : start_[system_.states[i]]);
    }
}

// Each row is a sum over sources: rates of reactions first, then rate rules.
void Lowering::add_equations() {
    std::vector<NodeId> sources;
    for (const Reaction& reaction : network_.reactions) sources.push_back(run_[reaction.id]);
    std::vector<std::map<std::size_t, double>> rows;
    for (std::size_t i = 0; i < system_.states.size(); ++i) {
        if (amount_states_[i]) {
            rows.push_back(changes_.at(system_.states[i]));
            std::erase_if(rows.back(), [](const auto& change) { return change.second == 0; });
        } else {
            const Math& math = *rule(system_.states[i], RuleKind::rate)->math;
            rows.push_back({{sources.size(), 1}});
            sources.push_back(reader_.read(math, [&](const std::string& symbol) { return run_[symbol]; }));
        }
    }
    for (const auto& row : rows) {
        std::vector<Term> terms;
        for (const auto& [source, coefficient] : row) terms.push_back({coefficient, sources[source]});
        system_.rhs.push_back(add_up(graph_, terms));
    }
    add_jacobian(sources, rows);
}

// d rhs / d y is the same sum over the sources' gradients.
void Lowering::add_jacobian(std::span<const NodeId> sources,
                            const std::vector<std::map<std::size_t, double>>& rows) {
    const std::vector<Gradient> gradient = gradients(graph_, sources);
    std::vector<std::map<std::uint32_t, std::vector<Term>>> columns(system_.states.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        for (const auto& [source, coefficient] : rows[row]) {
            for (const auto& [state, d] : gradient[source]) columns[state][row].push_back({coefficient, d});
        }
    }
    system_.column_start.push_back(0);
    for (const auto& column : columns) {
        for (const auto& [row, terms] : column) {
            const NodeId entry = add_up(graph_, terms);
            if (graph_.is_number(entry, 0)) continue;
            system_.row_index.push_back(row);
            system_.jacobian.push_back(entry);
        }
        system_.column_start.push_back(static_cast<std::uint32_t>(system_.row_index.size()));
    }
}

void Lowering::add_output(std::string name, NodeId node) {
    system_.output_index.emplace(name, node);
    system_.outputs.push_back({std::move(name), node});
}

void Lowering::add_outputs() {
    for (const Species& s : network_.species) {
        add_output(s.id, run_[s.id]);
        add_output("[" + s.id + "]", concentration(s, run_));
        add_output("amount(" + s.id + ")", amount(s, run_));
    }
    for (const Reaction& reaction : network_.reactions) add_output(reaction.id, run_[reaction.id]);
    for (const Compartment& c : network_.compartments) {
        if (!c.implicit) add_output(c.id, run_[c.id]);
    }
    for (const GlobalParameter& p : network_.parameters) add_output(p.id, run_[p.id]);
    for (std::size_t i = 0; i < system_.inputs.size(); ++i) {  // those left are local parameters
        const std::string& id = system_.inputs[i].id;
        if (!system_.output_index.contains(id))
            add_output(id, graph_.parameter(static_cast<std::uint32_t>(i)));
    }
    system_.output_index.emplace("time", graph_.time());
}

OdeSystem Lowering::run() {
    system_.id = network_.id;
    refuse();
    for (const Compartment& compartment : network_.compartments) define(compartment);
    for (const Species& species : network_.species) define(species);
    for (const GlobalParameter& p : network_.parameters) {
        define({p.id, p.name, Input::Kind::parameter, p.value, p.span});
    }
    for (const Reaction& reaction : network_.reactions) define(reaction);
    run_.settle();
    add_equations();
    start_.settle();
    add_start();
    add_outputs();
    return std::move(system_);
}

}  // namespace

OdeSystem lower(const Network& network) {
    return Lowering(network).run();
}

}  // namespace rondo
