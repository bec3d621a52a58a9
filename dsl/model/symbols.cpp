// symbols.cpp: one pass over the statements.
#include "dsl/model/symbols.h"

#include <unordered_set>

#include "dsl/model/math.h"

namespace rondo {

namespace {

class Collector {
  public:
    Collector(const std::vector<std::string>& unread, Diagnostics& diagnostics)
        : unread_(unread.begin(), unread.end()), diagnostics_(&diagnostics) {}

    void read(const ModelStatement& statement) {
        ++when_;
        switch (statement.kind) {
            case ModelStatement::Kind::reaction: return read(statement.reaction, statement.span);
            case ModelStatement::Kind::assignment: return read(statement.assignment, statement.span);
            case ModelStatement::Kind::declaration: return read(statement.declaration);
            case ModelStatement::Kind::in: return place(statement.in);
            case ModelStatement::Kind::name: names_.push_back(&statement.name); return;
        }
    }

    // Names come last: those of unnamed reactions do not depend on where a written `_J1` stands.
    Symbols finish() {
        int next = 0;
        for (ReactionEntry& reaction : symbols_.reactions) {
            if (!reaction.id.empty()) continue;
            do {
                reaction.id = "_J" + std::to_string(next++);
            } while (symbols_.find(reaction.id));
            become(symbols_.at(reaction.id, reaction.span), SymbolKind::reaction, reaction.span);
        }
        for (const NameStatement* name : names_)
            if (symbols_.find(name->id) || !unread_.contains(name->id))
                symbol(name->id, name->id_span).title = name->text;
        return std::move(symbols_);
    }

  private:
    Symbol& symbol(const std::string& id, Span span) {
        const bool first = !symbols_.find(id);
        Symbol& found = symbols_.at(id, span);
        if (first && constant_named(id))
            diagnostics_->error(span, "'" + id + "' is a constant of the language", "choose another name");
        return found;
    }

    void become(Symbol& symbol, SymbolKind kind, Span span) {
        if (symbol.kind == SymbolKind::unspecified) symbol.kind = kind;
        if (symbol.kind == kind) return;
        diagnostics_->error(span,
                            "'" + symbol.id + "' is a " + std::string(word(symbol.kind)) +
                                " and cannot be a " + std::string(word(kind)) + " too",
                            "first met on line " + std::to_string(line_of(symbol.span)));
    }

    std::uint32_t line_of(Span span) const {
        return diagnostics_->sources().place(span.file, span.begin).line;
    }

    void compartment(const std::string& id, Span span) {
        if (!id.empty()) become(symbol(id, span), SymbolKind::compartment, span);
    }

    void read(const std::vector<SpeciesTerm>& terms, const std::string& compartment) {
        for (const SpeciesTerm& term : terms) {
            Symbol& species = symbol(term.id, term.span);
            become(species, SymbolKind::species, term.span);
            if (term.boundary) species.constancy = Constancy::constant;
            if (species.placed.empty()) species.placed = compartment;
        }
    }

    void read(const ReactionStatement& reaction, Span span) {
        compartment(reaction.compartment, reaction.compartment_span);
        read(reaction.reactants, reaction.compartment);
        read(reaction.products, reaction.compartment);
        symbols_.reactions.push_back({&reaction, span, when_, reaction.id});
        if (reaction.id.empty()) return;
        const auto [known, first] = reaction_spans_.emplace(reaction.id, reaction.id_span);
        if (first)
            return become(symbol(reaction.id, reaction.id_span), SymbolKind::reaction, reaction.id_span);
        diagnostics_->error(reaction.id_span, "reaction '" + reaction.id + "' is defined twice",
                            "first on line " + std::to_string(line_of(known->second)));
        symbols_.reactions.pop_back();
    }

    void set(Symbol& symbol, AssignmentKind kind, const ExprPtr& value, Span span) {
        Assigned& target = kind == AssignmentKind::initial      ? symbol.initial
                           : kind == AssignmentKind::assignment ? symbol.assignment
                                                                : symbol.rate;
        target = {value, span, when_};
    }

    void read(const AssignmentStatement& assignment, Span span) {
        set(symbol(assignment.id, assignment.id_span), assignment.kind, assignment.value, span);
    }

    void place(const InStatement& in) {
        compartment(in.compartment, in.compartment_span);
        symbol(in.id, in.id_span).compartment = in.compartment;
    }

    static SymbolKind kind_of(const DeclarationStatement& declaration, const DeclarationItem& item) {
        switch (declaration.declared) {
            case Declared::species: return SymbolKind::species;
            case Declared::compartment: return SymbolKind::compartment;
            case Declared::parameter: return SymbolKind::parameter;
            case Declared::reaction: return SymbolKind::reaction;
            case Declared::unspecified: break;
        }
        return item.boundary || declaration.substance_only ? SymbolKind::species : SymbolKind::unspecified;
    }

    void read(const DeclarationStatement& declaration) {
        for (const DeclarationItem& item : declaration.items) {
            compartment(item.compartment, item.compartment_span);
            Symbol& declared = symbol(item.id, item.id_span);
            const SymbolKind kind = kind_of(declaration, item);
            if (kind != SymbolKind::unspecified) become(declared, kind, item.id_span);
            if (!item.compartment.empty()) declared.compartment = item.compartment;
            if (declaration.constancy != Constancy::unspecified) declared.constancy = declaration.constancy;
            if (item.boundary) declared.constancy = Constancy::constant;
            declared.substance_only = declared.substance_only || declaration.substance_only;
            if (item.has_value)
                set(declared, item.kind, item.value,
                    item.value ? join(item.id_span, item.value->span) : item.id_span);
        }
    }

    std::unordered_set<std::string> unread_;  // a name may belong to a unit
    Diagnostics* diagnostics_;
    std::vector<const NameStatement*> names_;
    Symbols symbols_;
    std::unordered_map<std::string, Span> reaction_spans_;
    int when_ = 0;
};

}  // namespace

std::string_view word(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::species: return "species";
        case SymbolKind::compartment: return "compartment";
        case SymbolKind::reaction: return "reaction";
        default: return "parameter";
    }
}

const Symbol* Symbols::find(std::string_view id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : found->second;
}

Symbol* Symbols::find(std::string_view id) {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : found->second;
}

Symbol& Symbols::at(const std::string& id, Span span) {
    if (Symbol* known = find(id)) return *known;
    Symbol& made = all.emplace_back(Symbol{.id = id, .span = span});
    index_.emplace(made.id, &made);
    return made;
}

Symbols collect_symbols(const ModelTree& model, Diagnostics& diagnostics) {
    Collector collector(model.unread, diagnostics);
    for (const ModelStatement& statement : model.statements) collector.read(statement);
    return collector.finish();
}

}  // namespace rondo
