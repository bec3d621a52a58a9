// symbols.cpp: one pass over the statements.
#include "dsl/model/symbols.h"

#include <utility>

#include "dsl/model/collector.h"

namespace rondo {

std::string_view word(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::species: return "species";
        case SymbolKind::compartment: return "compartment";
        case SymbolKind::reaction: return "reaction";
        case SymbolKind::stoichiometry: return "stoichiometry";
        case SymbolKind::gene_product: return "gene product";
        default: return "parameter";
    }
}

Alias Symbols::look_up(std::string_view id) const {
    const auto found = index_.find(id);
    if (found == index_.end()) return {};
    Alias alias = found->second;
    while (alias.symbol->id != id) {
        id = alias.symbol->id;
        const Alias& next = index_.find(id)->second;
        if (next.factor)
            alias.factor = alias.factor ? make_math(Op::times, {alias.factor, next.factor}) : next.factor;
        alias.symbol = next.symbol;
    }
    return alias;
}

ModelSymbol& Symbols::at(const std::string& id, Span span) {
    if (ModelSymbol* known = find(id)) return *known;
    ModelSymbol& made = all.emplace_back(ModelSymbol{.id = id, .span = span});
    index_.emplace(made.id, Alias{&made});
    return made;
}

namespace {

MathPtr product(const MathPtr& a, const MathPtr& b) {
    return !a ? b : !b ? a : make_math(Op::times, {a, b});
}

bool has_value(const ModelSymbol& symbol) {
    return symbol.initial.value || symbol.assignment.value || symbol.rate.value;
}

}  // namespace

void Symbols::merge(ModelSymbol& first, ModelSymbol& second, const MathPtr& factor) {
    if (!has_value(second)) {
        for (Assigned ModelSymbol::*slot :
             {&ModelSymbol::initial, &ModelSymbol::assignment, &ModelSymbol::rate}) {
            second.*slot = first.*slot;
            (second.*slot).factor = product(factor, (second.*slot).factor);
        }
    }
    if (second.kind == SymbolKind::unspecified) second.kind = first.kind;
    if (second.constancy == Constancy::unspecified) second.constancy = first.constancy;
    if (second.compartment.empty()) second.compartment = first.compartment;
    if (second.placed.empty()) second.placed = first.placed;
    if (second.title.empty()) second.title = first.title;
    if (second.conversion_factor.empty()) second.conversion_factor = first.conversion_factor;
    if (!second.unit.unit && !second.unit.number) second.unit = first.unit;
    second.substance_only = second.substance_only || first.substance_only;
    first.gone = true;
    index_[first.id] = {&second, factor};
}

std::string full_name(const Scope& scope, const std::string& name) {
    return name == default_compartment ? name : scope.prefix + name;
}

Symbols Collector::collect(const ModelTree& model) {
    symbols_.scopes.push_back({"", &model});
    read_model(symbols_.scopes.back());
    return std::move(symbols_);
}

// Names of unnamed parts come last: they do not depend on where a written `_J1` stands.
void Collector::read_model(const Scope& scope) {
    const Scope* outer = std::exchange(scope_, &scope);
    const std::size_t reactions = symbols_.reactions.size(), events = symbols_.events.size();
    symbols_.unread.insert(scope.model->unread.begin(), scope.model->unread.end());
    for (const ModelStatement& statement : scope.model->statements) read(statement);
    name_unnamed(reactions, events);
    scope_ = outer;
}

void Collector::read(const ModelStatement& statement) {
    ++when_;
    std::visit([&](const auto& content) { read(content, statement.span); }, statement.content);
}

std::string Collector::free_id(const std::string& stem, int& next) {
    std::string id;
    do {
        id = full_name(*scope_, stem + std::to_string(next++));
    } while (symbols_.find(id));
    return id;
}

