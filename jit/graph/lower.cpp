// lower.cpp: what every name of a network is worth, at the start of a run and along it.
#include "jit/graph/lower.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsl/syntax/error.h"

namespace rondo {

Lowering::Lowering(const Network& network)
    : network_(network), graph_(system_.graph), reader_(graph_, network.functions) {
    index_network();
    reader_.set_delay([this](NodeId value, NodeId lag) { return at_start_ ? value : add_delay(value, lag); });
}

// ---- what the network says ----

void Lowering::index_network() {
    for (const Compartment& c : network_.compartments) compartments_.emplace(c.id, &c);
    for (const Species& s : network_.species) species_.emplace(s.id, &s);
    for (const Rule& r : network_.rules) {
        if (r.kind != RuleKind::algebraic) rules_.emplace(r.variable, &r);
    }
    for (const InitialAssignment& a : network_.initial_assignments)
        initial_assignments_.emplace(a.symbol, &a);
    for (const Event& event : network_.events) {
        for (const EventAssignment& a : event.assignments) event_targets_.insert(a.variable);
    }
    for (const Compartment& c : network_.compartments) ids_.insert(c.id);
    for (const Species& s : network_.species) ids_.insert(s.id);
    for (const GlobalParameter& p : network_.parameters) ids_.insert(p.id);
    index_effects();
}

void Lowering::index_effects() {
    for (std::size_t i = 0; i < network_.reactions.size(); ++i) {
        const Reaction& reaction = network_.reactions[i];
        ids_.insert(reaction.id);
        const auto add = [&](const SpeciesReference& r, double sign) {
            if (r.id.empty()) {
                effects_[r.species].push_back({i, sign * r.stoichiometry, {}});
            } else {
                effects_[r.species].push_back({i, sign, r.id});
                stoichiometries_.insert(r.id);
                ids_.insert(r.id);
            }
        };
        for (const SpeciesReference& r : reaction.reactants) add(r, -1);
        for (const SpeciesReference& r : reaction.products) add(r, 1);
    }
}

const Rule* Lowering::rule(std::string_view id, RuleKind kind) const {
    const auto found = rules_.find(id);
    return found != rules_.end() && found->second->kind == kind ? found->second : nullptr;
}

bool Lowering::is_changed(const Species& species) const {
    return !species.boundary && !species.constant && effects_.contains(species.id);
}

bool Lowering::is_state(const Variable& v) const {
    return rule(v.id, RuleKind::rate) || constrained_.contains(v.id) || (v.species && is_changed(*v.species));
}

bool Lowering::varies(std::string_view id) const {
    return rules_.contains(id) || event_targets_.contains(id) || solved_.contains(id) ||
           constrained_.contains(id);
}

std::string_view Lowering::conversion_factor(const Species& species) const {
    return species.conversion_factor.empty() ? network_.conversion_factor : species.conversion_factor;
}

// A compartment without dimensions has no concentrations.
bool Lowering::means_amount(const Species& species) const {
    return species.substance_only || compartments_.at(species.compartment)->dimensions == 0;
}

// A size at the start that is a plain number.
std::optional<double> Lowering::known_size(std::string_view id) const {
    const Compartment& compartment = *compartments_.at(id);
    if (compartment.implicit) return 1;
    if (rule(id, RuleKind::assignment) || solved_.contains(id) || initial_assignments_.contains(id))
        return std::nullopt;
    return compartment.size.value_or(1);
}

// ---- definitions of names ----

// Names of rates that the formula mentions are noted, to be defined.
std::vector<std::string_view> Lowering::needs(const Math& math) {
    std::vector<std::string_view> names;
    add_names(math, names);
    const std::function<void(const Math&)> add_rates = [&](const Math& part) {
        if (part.op == Op::delay && has_rate(*part.args[0])) {
            throw Error(Fault::unsupported,
                        "'" + to_text(part) + "' is not supported: what was a rate before the start is open");
        }
        if (part.op == Op::rate_of) names.push_back(*rates_of_.insert(to_text(part)).first);
        for (const MathPtr& argument : part.args) add_rates(*argument);
    };
    add_rates(math);
    return names;
}

// Whether a rate of change is read, also behind assignment rules.
bool Lowering::has_rate(const Math& math) const {
    const Rule* assigned = math.op == Op::symbol ? rule(math.name, RuleKind::assignment) : nullptr;
    return math.op == Op::rate_of || (assigned && has_rate(*assigned->math)) ||
           std::ranges::any_of(math.args, [this](const MathPtr& part) { return has_rate(*part); });
}

NodeId Lowering::read(const Math& math, const Moment& moment) {
    at_start_ = &moment == &start_;
    return reader_.read(math, [&](const std::string& symbol) { return moment[symbol]; });
}

Definition Lowering::formula(std::string_view name, const Math& math, const Moment& moment) {
    return {name, needs(math), [this, &math, &moment] { return read(math, moment); }};
}

void Lowering::define(const Compartment& c) {
    if (!c.implicit || varies(c.id))
        return define({c.id, c.name, Input::Kind::compartment, c.size.value_or(1), c.span});
    for (Moment* moment : {&start_, &run_}) moment->define({c.id, {}, [this] { return graph_.number(1); }});
}

void Lowering::define(const Species& s) {
    const auto& given = means_amount(s) ? s.initial_amount : s.initial_concentration;
    define({s.id, s.name, Input::Kind::initial_value, given, s.span, &s});
}

void Lowering::define(const SpeciesReference& r) {
    if (r.id.empty()) return;
    const bool given = !std::isnan(r.stoichiometry);
    define({r.id, r.name, Input::Kind::parameter, given ? std::optional(r.stoichiometry) : std::nullopt,
            r.span});
}

void Lowering::define(const Variable& variable) {
    if (const Rule* assigned = rule(variable.id, RuleKind::assignment)) {
        system_.ruled.emplace_back(variable.id);
        start_.define(formula(variable.id, *assigned->math, start_));
        run_.define(formula(variable.id, *assigned->math, run_));
        return;
    }
    if (const auto found = solved_.find(variable.id); found != solved_.end()) {
        system_.ruled.emplace_back(variable.id);
        start_.define(solution(variable.id, *found->second, start_));
        run_.define(solution(variable.id, *found->second, run_));
        return;
    }
    Variable v = variable;
    if (is_state(v) && v.kind == Input::Kind::parameter) v.kind = Input::Kind::initial_value;
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
    if (is_state(v)) {
        const auto index = static_cast<std::uint32_t>(system_.states.size());
        const NodeId state = graph_.state(index);
        const bool is_amount = s && is_changed(*s) && !rule(v.id, RuleKind::rate);
        system_.states.emplace_back(v.id);
        state_index_.emplace(v.id, index);
        amount_states_.push_back(is_amount ? s : nullptr);
        if (is_amount) amounts_.emplace(v.id, state);
        if (!is_amount || means_amount(*s)) return run_.define({v.id, {}, [state] { return state; }});
        const auto make = [this, s, state] {
            return graph_.apply(Op::divide, {state, run_[s->compartment]});
        };
        run_.define({v.id, {s->compartment}, make});
    } else if (s && varies(s->compartment) && !means_amount(*s)) {
        held_index_.emplace(v.id, static_cast<std::uint32_t>(held_.size()));
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

// A reaction without a rate does nothing.
void Lowering::define(const Reaction& reaction) {
    const auto locals = add_local_parameters(reaction);
    for (Moment* moment : {&start_, &run_}) {
        if (!reaction.kinetic_law) {
            moment->define({reaction.id, {}, [this] { return graph_.number(0); }});
            continue;
        }
        Definition law = formula(reaction.id, *reaction.kinetic_law, *moment);
        std::erase_if(law.needs, [&](std::string_view name) { return locals.contains(name); });
        law.make = [this, &reaction, moment, locals] {
            at_start_ = moment == &start_;
            return reader_.read(*reaction.kinetic_law, [&](const std::string& symbol) {
                const auto local = locals.find(symbol);
                return local == locals.end() ? (*moment)[symbol] : local->second;
            });
        };
        moment->define(std::move(law));
    }
}

// Its place in p comes after the held amounts.
NodeId Lowering::add_delay(NodeId value, NodeId lag) {
    if (graph_.is_number(lag, 0)) return value;
    for (std::size_t i = 0; i < system_.delays.size(); ++i) {
        if (system_.delays[i].value == value && system_.delays[i].lag == lag)
            return graph_.parameter(static_cast<std::uint32_t>(system_.inputs.size() + held_.size() + i));
    }
    system_.delays.push_back({value, lag});
    return graph_.parameter(
        static_cast<std::uint32_t>(system_.inputs.size() + held_.size() + system_.delays.size() - 1));
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
    const NodeId none = graph_.number(std::numeric_limits<double>::quiet_NaN());
    const auto keep = [&](const char* kind, std::size_t count) {
        const std::size_t first = system_.parameter_count();
        for (std::size_t i = 1; i <= count; ++i) {
            system_.derived.push_back(kind + std::to_string(i));
            system_.derived_values.push_back(none);
        }
        return first;
    };
    system_.first_delay = keep("delay ", system_.delays.size());
    system_.first_mode = keep("mode ", system_.modes.size());
    for (std::size_t i = 0; i < system_.states.size(); ++i) {
        const Species* s = amount_states_[i];
        system_.initial.push_back(s ? amount(*s, start_) : start_[system_.states[i]]);
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
        if (!c.implicit)
            add_output(c.id, run_[c.id]);
        else
            system_.output_index.emplace(c.id, run_[c.id]);
    }
    for (const GlobalParameter& p : network_.parameters) add_output(p.id, run_[p.id]);
    for (const Reaction& reaction : network_.reactions) {
        for (const auto* side : {&reaction.reactants, &reaction.products}) {
            for (const SpeciesReference& r : *side) {
                if (!r.id.empty()) add_output(r.id, run_[r.id]);
            }
        }
    }
    for (std::size_t i = 0; i < system_.inputs.size(); ++i) {  // those left are local parameters
        const std::string& id = system_.inputs[i].id;
        if (!system_.output_index.contains(id))
            add_output(id, graph_.parameter(static_cast<std::uint32_t>(i)));
    }
    system_.output_index.emplace("time", graph_.time());
}

OdeSystem Lowering::run() {
    system_.id = network_.id;
    match_algebraic_rules();
    for (const Compartment& compartment : network_.compartments) define(compartment);
    for (const Species& species : network_.species) define(species);
    for (const GlobalParameter& p : network_.parameters) {
        define({p.id, p.name, Input::Kind::parameter, p.value, p.span});
    }
    for (const Reaction& reaction : network_.reactions) {
        for (const auto* side : {&reaction.reactants, &reaction.products}) {
            for (const SpeciesReference& r : *side) define(r);
        }
    }
    for (const Reaction& reaction : network_.reactions) define(reaction);
    define_rates_of();
    run_.settle();
    read_rate_rules();
    read_events();
    keep_modes();
    add_equations();
    start_.settle();
    add_start();
    add_outputs();
    return std::move(system_);
}

OdeSystem lower(const Network& network) {
    return Lowering(network).run();
}

}  // namespace rondo
