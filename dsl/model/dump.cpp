// dump.cpp: a network, one element a line.
#include <array>
#include <charconv>

#include "dsl/model/print.h"

namespace rondo {

namespace {

std::string number(double value) {
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

std::string given(std::string_view what, const std::optional<double>& value) {
    return value ? std::string(what) + number(*value) : "";
}

std::string titled(const std::string& name) {
    return name.empty() ? "\n" : " \"" + name + "\"\n";
}

std::string in_units(const std::string& units) {
    return units.empty() ? "" : " [" + units + "]";
}

std::string line_of(const UnitDefinition& definition) {
    std::string text = "unit " + definition.id + " =";
    for (const Unit& unit : definition.units) {
        text += " (";
        if (unit.multiplier != 1 || unit.scale != 0) text += number(unit.multiplier) + " ";
        if (unit.scale != 0) text += "10^" + std::to_string(unit.scale) + " ";
        text += unit.kind + ")^" + number(unit.exponent);
    }
    return text + titled(definition.name);
}

std::string line_of(const FunctionDefinition& function) {
    std::string text = "function " + function.id + "(";
    for (const std::string& argument : function.arguments)
        text += (text.back() == '(' ? "" : ", ") + argument;
    return text + ") = " + to_text(*function.body) + titled(function.name);
}

std::string line_of(const Compartment& compartment) {
    return "compartment " + compartment.id + given(" = ", compartment.size) +
           (compartment.constant ? "" : " variable") +
           (compartment.dimensions == 3 ? "" : " dimensions " + number(compartment.dimensions)) +
           (compartment.implicit ? " implicit" : "") + in_units(compartment.units) + titled(compartment.name);
}

std::string line_of(const Species& species) {
    return "species " + species.id + " in " + species.compartment +
           given(" concentration ", species.initial_concentration) +
           given(" amount ", species.initial_amount) + (species.substance_only ? " substanceOnly" : "") +
           (species.boundary ? " boundary" : "") + (species.constant ? " constant" : "") +
           in_units(species.substance_units) +
           (species.conversion_factor.empty() ? "" : " converted by " + species.conversion_factor) +
           titled(species.name);
}

std::string line_of(const GlobalParameter& parameter) {
    return "parameter " + parameter.id + given(" = ", parameter.value) +
           (parameter.constant ? "" : " variable") + in_units(parameter.units) + titled(parameter.name);
}

std::string side(const std::vector<SpeciesReference>& references) {
    std::string text;
    for (const SpeciesReference& reference : references) {
        text += text.empty() ? " " : " + ";
        if (!reference.id.empty()) text += reference.id + (reference.constant ? ":" : ":var ");
        if (reference.stoichiometry != 1 || !reference.id.empty())
            text += number(reference.stoichiometry) + " ";
        text += reference.species;
    }
    return text;
}

std::string line_of(const Reaction& reaction) {
    std::string text =
        "reaction " + reaction.id + (reaction.compartment.empty() ? "" : " in " + reaction.compartment);
    text += ":" + side(reaction.reactants) + (reaction.reversible ? " ->" : " =>") + side(reaction.products);
    for (const std::string& modifier : reaction.modifiers)
        text += (&modifier == &reaction.modifiers[0] ? " | " : ", ") + modifier;
    if (reaction.kinetic_law) text += "; " + to_text(*reaction.kinetic_law);
    for (const LocalParameter& local : reaction.local_parameters)
        text += " where " + local.id + given(" = ", local.value) + in_units(local.units);
    return text + (reaction.fast ? " fast" : "") + titled(reaction.name);
}

std::string line_of(const Rule& rule) {
    constexpr const char* kinds[] = {"assignment ", "rate ", "algebraic "};
    const std::string& id = rule.kind == RuleKind::algebraic ? rule.id : rule.variable;
    return kinds[static_cast<int>(rule.kind)] + id + (id.empty() ? "= " : " = ") + to_text(*rule.math) + "\n";
}

std::string line_of(const Event& event) {
    std::string text = "event " + event.id + ": at " + (event.trigger ? to_text(*event.trigger) : "");
    if (event.delay) text += " delay " + to_text(*event.delay);
    if (event.priority) text += " priority " + to_text(*event.priority);
    if (!event.initial_value) text += " t0=false";
    if (!event.persistent) text += " persistent=false";
    if (!event.use_values_from_trigger_time) text += " fromTrigger=false";
    for (const EventAssignment& assignment : event.assignments)
        text += ", " + assignment.variable + " = " + to_text(*assignment.math);
    return text + titled(event.name);
}

std::string line_of(const FluxObjective& objective) {
    std::string text = (objective.maximize ? "maximize " : "minimize ") + objective.id + ":";
    for (const auto& [coefficient, reaction] : objective.terms)
        text += " " + number(coefficient) + " " + reaction;
    return text + titled(objective.name);
}

std::string line_of(const Remark& remark) {
    std::string text = "remark " + remark.of + (remark.of.empty() ? "" : " ") + remark.property;
    for (const std::string& value : remark.values) text += " \"" + value + "\"";
    return text + "\n";
}

}  // namespace

std::string dump(const Network& network) {
    std::string text = "model " + network.id + titled(network.name);
    const auto add = [&](const char* what, const std::string& id) {
        if (!id.empty()) text += std::string(what) + " " + id + "\n";
    };
    add("substance in", network.substance_units);
    add("time in", network.time_units);
    add("volume in", network.volume_units);
    add("area in", network.area_units);
    add("length in", network.length_units);
    add("extent in", network.extent_units);
    add("species converted by", network.conversion_factor);
    for (const auto& item : network.units) text += line_of(item);
    for (const auto& item : network.functions) text += line_of(item);
    for (const auto& item : network.compartments) text += line_of(item);
    for (const auto& item : network.species) text += line_of(item);
    for (const auto& item : network.parameters) text += line_of(item);
    for (const auto& item : network.reactions) text += line_of(item);
    for (const auto& item : network.initial_assignments)
        text += "initial " + item.symbol + " = " + to_text(*item.math) + "\n";
    for (const auto& item : network.rules) text += line_of(item);
    for (const auto& item : network.events) text += line_of(item);
    for (const auto& item : network.constraints)
        text +=
            "constraint " + item.id + (item.id.empty() ? "" : " ") + to_text(*item.math) + titled(item.name);
    for (const auto& item : network.flux_bounds)
        text += "bound " + item.reaction + " " + std::string(info(item.relation).name) + " " +
                to_text(*item.value) + "\n";
    for (const auto& item : network.objectives) text += line_of(item);
    for (const auto& item : network.remarks) text += line_of(item);
    return text;
}

}  // namespace rondo
