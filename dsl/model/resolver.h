// resolver.h: symbols and formulas to a Network. Passes: functions; what each name is (symbols.cpp); formulas
// in the order of the text, where unknown names come up; what varies; the network; the checks of any network.
#pragma once
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "dsl/model/formula.h"
#include "dsl/model/symbols.h"

namespace rondo {

// What a formula is for.
enum class Role : std::uint8_t {
    initial,
    assignment,
    rate,
    law,
    algebraic,
    trigger,
    delay,
    priority,
    event_assignment,
    constraint,
    objective,
};

struct Formula {
    int when;
    Role role;
    const Scope* scope;
    ExprPtr expr;
    Span span;
    ModelSymbol* symbol = nullptr;  // initial ... law: whose
    std::size_t owner = 0;          // others: of the event, constraint, ...
    std::size_t part = 0;           // of the event's assignments
    MathPtr factor = {};            // multiplies it; null: 1
    MathPtr math = {};              // null: a plain number, or dropped with what it used
};

// A number, perhaps with a minus; INF and NaN count only here.
std::optional<double> plain_number(const Expr& expr);

// Those of `names` that have the digits of `name`: k10 is no slip for k1.
std::vector<std::string> of_same_digits(const std::string& name, const std::vector<std::string>& names);

constexpr int max_searches = 50;  // more unknown names are a habit, not slips, and each search takes long

class Resolver {
  public:
    using Models = std::vector<std::shared_ptr<const ModelTree>>;

    Resolver(const ModelTree& model, const Models& models, Diagnostics& diagnostics);

    // In the order in which they may call each other.
    void add_function(const FunctionTree& tree);
    // Written outside the models.
    void add_remark(const RemarkStatement& remark);
    Network resolve();

  private:
    // resolve.cpp
    void add_default_compartment();
    std::string compartment_of(const ModelSymbol& species) const;
    std::string flat(const std::string& id);
    std::uint32_t line_of(Span span) const;

    // resolve_formula.cpp: formulas, and the names in them
    void add_formula(Role role, ModelSymbol& symbol, const Assigned& assigned);
    void gather_law(ModelSymbol& reaction);
    void gather_values(ModelSymbol& symbol);
    void gather_events();
    void gather_formulas();
    std::string context(const Formula& formula) const;
    void read(Formula& formula);
    MathPtr placed(const MathPtr& math, const Scope& scope);
    MathPtr placed_symbol(const MathPtr& math, const Scope& scope);
    MathPtr converted(MathPtr math, const Formula& formula);
    bool uses_deleted(const Math& math);
    ModelSymbol* find_flat(const std::string& id);
    void add_unknown(const Math& name, const std::string& full, const std::string& context);
    bool is_implicit(const std::string& name) const;
    const ModelSymbol* misspelled(const std::string& name);

    // resolve_variable.cpp: what varies
    void find_variables();
    void find_algebraic_variables();

    // resolve_network.cpp
    std::optional<double> value_of(const ModelSymbol& symbol) const;
    std::optional<double> amount_of(const ModelSymbol& species, const std::string& compartment) const;
    void build_symbols();
    void build_species(const ModelSymbol& symbol, std::optional<double> value);
    SpeciesReference reference(const SpeciesTerm& term, const ReactionEntry& entry);
    std::vector<SpeciesReference> references(const std::vector<SpeciesTerm>& terms,
                                             const ReactionEntry& entry);
    void build_reactions();
    void add_modifiers(Reaction& reaction);
    void add_interactions();
    void build_formulas();
    void build_events();
    void build_constraints();
    void add_flux_bounds(const Math& comparison, Span span);
    void build_objectives();
    void build_conversions();

    // resolve_unit.cpp
    void define_units();
    std::vector<Unit> expanded(const UnitTree& unit, const Scope& scope);
    std::vector<Unit> units_named(const std::string& name, const Scope& scope);
    std::string unit_id(const std::string& name, const Scope& scope);
    std::string unit_id(const UnitTree& unit, const Scope& scope);
    std::string define(const UnitTree& unit, std::vector<Unit> units, Span span);
    std::string unit_of(const ModelSymbol& symbol);
    std::string substance_unit_of(const ModelSymbol& species);
    std::string substance_product(const UnitTree& unit, const Scope& scope);
    std::string flat_unit(std::string full) const;
    void define_number_units(const Math& math);
    void set_model_units();

    // resolve_remark.cpp
    void name_things();
    void build_strands();
    void build_remarks();
    void add_remark(const RemarkStatement& remark, const std::string& of);

    // resolve_warning.cpp
    void warn();
    void warn_without_value();
    void warn_used_once();
    void warn_same_but_for_case();

    const ModelTree& model_;
    Models models_;
    Diagnostics* diagnostics_;
    MathReader reader_;
    Symbols symbols_;
    Network network_;
    std::vector<Formula> formulas_;
    std::vector<const RemarkStatement*> outside_remarks_;
    std::unordered_map<std::string_view, const ReactionEntry*> entry_of_;
    std::unordered_map<std::string, std::vector<std::string>> candidates_;  // by their digits
    std::unordered_map<std::string, std::string> flat_;                     // of names with points
    std::unordered_map<std::string, std::string> full_;                     // back
    std::unordered_map<std::string, std::string> titles_;                   // of what is no symbol
    std::unordered_set<const ModelSymbol*> variable_;
    std::unordered_map<std::string, const Entry<UnitStatement>*> unit_entries_;  // by full names
    std::unordered_map<std::string, std::size_t> unit_index_;                    // of network_.units, by id
    std::unordered_set<std::string> open_units_;                                 // being expanded
    std::unordered_set<std::string> references_named_;                           // ids of species references
    bool plain_ = true;  // no submodels, nothing merged: names stay as they are
    int searches_ = 0;
};

}  // namespace rondo
