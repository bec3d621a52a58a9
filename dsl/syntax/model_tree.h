// model_tree.h: the statements of models (Antimony), as written.
#pragma once
#include <optional>
#include <variant>

#include "dsl/syntax/expression.h"

namespace rondo {

struct Name {  // with points where it reaches into submodels: "A.B.x"
    std::string text;
    Span span;
    bool empty() const { return text.empty(); }
};

struct SpeciesTerm {  // `2 $S`, `n S`
    double stoichiometry = 1;
    Name symbol;  // of the stoichiometry, if it is no number
    bool boundary = false;
    Name species;
    Span span;
};

struct ReactionStatement {
    Name id;  // empty: to be named _J0, _J1, ...
    Name compartment;
    std::vector<SpeciesTerm> reactants, products;
    bool reversible = true;  // `->`; `=>` is irreversible
    ExprPtr rate;            // null: no kinetic law
};

enum class AssignmentKind : std::uint8_t { initial, assignment, rate };  // =  :=  '=

struct AssignmentStatement {
    AssignmentKind kind;
    Name id;
    ExprPtr value;  // null: `x =` clears
};

struct AlgebraicStatement {  // `id: 2.5 = formula`
    Name id;                 // may be empty
    double value = 0;
    ExprPtr formula;
};

// One factor of a unit: (multiplier * name)^exponent.
struct UnitFactor {
    double multiplier = 1;
    std::string name;  // as written but for libAntimony's spelling: no plural `s`, "litre", "metre"
    double exponent = 1;
    Span span;
};
using UnitTree = std::vector<UnitFactor>;

struct UnitStatement {  // `unit id = unit`
    Name id;
    UnitTree unit;
};

struct HasStatement {  // `id has unit`
    Name id;
    UnitTree unit;
};

enum class Declared : std::uint8_t {
    unspecified,
    species,
    compartment,
    parameter,
    reaction,
    gene,
    operator_,
    dna,
    gene_product
};
enum class Constancy : std::uint8_t { unspecified, constant, variable };

struct DeclarationItem {
    bool boundary = false;  // $
    bool has_value = false;
    Name id, compartment;
    AssignmentKind kind = AssignmentKind::initial;
    ExprPtr value;
    UnitTree unit;  // empty: none given
};

struct DeclarationStatement {
    Constancy constancy = Constancy::unspecified;
    bool substance_only = false;
    Declared declared = Declared::unspecified;
    std::vector<DeclarationItem> items;
};

struct InStatement {  // `S in C`
    Name id, compartment;
};

struct NameStatement {  // `S is "display name"`
    Name id;
    std::string text;
};

// `S part "uri", "uri"`, `S.sboTerm = 245`, `x.mean = 3`, `notes "..."`: see Remark of network.h.
struct RemarkStatement {
    Name of;  // empty: the model that it stands in
    std::string property;
    std::vector<std::string> values;
    Span span;
};

// Whether the word is said behind a point, as in `x.mean = 3`; the others are between, as in `x part "..."`.
bool said_behind_point(std::string_view word);

struct EventAssignmentTree {
    Name id;
    ExprPtr value;
};

struct EventStatement {
    Name id;                           // empty: to be named _E0, _E1, ...
    ExprPtr trigger, delay, priority;  // the last two may be null
    bool initial_value = true, persistent = true, use_values_from_trigger_time = true;
    std::vector<EventAssignmentTree> assignments;
};

struct ConstraintStatement {
    Name id;  // may be empty
    ExprPtr formula;
};

struct ObjectiveStatement {
    Name id;  // may be empty
    bool maximize = true;
    ExprPtr formula;
};

enum class Influence : std::uint8_t { activation, inhibition, unknown };  // -o -| -(

struct InteractionStatement {  // `id: E -| J`
    Name id;                   // may be empty
    std::vector<Name> agents;
    Influence influence;
    Name reaction;
    ExprPtr rate;  // of the reaction; may be null
};

struct ConversionStatement {  // `S.conversionFactor = p`, `model.conversionFactor = p`
    Name of;                  // empty: the model
    Name factor;
};

struct SubmodelArgument {
    Name name;  // empty: the number
    double value = 0;
    Span span;
};

struct SubmodelStatement {  // `A: M(x, 3), timeconv = t, extentconv = e`
    Name id;                // empty: to be named _sys0, _sys1, ...
    Name module;
    std::vector<SubmodelArgument> arguments;
    std::optional<SubmodelArgument> time_conversion, extent_conversion;
};

// `first is second`: one symbol, called `second`; `first * factor is second` and `first is second / factor`:
// second = factor * first.
struct SynchronyStatement {
    Name first, second;
    std::optional<SubmodelArgument> factor;
};

struct DeletionStatement {
    Name id;
};

struct StrandStatement {  // `id: --P--G--`
    Name id;              // may be empty
    std::vector<Name> elements;
    bool open_start = false, open_end = false;
};

struct ModelStatement {
    Span span;
    std::variant<ReactionStatement, AssignmentStatement, AlgebraicStatement, DeclarationStatement,
                 InStatement, NameStatement, UnitStatement, HasStatement, RemarkStatement, EventStatement,
                 ConstraintStatement, ObjectiveStatement, InteractionStatement, ConversionStatement,
                 SubmodelStatement, SynchronyStatement, DeletionStatement, StrandStatement>
        content;
};

struct ModelTree {
    std::string id, title;  // title: display name, of `id is "..."` after its end
    bool main = false;      // `model *id`
    Span span, id_span;
    std::vector<Name> parameters;  // `model id(a, b)`
    std::vector<ModelStatement> statements;
    std::vector<std::string> unread;  // words of statements that could not be read: not to be called unknown
};

}  // namespace rondo