void Collector::name_unnamed(std::size_t first_reaction, std::size_t first_event) {
    int next = 0;
    for (std::size_t i = first_reaction; i < symbols_.reactions.size(); ++i) {
        ReactionEntry& reaction = symbols_.reactions[i];
        if (!reaction.id.empty()) continue;
        reaction.id = free_id("_J", next);
        become(symbols_.at(reaction.id, reaction.span), SymbolKind::reaction, reaction.span);
    }
    std::set<std::string> taken;
    for (const EventEntry& event : symbols_.events) taken.insert(event.id);
    next = 0;
    for (std::size_t i = first_event; i < symbols_.events.size(); ++i) {
        std::string& id = symbols_.events[i].id;
        while (id.empty()) {
            const std::string candidate = free_id("_E", next);
            if (taken.insert(candidate).second) id = candidate;
        }
    }
}

Alias Collector::alias(const Name& name) {
    const std::string id = full_name(*scope_, name.text);
    if (const Alias known = symbols_.look_up(id); known.symbol) return known;
    check_reach(name);
    if (constant_named(name.text))
        diagnostics_->error(name.span, "'" + name.text + "' is a constant of the language",
                            "choose another name");
    return {&symbols_.at(id, name.span)};
}

void Collector::become(ModelSymbol& symbol, SymbolKind kind, Span span) {
    if (symbol.kind == SymbolKind::unspecified) symbol.kind = kind;
    if (symbol.kind == kind) return;
    diagnostics_->error(span,
                        "'" + symbol.id + "' is a " + std::string(word(symbol.kind)) + " and cannot be a " +
                            std::string(word(kind)) + " too",
                        "first met on line " + std::to_string(line_of(symbol.span)));
}

std::uint32_t Collector::line_of(Span span) const {
    return diagnostics_->sources().place(span.file, span.begin).line;
}

// Its full name; empty if `name` is.
std::string Collector::compartment(const Name& name) {
    if (name.empty()) return {};
    ModelSymbol& found = symbol(name);
    become(found, SymbolKind::compartment, name.span);
    return found.id;
}

void Collector::read_side(const Terms& terms, const Name& in) {
    for (const SpeciesTerm& term : terms) {
        ModelSymbol& species = symbol(term.species);
        become(species, SymbolKind::species, term.span);
        ++species.mentions;
        if (term.boundary) species.constancy = Constancy::constant;
        if (species.placed.empty() && !in.empty()) species.placed = symbol(in).id;
        if (!term.symbol.empty()) become(symbol(term.symbol), SymbolKind::stoichiometry, term.symbol.span);
    }
}

void Collector::read(const ReactionStatement& reaction, Span span) {
    compartment(reaction.compartment);
    read_side(reaction.reactants, reaction.compartment);
    read_side(reaction.products, reaction.compartment);
    symbols_.reactions.push_back(entry(reaction, span, reaction.id.text));
    if (reaction.id.empty()) return;
    const auto [known, first] = reaction_spans_.emplace(symbols_.reactions.back().id, reaction.id.span);
    if (first) return become(symbol(reaction.id), SymbolKind::reaction, reaction.id.span);
    diagnostics_->error(reaction.id.span, "reaction '" + reaction.id.text + "' is defined twice",
                        "first on line " + std::to_string(line_of(known->second)));
    symbols_.reactions.pop_back();
}

void Collector::set(const Name& name, AssignmentKind kind, const ExprPtr& value, Span span) {
    const Alias target = alias(name);
    Assigned& slot = kind == AssignmentKind::initial      ? target.symbol->initial
                     : kind == AssignmentKind::assignment ? target.symbol->assignment
                                                          : target.symbol->rate;
    if (slot.value && value && slot.scope == scope_)
        diagnostics_->warning(slot.span, "this value of '" + name.text + "' is replaced",
                              "by that on line " + std::to_string(line_of(span)));
    slot = {value, span, when_, scope_, target.factor};
    const Expr* number = value.get();
    while (number && number->kind == ExprKind::unary) number = number->children[0].get();
    const bool with_unit = number && number->kind == ExprKind::number && !number->text.empty();
    if (with_unit) target.symbol->unit = {nullptr, number, scope_, number->span};
}

void Collector::read(const AssignmentStatement& assignment, Span span) {
    set(assignment.id, assignment.kind, assignment.value, span);
}

void Collector::read(const AlgebraicStatement& rule, Span span) {
    symbols_.algebraic.push_back(entry(rule, span, rule.id.text));
}

