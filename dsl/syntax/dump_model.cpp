// dump_model.cpp: statements of models as text.
#include <array>

#include "dsl/syntax/dump.h"

namespace rondo {

namespace {

using rondo::text_of;

std::string behind(const ExprPtr& value, const std::string& word = " ") {
    return value ? word + text_of(*value) : "";
}

std::string behind(const Name& name, const std::string& word = " ") {
    return name.empty() ? "" : word + name.text;
}

std::string labelled(const Name& id) {
    return id.empty() ? "" : " " + id.text + ":";
}

std::string text_of(const SubmodelArgument& argument) {
    return argument.name.empty() ? text_of(argument.value) : argument.name.text;
}

std::string text_of(const std::optional<SubmodelArgument>& argument, const std::string& word) {
    return argument ? word + text_of(*argument) : "";
}

std::string text_of(const UnitTree& unit) {
    std::string text;
    for (const UnitFactor& factor : unit)
        text += " (" + text_of(factor.multiplier) + " " + factor.name + ")^" + text_of(factor.exponent);
    return text;
}

std::string side(const std::vector<SpeciesTerm>& terms) {
    std::string text;
    for (const SpeciesTerm& term : terms) {
        text += text.empty() ? " " : " + ";
        if (term.stoichiometry != 1) text += text_of(term.stoichiometry) + " ";
        if (!term.symbol.empty()) text += term.symbol.text + " ";
        text += (term.boundary ? "$" : "") + term.species.text;
    }
    return text;
}

std::string sign_of(AssignmentKind kind) {
    return kind == AssignmentKind::initial ? " =" : kind == AssignmentKind::assignment ? " :=" : " '=";
}

std::string line_of(const ReactionStatement& reaction) {
    return "reaction " + reaction.id.text + behind(reaction.compartment, " in ") + ":" +
           side(reaction.reactants) + (reaction.reversible ? " ->" : " =>") + side(reaction.products) + ";" +
           behind(reaction.rate);
}

std::string line_of(const AssignmentStatement& assignment) {
    return "set " + assignment.id.text + sign_of(assignment.kind) + behind(assignment.value);
}

std::string line_of(const AlgebraicStatement& rule) {
    return "algebraic" + labelled(rule.id) + " " + text_of(rule.value) + " =" + behind(rule.formula);
}

std::string line_of(const DeclarationStatement& declaration) {
    constexpr std::array kinds = {"",      " species",  " compartment", " parameter",  " reaction",
                                  " gene", " operator", " DNA",         " geneProduct"};
    constexpr std::array constancies = {"", " const", " var"};
    std::string text = "declare";
    text += constancies[static_cast<std::size_t>(declaration.constancy)];
    text += declaration.substance_only ? " substanceOnly" : "";
    text += kinds[static_cast<std::size_t>(declaration.declared)];
    for (const DeclarationItem& item : declaration.items) {
        text += (&item == &declaration.items[0] ? " " : ", ") + std::string(item.boundary ? "$" : "") +
                item.id.text;
        text += behind(item.compartment, " in ");
        if (item.has_value) text += sign_of(item.kind) + behind(item.value);
        if (!item.unit.empty()) text += " has" + text_of(item.unit);
    }
    return text;
}

std::string line_of(const InStatement& in) {
    return "place " + in.id.text + behind(in.compartment, " in ");
}

std::string line_of(const NameStatement& name) {
    return "name " + name.id.text + " \"" + name.text + "\"";
}

std::string line_of(const UnitStatement& unit) {
    return "unit " + unit.id.text + " =" + text_of(unit.unit);
}

std::string line_of(const HasStatement& has) {
    return "has " + has.id.text + ":" + text_of(has.unit);
}

std::string line_of(const RemarkStatement& remark) {
    std::string text = "remark" + behind(remark.of) + " " + remark.property;
    for (const std::string& value : remark.values) text += " \"" + value + "\"";
    return text;
}

std::string line_of(const EventStatement& event) {
    std::string text = "event" + labelled(event.id) + behind(event.trigger) + behind(event.delay, " delay ") +
                       behind(event.priority, " priority ");
    text += event.initial_value ? "" : " t0=false";
    text += event.persistent ? "" : " persistent=false";
    text += event.use_values_from_trigger_time ? "" : " fromTrigger=false";
    for (const EventAssignmentTree& assignment : event.assignments)
        text += ", " + assignment.id.text + " =" + behind(assignment.value);
    return text;
}

std::string line_of(const ConstraintStatement& constraint) {
    return "constraint" + labelled(constraint.id) + behind(constraint.formula);
}

std::string line_of(const ObjectiveStatement& objective) {
    return (objective.maximize ? "maximize" : "minimize") + labelled(objective.id) +
           behind(objective.formula);
}

std::string line_of(const InteractionStatement& interaction) {
    constexpr std::array signs = {" -o ", " -| ", " -( "};
    std::string text = "interaction" + labelled(interaction.id);
    for (const Name& agent : interaction.agents) text += behind(agent);
    return text + signs[static_cast<std::size_t>(interaction.influence)] + interaction.reaction.text +
           behind(interaction.rate, "; ");
}

std::string line_of(const ConversionStatement& conversion) {
    return "conversion" + behind(conversion.of) + " by " + conversion.factor.text;
}

std::string line_of(const SubmodelStatement& submodel) {
    std::string text = "submodel" + labelled(submodel.id) + " " + submodel.module.text + "(";
    for (const SubmodelArgument& argument : submodel.arguments)
        text += (text.back() == '(' ? "" : ", ") + text_of(argument);
    return text + ")" + text_of(submodel.time_conversion, " timeconv ") +
           text_of(submodel.extent_conversion, " extentconv ");
}

std::string line_of(const SynchronyStatement& synchrony) {
    return "merge " + synchrony.first.text + text_of(synchrony.factor, " * ") + " is " +
           synchrony.second.text;
}

std::string line_of(const DeletionStatement& deletion) {
    return "delete " + deletion.id.text;
}

std::string line_of(const StrandStatement& strand) {
    std::string text = "strand" + labelled(strand.id) + (strand.open_start ? " --" : " ");
    for (const Name& element : strand.elements)
        text += (&element == &strand.elements[0] ? "" : "--") + element.text;
    return text + (strand.open_end ? "--" : "");
}

}  // namespace

std::string dump(const ModelStatement& statement) {
    return std::visit([](const auto& content) { return line_of(content); }, statement.content);
}

}  // namespace rondo
