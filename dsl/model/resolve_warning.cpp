// resolve_warning.cpp: what is allowed but most likely not meant.
#include <algorithm>
#include <cctype>
#include <map>

#include "dsl/model/resolver.h"
#include "dsl/model/unit_check.h"

namespace rondo {

void Resolver::warn() {
    warn_without_value();
    warn_used_once();
    warn_same_but_for_case();
    if (!diagnostics_->has_errors()) check_units(network_, *diagnostics_);
}

void Resolver::warn_without_value() {
    for (const ModelSymbol& symbol : symbols_.all) {
        const bool given =
            symbol.initial.value || symbol.assignment.value || symbols_.unread.contains(symbol.id);
        if (symbol.kind == SymbolKind::parameter && !symbol.gone && !given)
            diagnostics_->warning(symbol.span, "'" + symbol.id + "' is never given a value");
    }
}

// A product that nothing else names is common. It is worth a word where it looks like a slip for another
// species, or where the model declares all others.
void Resolver::warn_used_once() {
    const auto is_species = [](const ModelSymbol& symbol) {
        return symbol.kind == SymbolKind::species && !symbol.gone;
    };
    const auto lone = [&](const ModelSymbol& symbol) {
        return is_species(symbol) && !symbol.declared && symbol.mentions == 1 && !symbol.initial.value;
    };
    std::vector<std::string> others;
    bool all_declared = true;
    for (const ModelSymbol& symbol : symbols_.all) {
        if (!is_species(symbol) || lone(symbol)) continue;
        others.push_back(symbol.id);
        all_declared = all_declared && symbol.declared;
    }
    for (const ModelSymbol& symbol : symbols_.all) {
        if (!lone(symbol) || ++searches_ > max_searches) continue;
        const auto near =
            symbol.id.size() > 1 ? nearest(symbol.id, of_same_digits(symbol.id, others)) : std::nullopt;
        if (near && near->size() > 1)
            diagnostics_->warning(symbol.span, "species '" + symbol.id + "' is used only here",
                                  "did you mean '" + *near + "'?");
        else if (all_declared && others.size() >= 3)
            diagnostics_->warning(symbol.span,
                                  "species '" + symbol.id + "' is used only here and not declared",
                                  "'species " + symbol.id + "' declares it");
    }
}

// Of two names like k1 and K1 one may be a slip only if nothing declares it or gives it a value.
void Resolver::warn_same_but_for_case() {
    std::map<std::string, const ModelSymbol*> first;
    for (const ModelSymbol& symbol : symbols_.all) {
        if (symbol.gone || symbol.kind == SymbolKind::reaction) continue;
        std::string folded = symbol.id;
        std::transform(folded.begin(), folded.end(), folded.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto [known, alone] = first.emplace(folded, &symbol);
        if (alone) continue;
        const auto given = [](const ModelSymbol& s) {
            return s.declared || s.initial.value || s.assignment.value;
        };
        const ModelSymbol& other = *known->second;
        if (given(symbol) && given(other)) continue;
        const ModelSymbol& slip = given(symbol) ? other : symbol;
        const ModelSymbol& meant = given(symbol) ? symbol : other;
        diagnostics_->warning(
            slip.span, "'" + slip.id + "' and '" + meant.id + "' differ only in case",
            "'" + meant.id + "' is first met on line " + std::to_string(line_of(meant.span)));
    }
}

}  // namespace rondo
