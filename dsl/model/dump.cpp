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
           (compartment.implicit ? " implicit" : "") + titled(compartment.name);
}

std::string line_of(const Species& species) {
    return "species " + species.id + " in " + species.compartment +
           given(" concentration ", species.initial_concentration) +
           given(" amount ", species.initial_amount) + (species.substance_only ? " substanceOnly" : "") +
           (species.boundary ? " boundary" : "") + (species.constant ? " constant" : "") +
           titled(species.name);
}

std::string line_of(const GlobalParameter& parameter) {
    return "parameter " + parameter.id + given(" = ", parameter.value) +
           (parameter.constant ? "" : " variable") + titled(parameter.name);
}

std::string side(const std::vector<SpeciesReference>& references) {
    std::string text;
    for (const SpeciesReference& reference : references) {
        text += text.empty() ? " " : " + ";
        if (reference.stoichiometry != 1) text += number(reference.stoichiometry) + " ";
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
        text += " where " + local.id + given(" = ", local.value);
    return text + titled(reaction.name);
}

}  // namespace

std::string dump(const Network& network) {
    std::string text = "model " + network.id + titled(network.name);
    for (const auto& item : network.functions) text += line_of(item);
    for (const auto& item : network.compartments) text += line_of(item);
    for (const auto& item : network.species) text += line_of(item);
    for (const auto& item : network.parameters) text += line_of(item);
    for (const auto& item : network.reactions) text += line_of(item);
    for (const auto& item : network.initial_assignments)
        text += "initial " + item.symbol + " = " + to_text(*item.math) + "\n";
    for (const auto& item : network.rules)
        text += (item.kind == RuleKind::rate ? "rate " : "assignment ") + item.variable + " = " +
                to_text(*item.math) + "\n";
    return text;
}

}  // namespace rondo
