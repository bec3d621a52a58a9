// network.h: a reaction network in SBML's vocabulary, as plain data. Everything downstream starts here.
//
// Order is declaration order. Ids are unique over all kinds of a network. Optional values that are absent in
// the source are absent here.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/model/math.h"

namespace rondo {

// A product of powers of base units: (multiplier * 10^scale * kind)^exponent each.
struct Unit {
    std::string kind;  // SBML's base unit: "mole", "litre", "dimensionless", ...
    double exponent = 1, multiplier = 1;
    int scale = 0;
};

struct UnitDefinition {
    std::string id, name;
    std::vector<Unit> units;  // may be empty: named, but undefined
    Span span;
};

struct Compartment {
    std::string id, name;  // name: display name, may be empty
    double dimensions = 3;
    std::optional<double> size;
    bool constant = true;
    bool implicit = false;  // Antimony's default_compartment: not written by the user, size 1
    Span span;
    std::string units = {};  // id of a unit definition or a base unit; empty: none given
};

struct Species {
    std::string id, name, compartment;
    std::optional<double> initial_amount, initial_concentration;  // at most one
    bool substance_only = false;  // hasOnlySubstanceUnits: the symbol means the amount, not the concentration
    bool boundary = false;        // boundaryCondition: reactions do not change it
    bool constant = false;
    Span span;
    std::string substance_units = {};
    std::string conversion_factor =
        {};  // id of a parameter: amount per extent of reactions; empty: the model's
};

struct GlobalParameter {
    std::string id, name;
    std::optional<double> value;
    bool constant = true;
    Span span;
    std::string units = {};
};

struct SpeciesReference {
    std::string species;
    double stoichiometry = 1;  // NaN: none given, an initial assignment or a rule of `id` computes it
    Span span;
    std::string id = {},
                name = {};  // the stoichiometry as a symbol of formulas, rules and events; may be empty
    bool constant = true;
};

struct LocalParameter {
    std::string id, name;
    std::optional<double> value;
    Span span;
    std::string units = {};
};

struct Reaction {
    std::string id, name, compartment;
    bool reversible = true;
    std::vector<SpeciesReference> reactants, products;
    std::vector<std::string> modifiers;
    MathPtr kinetic_law;                           // substance per time; null if absent
    std::vector<LocalParameter> local_parameters;  // shadow global ids inside kinetic_law
    Span span;
    bool fast = false;  // in equilibrium at all times (SBML before Level 3 Version 2)
};

enum class RuleKind : std::uint8_t { assignment, rate, algebraic };

struct Rule {
    RuleKind kind;
    std::string variable;  // empty if algebraic: then 0 = math
    MathPtr math;
    Span span;
    std::string id = {}, name = {};
};

struct InitialAssignment {
    std::string symbol;
    MathPtr math;
    Span span;
};

struct FunctionDefinition {
    std::string id, name;
    std::vector<std::string> arguments;
    MathPtr body;
    Span span;
};

struct EventAssignment {
    std::string variable;
    MathPtr math;
    Span span;
};

// SBML Level 3 Version 2, section 4.11.
struct Event {
    std::string id, name;
    MathPtr trigger;                           // null: never fires
    MathPtr delay, priority;                   // null: none
    bool initial_value = true;                 // of the trigger before the start: false lets it fire at t0
    bool persistent = true;                    // false: a trigger that ceases to hold cancels a delayed event
    bool use_values_from_trigger_time = true;  // false: assignments are computed when they are made
    std::vector<EventAssignment> assignments;
    Span span;
};

// What a valid run satisfies. Not enforced.
struct Constraint {
    std::string id, name;
    MathPtr math;
    std::string message;
    Span span;
};

// Flux balance (SBML package fbc): bounds of reaction rates and what is maximised or minimised.
struct FluxBound {
    std::string reaction;
    Op relation;    // leq, geq, eq: rate RELATION value
    MathPtr value;  // a number or a parameter's id
    Span span;
};

struct FluxObjective {
    std::string id, name;
    bool maximize = true;
    bool active = false;
    std::vector<std::pair<double, std::string>> terms;  // coefficient, reaction
    Span span;
};

// What a file says of an element beside its meaning: kept, written back, never interpreted.
// Properties are spelled as Antimony spells them: "identity", "isPartOf", "sboTerm", "notes", "created",
// "creator1.email", "stdev", "chemicalFormula", ...; "strand" is a DNA strand as written.
struct Remark {
    std::string of;  // id of the element; empty: the model
    std::string property;
    std::vector<std::string> values;
    Span span;
};

struct Network {
    std::string id, name;
    std::string conversion_factor;  // id of a parameter; empty: none
    std::string substance_units, time_units, volume_units, area_units, length_units, extent_units;
    std::vector<UnitDefinition> units;
    std::vector<Compartment> compartments;
    std::vector<Species> species;
    std::vector<GlobalParameter> parameters;
    std::vector<Reaction> reactions;
    std::vector<Rule> rules;
    std::vector<InitialAssignment> initial_assignments;
    std::vector<FunctionDefinition> functions;
    std::vector<Event> events;
    std::vector<Constraint> constraints;
    std::vector<FluxBound> flux_bounds;
    std::vector<FluxObjective> objectives;
    std::vector<Remark> remarks;
};

// Null if there is none of that id. Each looks through the whole list: for many look-ups, make a map.
const Compartment* find_compartment(const Network&, std::string_view id);
const Species* find_species(const Network&, std::string_view id);
const GlobalParameter* find_parameter(const Network&, std::string_view id);
const Reaction* find_reaction(const Network&, std::string_view id);
const Rule* find_rule(const Network&, std::string_view variable);
const InitialAssignment* find_initial_assignment(const Network&, std::string_view symbol);

}  // namespace rondo
