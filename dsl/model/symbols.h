// symbols.h: what a model's statements say about each name, before formulas are read.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

enum class SymbolKind : std::uint8_t { unspecified, parameter, species, compartment, reaction };

// "species", "parameter", ...
std::string_view word(SymbolKind kind);

// What was assigned last; a null value with a place was cleared.
struct Assigned {
    ExprPtr value;
    Span span;
    int when = -1;  // number of the statement
};

struct Symbol {
    std::string id, title;
    Span span;  // where it was first met
    SymbolKind kind = SymbolKind::unspecified;
    Constancy constancy = Constancy::unspecified;  // `$` and const, or var: the last one
    bool substance_only = false;
    std::string compartment;             // its own `in`
    std::string placed;                  // else that of a reaction it takes part in
    Assigned initial, assignment, rate;  // = := '=
};

struct ReactionEntry {
    const ReactionStatement* statement;
    Span span;
    int when;
    std::string id;
};

struct Symbols {
    std::deque<Symbol> all;  // in the order they were met
    std::vector<ReactionEntry> reactions;

    const Symbol* find(std::string_view id) const;
    Symbol* find(std::string_view id);
    Symbol& at(const std::string& id, Span span);  // made if new

  private:
    std::unordered_map<std::string_view, Symbol*> index_;  // keys live in `all`
};

// Reads the statements in order: later ones win. Unnamed reactions become _J0, _J1, ...
Symbols collect_symbols(const ModelTree& model, Diagnostics& diagnostics);

}  // namespace rondo
