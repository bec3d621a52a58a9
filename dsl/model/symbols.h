// symbols.h: what a model's statements, and those of its submodels, say about each name, before formulas are
// read.
//
// A name inside submodel A of the main model is "A.x" here; "_" takes the point's place in the network.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dsl/model/math.h"
#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

enum class SymbolKind : std::uint8_t {
    unspecified,
    parameter,
    species,
    compartment,
    reaction,
    stoichiometry,
    gene_product,
};

// "species", "parameter", ...
std::string_view word(SymbolKind kind);

// The model that a statement stands in: the main one or a submodel.
struct Scope {
    std::string prefix;  // "", "A.", "A.B."
    const ModelTree* model;
    const Scope* outer = nullptr;
    MathPtr time_factor = {}, extent_factor = {};  // null: 1; names are full ones
};

// What was assigned last; a null value with a place was cleared.
struct Assigned {
    ExprPtr value;
    Span span;
    int when = -1;  // number of the statement
    const Scope* scope = nullptr;
    MathPtr factor = {};  // the symbol has this times the value; null: 1
};

struct UnitGiven {
    const UnitTree* unit = nullptr;  // null: none
    const Expr* number = nullptr;    // else that of this number
    const Scope* scope = nullptr;
    Span span;
};

struct ModelSymbol {
    std::string id, title;
    Span span;  // where it was first met
    SymbolKind kind = SymbolKind::unspecified;
    Constancy constancy = Constancy::unspecified;  // `$` and const, or var: the last one
    bool substance_only = false;
    std::string compartment;             // its own `in`
    std::string placed;                  // else that of a reaction it takes part in
    Assigned initial, assignment, rate;  // = := '=
    UnitGiven unit;
    std::string conversion_factor;
    bool declared = false;
    int mentions = 0;   // in reactions and formulas
    bool gone = false;  // merged into another, or deleted
};

// `value` = factor * `name`, if a name stands for another.
struct Alias {
    ModelSymbol* symbol = nullptr;
    MathPtr factor = {};  // null: 1
};

template <class Statement>
struct Entry {
    const Statement* statement;
    Span span;
    const Scope* scope;
    std::string id;
    int when = 0;
};

using ReactionEntry = Entry<ReactionStatement>;
using EventEntry = Entry<EventStatement>;

struct Special {  // a gene, an operator, ...
    std::string id;
    Declared declared;
    Span span;
};

struct Symbols {
    std::deque<ModelSymbol> all;  // in the order they were met
    std::deque<Scope> scopes;
    std::vector<ReactionEntry> reactions;
    std::vector<EventEntry> events;
    std::vector<Entry<AlgebraicStatement>> algebraic;
    std::vector<Entry<ConstraintStatement>> constraints;
    std::vector<Entry<ObjectiveStatement>> objectives;
    std::vector<Entry<UnitStatement>> units;
    std::vector<Entry<RemarkStatement>> remarks;
    std::vector<Entry<NameStatement>> names;
    std::vector<Entry<InteractionStatement>> interactions;
    std::vector<Entry<StrandStatement>> strands;
    std::vector<Special> special;
    std::vector<Entry<ConversionStatement>> conversions;
    std::unordered_set<std::string> deleted, submodels;  // full names
    std::unordered_set<std::string> unread;              // words of broken statements

    const ModelSymbol* find(std::string_view id) const { return look_up(id).symbol; }
    ModelSymbol* find(std::string_view id) { return look_up(id).symbol; }
    ModelSymbol& at(const std::string& id, Span span);  // made if new
    Alias look_up(std::string_view id) const;
    // `first` and all that is said of it go to `second` = factor * first.
    void merge(ModelSymbol& first, ModelSymbol& second, const MathPtr& factor);

  private:
    std::unordered_map<std::string_view, Alias> index_;  // keys live in `all`
};

// The full name of `name` in `scope`.
std::string full_name(const Scope& scope, const std::string& name);

constexpr const char* default_compartment = "default_compartment";

// Reads the statements in order: later ones win. Unnamed reactions become _J0, _J1, ...; events _E0, ...
// `models` are those that may be submodels.
Symbols collect_symbols(const ModelTree& model, const std::vector<std::shared_ptr<const ModelTree>>& models,
                        Diagnostics& diagnostics);

}  // namespace rondo
