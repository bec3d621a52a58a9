// print_element.cpp: the elements of a network as Antimony.
#include <algorithm>
#include <cmath>

#include "dsl/model/printer.h"
#include "dsl/model/reserved.h"

namespace rondo {

void Printer::print(const FunctionDefinition& function) {
    Renames arguments;
    std::string list;
    for (const std::string& argument : function.arguments) {
        const std::string written = is_reserved_argument(argument) ? argument + "_" : argument;
        arguments[argument] = written;
        list += (list.empty() ? "" : ", ") + written;
    }
    const std::string id = name(function.id);
    out_ += "function " + id + "(" + list + ")\n  " + text(function.body, arguments) + "\nend\n";
    if (!function.name.empty()) out_ += id + " is " + quoted(function.name) + "\n";
    print_remarks_of(function.id);
}

// Constancy is written where it is not what would be read from the rest.
std::string Printer::flag(const std::string& id, bool constant) const {
    if (constant) return assigned_.contains(id) || in_algebraic_.contains(id) ? "const " : "";
    return moved_.contains(id) ? "" : "var ";
}

void Printer::print(const Compartment& compartment) {
    if (compartment.implicit) return;
    const std::string id = name(compartment.id);
    const std::string value = compartment.size ? " = " + written_number(*compartment.size) : "";
    line(flag(compartment.id, compartment.constant) + "compartment " + id + value);
    print_has(id, compartment.units);
    print_title(id, compartment.name);
}

void Printer::print(const Species& species) {
    const std::string id = name(species.id);
    const auto value = species.substance_only ? species.initial_amount : species.initial_concentration;
    const auto compartment = compartments_.find(species.compartment);
    std::string text = species.substance_only ? "substanceOnly species " : "species ";
    text += (species.boundary || species.constant ? "$" : "") + id;
    if (compartment != compartments_.end() && !compartment->second->implicit)
        text += " in " + name(species.compartment);
    if (value)
        text += " = " + written_number(*value);
    else if (species.initial_amount)
        text += " = " + written_number(*species.initial_amount) + "/" + name(species.compartment);
    else if (species.initial_concentration)
        text += " = " + written_number(*species.initial_concentration) + "*" + name(species.compartment);
    line(text);
    print_substance(species);
    if (!species.conversion_factor.empty())
        line(id + ".conversionFactor = " + name(species.conversion_factor));
    print_title(id, species.name);
}

void Printer::print(const GlobalParameter& parameter) {
    const std::string id = name(parameter.id);
    const std::string constancy = flag(parameter.id, parameter.constant);
    line((constancy.empty() && !parameter.value ? "formula " : constancy) + id +
         (parameter.value ? " = " + written_number(*parameter.value) : ""));
    print_has(id, parameter.units);
    print_title(id, parameter.name);
}

std::string Printer::side(const std::vector<SpeciesReference>& references) {
    std::string text;
    for (const SpeciesReference& reference : references) {
        text += text.empty() ? " " : " + ";
        if (!reference.id.empty())
            text += name(reference.id) + " ";
        else if (reference.stoichiometry != 1)
            text += written_number(reference.stoichiometry) + " ";
        text += name(reference.species);
    }
    return text;
}

Printer::Renames Printer::print_locals(const Reaction& reaction) {
    Renames locals;
    for (const LocalParameter& local : reaction.local_parameters) {
        const std::string id = free_name(reaction.id + "_" + local.id);
        locals[local.id] = id;
        line(local.value ? id + " = " + written_number(*local.value) : "formula " + id);
        print_has(id, local.units);
        print_title(id, local.name);
    }
    return locals;
}

// What a stoichiometry with a name is worth.
void Printer::print_stoichiometries(const std::vector<SpeciesReference>& references) {
    for (const SpeciesReference& reference : references) {
        if (reference.id.empty()) continue;
        const std::string id = name(reference.id);
        const std::string constancy = flag(reference.id, reference.constant);
        const bool given = !std::isnan(reference.stoichiometry);
        if (given || !constancy.empty())
            line(constancy + id + (given ? " = " + written_number(reference.stoichiometry) : ""));
        print_title(id, reference.name);
    }
}

void Printer::print(const Reaction& reaction) {
    const std::string id = name(reaction.id);
    const Renames locals = print_locals(reaction);
    std::string written =
        id + (reaction.compartment.empty() ? "" : " in " + name(reaction.compartment)) + ":";
    written +=
        side(reaction.reactants) + (reaction.reversible ? " ->" : " =>") + side(reaction.products) + ";";
    if (reaction.kinetic_law) written += " " + text(reaction.kinetic_law, locals);
    line(written);
    print_stoichiometries(reaction.reactants);
    print_stoichiometries(reaction.products);
    print_title(id, reaction.name);
}

// A bare number would read as a value.
void Printer::print(const InitialAssignment& assignment) {
    const bool plain = assignment.math->op == Op::number;
    line(name(assignment.symbol) + " = " + (plain ? "+" : "") + text(assignment.math));
}

void Printer::print(const Rule& rule) {
    if (rule.kind == RuleKind::algebraic)
        return line((rule.id.empty() ? "" : name(rule.id) + ": ") + "0 = " + text(rule.math));
    line(name(rule.variable) + (rule.kind == RuleKind::rate ? "' = " : " := ") + text(rule.math));
}

void Printer::print(const Event& event) {
    if (event.assignments.empty()) return;  // nothing to say in Antimony, and nothing happens
    std::string written = event.id.empty() ? "" : name(event.id) + ": ";
    written += "at ";
    if (event.delay) written += text(event.delay) + " after ";
    written += event.trigger ? text(event.trigger) : "false";
    if (event.priority) written += ", priority = " + text(event.priority);
    if (!event.initial_value) written += ", t0 = false";
    if (!event.persistent) written += ", persistent = false";
    if (!event.use_values_from_trigger_time) written += ", fromTrigger = false";
    for (const EventAssignment& assignment : event.assignments)
        written += (&assignment == &event.assignments[0] ? ": " : ", ") + name(assignment.variable) + " = " +
                   text(assignment.math);
    line(written);
    if (!event.id.empty()) print_title(name(event.id), event.name);
}

void Printer::print(const Constraint& constraint) {
    if (!constraint.math) return;
    line("constraint" + (constraint.id.empty() ? "" : " " + name(constraint.id)) + ": " +
         text(constraint.math));
    if (!constraint.id.empty()) print_title(name(constraint.id), constraint.name);
}

// Those that no constraint says already.
void Printer::print_flux_bounds() {
    for (const FluxBound& bound : network_.flux_bounds) {
        const auto said = [&](const Constraint& constraint) {
            const auto is_reaction = [&](const MathPtr& side) {
                return side->op == Op::symbol && side->name == bound.reaction;
            };
            return constraint.math && constraint.math->op >= Op::eq && constraint.math->op <= Op::geq &&
                   std::ranges::any_of(constraint.math->args, is_reaction) &&
                   std::ranges::any_of(constraint.math->args,
                                       [&](const MathPtr& side) { return equal(*side, *bound.value); });
        };
        if (std::ranges::any_of(network_.constraints, said)) continue;
        line("constraint: " + name(bound.reaction) + " " + std::string(info(bound.relation).name) + " " +
             text(bound.value));
    }
}

void Printer::print(const FluxObjective& objective) {
    std::string sum;
    for (const auto& [coefficient, reaction] : objective.terms) {
        if (!sum.empty()) sum += coefficient < 0 ? " - " : " + ";
        const double size = sum.empty() ? coefficient : std::abs(coefficient);
        if (size != 1) sum += written_number(size) + "*";
        sum += name(reaction);
    }
    if (sum.empty()) return;
    line((objective.id.empty() ? "" : name(objective.id) + ": ") +
         (objective.maximize ? "maximize " : "minimize ") + sum);
    if (!objective.id.empty()) print_title(name(objective.id), objective.name);
}

}  // namespace rondo