void Collector::read(const InStatement& in, Span) {
    const std::string place = compartment(in.compartment);
    ModelSymbol& placed = symbol(in.id);
    placed.compartment = place;
    placed.declared = true;
}

namespace {

SymbolKind kind_of(const DeclarationStatement& declaration, const DeclarationItem& item) {
    switch (declaration.declared) {
        case Declared::species: return SymbolKind::species;
        case Declared::compartment: return SymbolKind::compartment;
        case Declared::parameter:
        case Declared::operator_:
        case Declared::dna: return SymbolKind::parameter;
        case Declared::reaction: return SymbolKind::reaction;
        case Declared::gene_product: return SymbolKind::gene_product;
        case Declared::gene:
        case Declared::unspecified: break;
    }
    return item.boundary || declaration.substance_only ? SymbolKind::species : SymbolKind::unspecified;
}

}  // namespace

void Collector::read(const DeclarationStatement& declaration, Span) {
    for (const DeclarationItem& item : declaration.items) {
        const std::string place = compartment(item.compartment);
        ModelSymbol& declared = symbol(item.id);
        const SymbolKind kind = kind_of(declaration, item);
        if (kind != SymbolKind::unspecified) become(declared, kind, item.id.span);
        declared.declared = true;
        if (!place.empty()) declared.compartment = place;
        if (declaration.declared >= Declared::gene)
            symbols_.special.push_back({declared.id, declaration.declared, item.id.span});
        if (declaration.constancy != Constancy::unspecified) declared.constancy = declaration.constancy;
        if (item.boundary) declared.constancy = Constancy::constant;
        declared.substance_only = declared.substance_only || declaration.substance_only;
        if (item.has_value)
            set(item.id, item.kind, item.value,
                item.value ? join(item.id.span, item.value->span) : item.id.span);
        if (!item.unit.empty()) declared.unit = {&item.unit, nullptr, scope_, item.id.span};
    }
}

void Collector::read(const NameStatement& name, Span span) {
    symbols_.names.push_back(entry(name, span, name.id.text));
}

void Collector::read(const UnitStatement& unit, Span span) {
    symbols_.units.push_back(entry(unit, span, unit.id.text));
}

void Collector::read(const HasStatement& has, Span span) {
    symbol(has.id).unit = {&has.unit, nullptr, scope_, span};
}

void Collector::read(const RemarkStatement& remark, Span span) {
    symbols_.remarks.push_back(entry(remark, span, remark.of.text));
}

void Collector::read(const EventStatement& event, Span span) {
    for (const EventAssignmentTree& assignment : event.assignments) symbol(assignment.id);
    symbols_.events.push_back(entry(event, span, event.id.text));
}

void Collector::read(const ConstraintStatement& constraint, Span span) {
    symbols_.constraints.push_back(entry(constraint, span, constraint.id.text));
}

void Collector::read(const ObjectiveStatement& objective, Span span) {
    symbols_.objectives.push_back(entry(objective, span, objective.id.text));
}

void Collector::read(const InteractionStatement& interaction, Span span) {
    for (const Name& agent : interaction.agents) become(symbol(agent), SymbolKind::species, agent.span);
    ModelSymbol& reaction = symbol(interaction.reaction);
    become(reaction, SymbolKind::reaction, interaction.reaction.span);
    if (interaction.rate) reaction.initial = {interaction.rate, span, when_, scope_};
    symbols_.interactions.push_back(entry(interaction, span, interaction.id.text));
}

void Collector::read(const ConversionStatement& conversion, Span span) {
    const std::string factor = symbol(conversion.factor).id;
    if (!conversion.of.empty()) symbol(conversion.of).conversion_factor = factor;
    symbols_.conversions.push_back(entry(conversion, span, conversion.of.text));
}

void Collector::read(const StrandStatement& strand, Span span) {
    for (const Name& element : strand.elements) symbol(element);
    symbols_.strands.push_back(entry(strand, span, strand.id.text));
}

Symbols collect_symbols(const ModelTree& model, const std::vector<std::shared_ptr<const ModelTree>>& models,
                        Diagnostics& diagnostics) {
    return Collector(models, diagnostics).collect(model);
}

}  // namespace rondo
