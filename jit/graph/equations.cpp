// equations.cpp: rates of change, and the equations of motion made of them.
#include <algorithm>

#include "dsl/syntax/error.h"
#include "jit/graph/lower.h"

namespace rondo {

NodeId add_up(Graph& graph, const Sum& sum) {
    NodeId total = graph.number(0);
    for (const auto& [node, coefficient] : sum) {
        const NodeId size =
            graph.apply(Op::times, {graph.number(coefficient < 0 ? -coefficient : coefficient), node});
        total = graph.apply(coefficient < 0 ? Op::minus : Op::plus, {total, size});
    }
    return total;
}

// ---- rates of change as values: rateOf(x) ----

// Rates may need rates of compartments: definitions are added until no name is new.
void Lowering::define_rates_of() {
    for (const Rule& r : network_.rules) {
        if (r.math) needs(*r.math);
    }
    for (const Event& event : network_.events) {
        for (const MathPtr& math : {event.trigger, event.delay, event.priority}) {
            if (math) needs(*math);
        }
        for (const EventAssignment& a : event.assignments) needs(*a.math);
    }
    std::set<std::string_view> defined;
    for (bool more = true; std::exchange(more, false);) {
        const std::vector<std::string_view> names(rates_of_.begin(), rates_of_.end());
        for (const std::string_view name : names) {
            if (!defined.insert(name).second) continue;
            more = true;
            for (Moment* moment : {&start_, &run_}) define_rate_of(name, *moment);
        }
    }
}

// name: "rateOf(x)"
void Lowering::define_rate_of(std::string_view name, Moment& moment) {
    const std::string_view id = name.substr(7, name.size() - 8);
    if (const Rule* r = rule(id, RuleKind::rate)) return moment.define(formula(name, *r->math, moment));
    if (rule(id, RuleKind::assignment) || solved_.contains(id) || constrained_.contains(id)) {
        throw Error(Fault::unsupported, "'" + std::string(name) + "' is not supported: a rule computes '" +
                                            std::string(id) + "'");
    }
    const auto found = species_.find(id);
    const Species* s = found == species_.end() ? nullptr : found->second;
    const bool moves_with_size = s && !means_amount(*s) && varies(s->compartment);
    if (!s || (!is_changed(*s) && !moves_with_size)) {
        return moment.define({name, {}, [this] { return graph_.number(0); }});
    }
    Definition definition{name, {s->compartment, s->id}, {}};
    if (is_changed(*s)) {
        for (const Effect& effect : effects_.at(s->id)) {
            definition.needs.push_back(network_.reactions[effect.reaction].id);
            if (!effect.stoichiometry.empty()) definition.needs.push_back(effect.stoichiometry);
        }
        if (!conversion_factor(*s).empty()) definition.needs.push_back(conversion_factor(*s));
    }
    std::string_view of_size;
    if (moves_with_size) {
        of_size = *rates_of_.insert("rateOf(" + s->compartment + ")").first;
        definition.needs.push_back(of_size);
    }
    definition.make = [this, s, of_size, &moment] {
        NodeId rate = is_changed(*s) ? add_up(graph_, amount_rate(*s, moment)) : graph_.number(0);
        if (means_amount(*s)) return rate;
        if (!of_size.empty()) {
            rate = graph_.apply(Op::minus, {rate, graph_.apply(Op::times, {moment[s->id], moment[of_size]})});
        }
        return graph_.apply(Op::divide, {rate, moment[s->compartment]});
    };
    moment.define(std::move(definition));
}

// ---- equations ----

// What an effect is multiplied by, beside its coefficient.
NodeId Lowering::factor(const Species& species, const Effect& effect, const Moment& moment) {
    const std::string_view conversion = conversion_factor(species);
    const NodeId stoichiometry =
        effect.stoichiometry.empty() ? graph_.number(1) : moment[effect.stoichiometry];
    return conversion.empty() ? stoichiometry : graph_.apply(Op::times, {moment[conversion], stoichiometry});
}

// Without fast reactions, whose rates follow from the rest. What one reaction does in several places is
// added.
Sum Lowering::amount_rate(const Species& species, const Moment& moment) {
    Sum sum;
    std::size_t reaction = network_.reactions.size(), first = 0;
    for (const Effect& effect : effects_.at(species.id)) {
        if (network_.reactions[effect.reaction].fast) continue;
        if (std::exchange(reaction, effect.reaction) != effect.reaction) first = sum.size();
        const NodeId node = graph_.apply(
            Op::times, {factor(species, effect, moment), moment[network_.reactions[effect.reaction].id]});
        const auto same = std::find_if(sum.begin() + static_cast<std::ptrdiff_t>(first), sum.end(),
                                       [&](const Term& term) { return term.node == node; });
        if (same == sum.end())
            sum.push_back({node, effect.coefficient});
        else
            same->coefficient += effect.coefficient;
    }
    std::erase_if(sum, [](const Term& term) { return term.coefficient == 0; });
    return sum;
}

void Lowering::read_rate_rules() {
    for (std::uint32_t i = 0; i < system_.states.size(); ++i) {
        const Rule* r = amount_states_[i] ? nullptr : rule(system_.states[i], RuleKind::rate);
        if (r) rate_rules_[i] = read(*r->math, run_);
    }
}

void Lowering::add_equations() {
    std::vector<Sum> rows;
    for (std::uint32_t i = 0; i < system_.states.size(); ++i) {
        rows.push_back(amount_states_[i]         ? amount_rate(*amount_states_[i], run_)
                       : rate_rules_.contains(i) ? Sum{{rate_rules_.at(i), 1}}
                                                 : Sum{});
    }
    constrain(rows);
    for (const Sum& row : rows) system_.rhs.push_back(add_up(graph_, row));
    add_jacobian(rows);
}

// d rhs / d y is the same sum over the sources' gradients.
void Lowering::add_jacobian(const std::vector<Sum>& rows) {
    std::map<NodeId, std::size_t> place;
    for (const Sum& row : rows) {
        for (const auto& [source, coefficient] : row) place.emplace(source, 0);
    }
    std::vector<NodeId> sources;
    for (auto& [source, index] : place) {
        index = sources.size();
        sources.push_back(source);
    }
    const std::vector<Gradient> gradient = gradients(graph_, sources);
    std::vector<std::map<std::uint32_t, Sum>> columns(system_.states.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        for (const auto& [source, coefficient] : rows[row]) {
            for (const auto& [state, d] : gradient[place.at(source)])
                columns[state][row].push_back({d, coefficient});
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

}  // namespace rondo
