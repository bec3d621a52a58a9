// network.h: a reaction network in SBML's vocabulary, as plain data. Everything downstream starts here.
//
// Order is declaration order. Ids are unique over all kinds of a network. Optional values that are absent in
// the source are absent here.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/model/math.h"

namespace rondo {

struct Compartment {
    std::string id, name;  // name: display name, may be empty
    double dimensions = 3;
    std::optional<double> size;
    bool constant = true;
    bool implicit = false;  // Antimony's default_compartment: not written by the user, size 1
    Span span;
};

struct Species {
    std::string id, name, compartment;
    std::optional<double> initial_amount, initial_concentration;  // at most one
    bool substance_only = false;  // hasOnlySubstanceUnits: the symbol means the amount, not the concentration
    bool boundary = false;        // boundaryCondition: reactions do not change it
    bool constant = false;
    Span span;
};

struct GlobalParameter {
    std::string id, name;
    std::optional<double> value;
    bool constant = true;
    Span span;
};

struct SpeciesReference {
    std::string species;
    double stoichiometry = 1;
    Span span;
};

struct LocalParameter {
    std::string id, name;
    std::optional<double> value;
    Span span;
};

struct Reaction {
    std::string id, name, compartment;
    bool reversible = true;
    std::vector<SpeciesReference> reactants, products;
    std::vector<std::string> modifiers;
    MathPtr kinetic_law;                           // substance per time; null if absent
    std::vector<LocalParameter> local_parameters;  // shadow global ids inside kinetic_law
    Span span;
};

enum class RuleKind : std::uint8_t { assignment, rate };

struct Rule {
    RuleKind kind;
    std::string variable;
    MathPtr math;
    Span span;
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

struct Network {
    std::string id, name;
    std::vector<Compartment> compartments;
    std::vector<Species> species;
    std::vector<GlobalParameter> parameters;
    std::vector<Reaction> reactions;
    std::vector<Rule> rules;
    std::vector<InitialAssignment> initial_assignments;
    std::vector<FunctionDefinition> functions;
};

// Null if there is none of that id. Each looks through the whole list: for many look-ups, make a map.
const Compartment* find_compartment(const Network&, std::string_view id);
const Species* find_species(const Network&, std::string_view id);
const GlobalParameter* find_parameter(const Network&, std::string_view id);
const Reaction* find_reaction(const Network&, std::string_view id);
const Rule* find_rule(const Network&, std::string_view variable);
const InitialAssignment* find_initial_assignment(const Network&, std::string_view symbol);

}  // namespace rondo
