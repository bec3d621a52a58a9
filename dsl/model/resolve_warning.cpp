// resolve_warning.cpp: what is allowed but most likely not meant.
#include "dsl/model/resolver.h"

namespace rondo {

void Resolver::warn() {
    warn_without_value();
}

void Resolver::warn_without_value() {
    for (const Symbol& symbol : symbols_.all) {
        const bool given =
            symbol.initial.value || symbol.assignment.value || symbols_.unread.contains(symbol.id);
        if (symbol.kind == SymbolKind::parameter && !symbol.gone && !given)
            diagnostics_->warning(symbol.span, "'" + symbol.id + "' is never given a value");
    }
}

}  // namespace rondo
