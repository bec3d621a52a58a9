// resolve_network.cpp: the elements of the network that symbols and reactions make.
#include <algorithm>
#include <limits>

#include "dsl/model/resolver.h"

namespace rondo {

// `x := 3` also sets the value of x.
std::optional<double> Resolver::value_of(const ModelSymbol& symbol) const {
    const auto plain = [](const Assigned& assigned) -> std::optional<double> {
        return assigned.value && !assigned.factor ? plain_number(*assigned.value) : std::nullopt;
    };
    const auto ruled = plain(symbol.assignment);
    return ruled ? ruled : plain(symbol.initial);
}

// `S = 3/C` with its own compartment is how an amount is written.
std::optional<double> Resolver::amount_of(const ModelSymbol& species, const std::string& compartment) const {
    const Assigned& initial = species.initial;
    if (!initial.value || initial.factor || species.substance_only || species.assignment.value) return {};
    const Expr& expr = *initial.value;
    if (expr.kind != ExprKind::binary || expr.text != "/" || expr.grouped) return {};
    const Expr& below = *expr.children[1];
    if (below.kind != ExprKind::name || below.grouped) return {};
    const ModelSymbol* named = symbols_.find(full_name(*initial.scope, below.text));
    if ((named ? named->id : below.text) != compartment) return {};
    return plain_number(*expr.children[0]);
}

void Resolver::build_symbols() {
    for (const ModelSymbol& symbol : symbols_.all) {
        if (symbol.gone) continue;
        const bool constant = !variable_.contains(&symbol);
        const auto value = value_of(symbol);
        if (symbol.kind == SymbolKind::compartment)
            network_.compartments.push_back({.id = flat(symbol.id),
                                             .name = symbol.title,
                                             .size = value,
                                             .constant = constant,
                                             .span = symbol.span,
                                             .units = unit_of(symbol)});
        if (symbol.kind == SymbolKind::parameter)
            network_.parameters.push_back(
                {flat(symbol.id), symbol.title, value, constant, symbol.span, unit_of(symbol)});
        if (symbol.kind == SymbolKind::species) build_species(symbol, value);
    }
}

void Resolver::build_species(const ModelSymbol& symbol, std::optional<double> value) {
    const std::string compartment = compartment_of(symbol);
    Species species{
        .id = flat(symbol.id), .name = symbol.title, .compartment = flat(compartment), .span = symbol.span};
    species.boundary = symbol.constancy == Constancy::constant;
    species.substance_only = symbol.substance_only;
    species.initial_amount = symbol.substance_only ? value : amount_of(symbol, compartment);
    if (!symbol.substance_only) species.initial_concentration = value;
    species.substance_units = substance_unit_of(symbol);
    if (!symbol.conversion_factor.empty())
        species.conversion_factor = flat(symbols_.find(symbol.conversion_factor)->id);
    network_.species.push_back(std::move(species));
}

// ---- reactions ----

namespace {}  // namespace

// One symbol may be the stoichiometry of several: the others follow it.
SpeciesReference Resolver::reference(const SpeciesTerm& term, const ReactionEntry& entry) {
    const Alias species = symbols_.look_up(full_name(*entry.scope, term.species.text));
    SpeciesReference reference{flat(species.symbol->id), term.stoichiometry, term.span};
    MathPtr computed;
    if (!term.symbol.empty()) {
        const ModelSymbol& symbol = *symbols_.find(full_name(*entry.scope, term.symbol.text));
        reference.id = flat(symbol.id);
        if (references_named_.insert(reference.id).second && !species.factor) {
            reference.name = symbol.title;
            reference.constant = !variable_.contains(&symbol);
            reference.stoichiometry = value_of(symbol).value_or(std::numeric_limits<double>::quiet_NaN());
            return reference;
        }
        computed = make_symbol(reference.id, term.span);
    }
    if (species.factor) {
        const MathPtr factor = placed(species.factor, symbols_.scopes[0]);
        if (!computed && factor->op == Op::number) {
            reference.stoichiometry *= factor->value;
            return reference;
        }
        computed =
            make_math(Op::times, {factor, computed ? computed : make_number(term.stoichiometry)}, term.span);
    }
    if (!computed) return reference;
    reference.id = flat(entry.id) + "_" + reference.species + "_stoich";
    while (symbols_.find(reference.id) || !references_named_.insert(reference.id).second) reference.id += '_';
    reference.stoichiometry = std::numeric_limits<double>::quiet_NaN();
    reference.constant = false;
    network_.rules.push_back({RuleKind::assignment, reference.id, computed, term.span});
    return reference;
}

std::vector<SpeciesReference> Resolver::references(const std::vector<SpeciesTerm>& terms,
                                                   const ReactionEntry& entry) {
    std::vector<SpeciesReference> result;
    for (const SpeciesTerm& term : terms) {
        const ModelSymbol* species = symbols_.find(full_name(*entry.scope, term.species.text));
        if (!species->gone) result.push_back(reference(term, entry));
    }
    return result;
}

void Resolver::build_reactions() {
    std::unordered_map<const ModelSymbol*, const Formula*> laws;
    for (const Formula& formula : formulas_)
        if (formula.role == Role::law) laws[formula.symbol] = &formula;
    const auto build = [&](const ModelSymbol& symbol, Reaction reaction) {
        const auto law = laws.find(&symbol);
        if (law != laws.end()) reaction.kinetic_law = law->second->math;
        add_modifiers(reaction);
        network_.reactions.push_back(std::move(reaction));
    };
    const auto place = [&](const std::string& id) { return id.empty() ? "" : flat(symbols_.find(id)->id); };
    for (const ReactionEntry& entry : symbols_.reactions) {
        const ModelSymbol& symbol = *symbols_.find(entry.id);
        if (symbol.gone || symbol.id != entry.id) continue;
        const std::string& written = entry.statement->compartment.text;
        build(symbol,
              {.id = flat(entry.id),
               .name = symbol.title,
               .compartment = place(written.empty() ? symbol.compartment : full_name(*entry.scope, written)),
               .reversible = entry.statement->reversible,
               .reactants = references(entry.statement->reactants, entry),
               .products = references(entry.statement->products, entry),
               .span = entry.span});
    }
    for (const ModelSymbol& symbol : symbols_.all)
        if (symbol.kind == SymbolKind::reaction && !symbol.gone && !entry_of_.contains(symbol.id))
            build(symbol, {.id = flat(symbol.id),
                           .name = symbol.title,
                           .compartment = place(symbol.compartment),
                           .span = symbol.span});
    add_interactions();
}

void Resolver::add_modifiers(Reaction& reaction) {
    if (!reaction.kinetic_law) return;
    std::unordered_set<std::string> seen;
    for (const auto& reference : reaction.reactants) seen.insert(reference.species);
    for (const auto& reference : reaction.products) seen.insert(reference.species);
    for_each_symbol(*reaction.kinetic_law, [&](const Math& name) {
        const ModelSymbol* symbol = find_flat(name.name);
        const bool species = symbol && symbol->kind == SymbolKind::species;
        if (species && seen.insert(name.name).second) reaction.modifiers.push_back(name.name);
    });
}

// An agent is a modifier whether the rate names it or not.
void Resolver::add_interactions() {
    constexpr const char* properties[] = {"activator", "inhibitor", "influence"};
    for (const auto& entry : symbols_.interactions) {
        const InteractionStatement& interaction = *entry.statement;
        const std::string id = flat(symbols_.find(full_name(*entry.scope, interaction.reaction.text))->id);
        const auto reaction = std::find_if(network_.reactions.begin(), network_.reactions.end(),
                                           [&](const Reaction& r) { return r.id == id; });
        if (reaction == network_.reactions.end()) continue;
        for (const Name& agent : interaction.agents) {
            const std::string species = flat(symbols_.find(full_name(*entry.scope, agent.text))->id);
            const auto named =
                reaction->kinetic_law ? symbol_names(*reaction->kinetic_law) : std::vector{species};
            if (std::ranges::find(named, species) == named.end())
                diagnostics_->warning(agent.span, "'" + agent.text + "' acts on '" +
                                                      interaction.reaction.text +
                                                      "' but does not stand in its rate");
            if (std::ranges::find(reaction->modifiers, species) == reaction->modifiers.end())
                reaction->modifiers.push_back(species);
            Remark remark{.of = id,
                          .property = properties[static_cast<std::size_t>(interaction.influence)],
                          .values = {species},
                          .span = entry.span};
            if (!interaction.id.empty()) remark.values.push_back(interaction.id.text);
            network_.remarks.push_back(std::move(remark));
        }
    }
}

// ---- formulas ----

void Resolver::build_formulas() {
    for (const Formula& formula : formulas_) {
        if (!formula.math) continue;
        const std::string id = formula.symbol ? flat(formula.symbol->id) : "";
        if (formula.role == Role::assignment)
            network_.rules.push_back({RuleKind::assignment, id, formula.math, formula.span});
        if (formula.role == Role::rate)
            network_.rules.push_back({RuleKind::rate, id, formula.math, formula.span});
        if (formula.role == Role::algebraic) {
            const AlgebraicStatement& rule = *symbols_.algebraic[formula.owner].statement;
            const MathPtr math =
                rule.value == 0 ? formula.math
                                : make_math(Op::minus, {formula.math, make_number(rule.value)}, formula.span);
            network_.rules.push_back(
                {RuleKind::algebraic, "", math, formula.span, flat(symbols_.algebraic[formula.owner].id)});
        }
        if (formula.role != Role::initial) continue;
        const bool species = formula.symbol->kind == SymbolKind::species;
        if (species && amount_of(*formula.symbol, compartment_of(*formula.symbol))) continue;
        network_.initial_assignments.push_back({id, formula.math, formula.span});
    }
}

void Resolver::build_events() {
    std::vector<Event> events;
    for (const EventEntry& entry : symbols_.events)
        events.push_back({.id = flat(entry.id),
                          .name = titles_[entry.id],
                          .initial_value = entry.statement->initial_value,
                          .persistent = entry.statement->persistent,
                          .use_values_from_trigger_time = entry.statement->use_values_from_trigger_time,
                          .span = entry.span});
    for (const Formula& formula : formulas_) {
        const bool dropped = !formula.math || (formula.symbol && formula.symbol->gone);
        if (formula.role == Role::trigger) events[formula.owner].trigger = formula.math;
        if (formula.role == Role::delay) events[formula.owner].delay = formula.math;
        if (formula.role == Role::priority) events[formula.owner].priority = formula.math;
        if (formula.role == Role::event_assignment && !dropped)
            events[formula.owner].assignments.push_back(
                {flat(formula.symbol->id), formula.math, formula.span});
    }
    for (Event& event : events)  // a deleted one, or one that uses what is deleted, has no trigger
        if (event.trigger) network_.events.push_back(std::move(event));
}

// ---- flux balance ----

// `-10 < J <= k`: bounds of the rate of J.
void Resolver::add_flux_bounds(const Math& math, Span span) {
    if (math.op < Op::eq || math.op > Op::geq || math.op == Op::neq) return;
    for (std::size_t i = 0; i + 1 < math.args.size(); ++i) {
        const MathPtr &left = math.args[i], &right = math.args[i + 1];
        const auto is_reaction = [&](const MathPtr& side) {
            const ModelSymbol* symbol = side->op == Op::symbol ? find_flat(side->name) : nullptr;
            return symbol && symbol->kind == SymbolKind::reaction;
        };
        const bool below = math.op == Op::lt || math.op == Op::leq;
        const Op forward = math.op == Op::eq ? Op::eq : below ? Op::leq : Op::geq;
        const Op backward = math.op == Op::eq ? Op::eq : below ? Op::geq : Op::leq;
        if (is_reaction(left)) network_.flux_bounds.push_back({left->name, forward, right, span});
        if (is_reaction(right)) network_.flux_bounds.push_back({right->name, backward, left, span});
    }
}

void Resolver::build_constraints() {
    for (const Formula& formula : formulas_) {
        if (formula.role != Role::constraint || !formula.math) continue;
        const std::string& id = symbols_.constraints[formula.owner].id;
        network_.constraints.push_back(
            {.id = flat(id), .name = titles_[id], .math = formula.math, .message = {}, .span = formula.span});
        add_flux_bounds(*formula.math, formula.span);
    }
}

namespace {

// Adds the terms of a sum of reactions with numbers before them; false if it is something else.
bool add_terms(const Math& math, double sign, std::vector<std::pair<double, std::string>>& terms) {
    if (math.op == Op::symbol) return terms.emplace_back(sign, math.name), true;
    if (math.op == Op::negate) return add_terms(*math.args[0], -sign, terms);
    if (math.op == Op::plus)
        return std::all_of(math.args.begin(), math.args.end(),
                           [&](const MathPtr& term) { return add_terms(*term, sign, terms); });
    if (math.op == Op::minus)
        return add_terms(*math.args[0], sign, terms) && add_terms(*math.args[1], -sign, terms);
    if (math.op == Op::times && math.args.size() == 2 && math.args[0]->op == Op::number)
        return add_terms(*math.args[1], sign * math.args[0]->value, terms);
    if (math.op == Op::times && math.args.size() == 2 && math.args[1]->op == Op::number)
        return add_terms(*math.args[0], sign * math.args[1]->value, terms);
    return false;
}

}  // namespace

void Resolver::build_objectives() {
    for (const Formula& formula : formulas_) {
        if (formula.role != Role::objective || !formula.math) continue;
        const auto& entry = symbols_.objectives[formula.owner];
        FluxObjective objective{.id = flat(entry.id),
                                .name = titles_[entry.id],
                                .maximize = entry.statement->maximize,
                                .active = network_.objectives.empty(),
                                .terms = {},
                                .span = entry.span};
        if (!add_terms(*formula.math, 1, objective.terms))
            diagnostics_->error(entry.span, "an objective is a sum of reactions",
                                "such as 'maximize 2*J1 + J2'");
        if (!network_.objectives.empty())
            diagnostics_->error(
                entry.span, "a model has one objective",
                "the first is on line " + std::to_string(line_of(network_.objectives[0].span)));
        network_.objectives.push_back(std::move(objective));
    }
}

void Resolver::build_conversions() {
    for (const auto& entry : symbols_.conversions)
        if (entry.statement->of.empty() && entry.scope->prefix.empty())
            network_.conversion_factor =
                flat(symbols_.find(full_name(*entry.scope, entry.statement->factor.text))->id);
}

}  // namespace rondo
