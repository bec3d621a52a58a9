// resolve_variable.cpp: which parameters and compartments may change in time.
#include "dsl/model/resolver.h"

namespace rondo {

// An algebraic rule moves what is `var` in it, or, if nothing is, all that is not declared.
void Resolver::find_algebraic_variables() {
    for (const Formula& formula : formulas_) {
        if (formula.role != Role::algebraic || !formula.math) continue;
        std::vector<ModelSymbol*> unflagged;
        bool flagged = false;
        for (const std::string& id : symbol_names(*formula.math)) {
            ModelSymbol* symbol = find_flat(id);
            if (!symbol) continue;
            flagged = flagged || symbol->constancy == Constancy::variable;
            if (symbol->constancy == Constancy::unspecified) unflagged.push_back(symbol);
        }
        if (flagged) continue;
        for (ModelSymbol* symbol : unflagged) symbol->constancy = Constancy::variable;
    }
}

// Rules and events move a parameter, and so does a value that comes from something that moves.
void Resolver::find_variables() {
    find_algebraic_variables();
    std::unordered_map<const ModelSymbol*, std::vector<const ModelSymbol*>> used_by;
    std::vector<const ModelSymbol*> open;
    const auto vary = [&](const ModelSymbol& symbol) {
        if (variable_.insert(&symbol).second) open.push_back(&symbol);
    };
    for (const Formula& formula : formulas_) {
        const bool fixed = formula.symbol && formula.symbol->constancy == Constancy::constant;
        if (formula.role == Role::event_assignment && !fixed) vary(*formula.symbol);
        if (formula.role != Role::initial || !formula.math) continue;
        for (const std::string& id : symbol_names(*formula.math))
            if (const ModelSymbol* symbol = find_flat(id)) used_by[symbol].push_back(formula.symbol);
    }
    for (const ModelSymbol& symbol : symbols_.all) {
        const bool moves = symbol.kind == SymbolKind::species || symbol.kind == SymbolKind::reaction;
        if (moves || symbol.constancy == Constancy::variable || symbol.assignment.value || symbol.rate.value)
            vary(symbol);
    }
    while (!open.empty()) {
        const ModelSymbol* moving = open.back();
        open.pop_back();
        for (const ModelSymbol* user : used_by[moving])
            if (user->constancy != Constancy::constant) vary(*user);
    }
}

}  // namespace rondo
