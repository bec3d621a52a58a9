// network_text.cpp: a network as lines of facts, and documents to read.
#include "network_text.h"

#include <sbml/SBMLTypes.h>

#include <memory>
#include <sstream>

namespace rondo {

namespace {

std::string value(const std::optional<double>& value) {
    return value ? describe(*make_number(*value)) : "-";
}

std::string value(const MathPtr& math) {
    return math ? describe(*math) : "-";
}

std::string text(const std::string& text) {
    return " '" + text + "'";
}

// Nothing if it is empty.
std::string said(const std::string& what, const std::string& text) {
    return text.empty() ? "" : " " + what + "=" + text;
}

void describe(std::ostream& out, const SpeciesReference& term) {
    out << ' ' << value(term.stoichiometry) << '*' << term.species;
    if (!term.id.empty()) out << '(' << term.id << text(term.name) << ' ' << term.constant << ')';
}

void describe(std::ostream& out, const Reaction& reaction) {
    out << "reaction " << reaction.id << text(reaction.name) << " in " << reaction.compartment
        << (reaction.reversible ? " reversible" : "") << (reaction.fast ? " fast" : "") << ':';
    for (const SpeciesReference& term : reaction.reactants) describe(out, term);
    out << " ->";
    for (const SpeciesReference& term : reaction.products) describe(out, term);
    out << " [";
    for (const std::string& modifier : reaction.modifiers) out << ' ' << modifier;
    out << " ] " << value(reaction.kinetic_law) << '\n';
    for (const LocalParameter& local : reaction.local_parameters)
        out << "  local " << local.id << text(local.name) << ' ' << value(local.value)
            << said("units", local.units) << '\n';
}

void describe(std::ostream& out, const Rule& rule) {
    out << (rule.kind == RuleKind::rate        ? "rate "
            : rule.kind == RuleKind::algebraic ? "algebraic "
                                               : "assignment ")
        << rule.variable << ' ' << describe(*rule.math) << '\n';
}

void describe(std::ostream& out, const Event& event) {
    out << "event " << event.id << text(event.name) << " at " << value(event.trigger) << " delay "
        << value(event.delay) << " priority " << value(event.priority) << ' ' << event.initial_value << ' '
        << event.persistent << ' ' << event.use_values_from_trigger_time << '\n';
    for (const EventAssignment& item : event.assignments)
        out << "  " << item.variable << " = " << value(item.math) << '\n';
}

void describe_units(std::ostream& out, const Network& network) {
    for (const UnitDefinition& unit : network.units) {
        out << "unit " << unit.id << text(unit.name);
        for (const Unit& part : unit.units)
            out << " (" << part.multiplier << "e" << part.scale << ' ' << part.kind << ")^" << part.exponent;
        out << '\n';
    }
    const std::string measures = said("substance", network.substance_units) +
                                 said("time", network.time_units) + said("volume", network.volume_units) +
                                 said("area", network.area_units) + said("length", network.length_units) +
                                 said("extent", network.extent_units) +
                                 said("factor", network.conversion_factor);
    if (!measures.empty()) out << "measures" << measures << '\n';
}

void describe_fluxes(std::ostream& out, const Network& network) {
    for (const FluxBound& bound : network.flux_bounds)
        out << "bound " << bound.reaction << ' ' << info(bound.relation).name << ' ' << value(bound.value)
            << '\n';
    for (const FluxObjective& objective : network.objectives) {
        out << "objective " << objective.id << text(objective.name) << objective.maximize << objective.active;
        for (const auto& [coefficient, reaction] : objective.terms)
            out << ' ' << coefficient << '*' << reaction;
        out << '\n';
    }
}

}  // namespace

std::string describe(const Math& math) {
    if (math.op == Op::number) return to_text(math);  // with its unit
    if (math.op == Op::symbol) return "$" + math.name;
    std::string text = "(" + std::string(math.op == Op::call ? "call" : info(math.op).name) + "#" +
                       std::to_string(static_cast<int>(math.op)) + math.name;
    for (const MathPtr& arg : math.args) text += " " + describe(*arg);
    return text + ")";
}

std::string describe(const Network& network) {
    std::ostringstream out;
    out << std::boolalpha << "model " << network.id << " '" << network.name << "'\n";
    for (const Compartment& c : network.compartments)
        out << "compartment " << c.id << " '" << c.name << "' " << c.dimensions << "D " << value(c.size)
            << ' ' << c.constant << (c.implicit ? " implicit" : "") << said("units", c.units) << '\n';
    for (const Species& s : network.species)
        out << "species " << s.id << " '" << s.name << "' in " << s.compartment << " amount "
            << value(s.initial_amount) << " concentration " << value(s.initial_concentration) << ' '
            << s.substance_only << ' ' << s.boundary << ' ' << s.constant << said("units", s.substance_units)
            << said("factor", s.conversion_factor) << '\n';
    for (const GlobalParameter& p : network.parameters)
        out << "parameter " << p.id << " '" << p.name << "' " << value(p.value) << ' ' << p.constant
            << said("units", p.units) << '\n';
    for (const Reaction& reaction : network.reactions) describe(out, reaction);
    for (const Rule& rule : network.rules) describe(out, rule);
    for (const InitialAssignment& initial : network.initial_assignments)
        out << "initial " << initial.symbol << ' ' << describe(*initial.math) << '\n';
    for (const FunctionDefinition& function : network.functions) {
        out << "function " << function.id << " '" << function.name << "' (";
        for (const std::string& argument : function.arguments) out << ' ' << argument;
        out << " ) " << describe(*function.body) << '\n';
    }
    for (const Event& event : network.events) describe(out, event);
    for (const Constraint& item : network.constraints)
        out << "constraint " << item.id << ' ' << value(item.math) << text(item.message) << '\n';
    describe_units(out, network);
    describe_fluxes(out, network);
    for (const Remark& remark : network.remarks) {
        out << "remark " << remark.of << ' ' << remark.property;
        for (const std::string& item : remark.values) out << text(item);
        out << '\n';
    }
    return out.str();
}

Read read(std::string_view text, const std::string& name) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const std::uint32_t file = sources.add(name, std::string(text));
    Read result;
    result.network = read_sbml(file, diagnostics);
    result.messages = diagnostics.render();
    result.errors = diagnostics.has_errors();
    result.list = diagnostics.list();
    for (const Diagnostic& item : result.list) result.unsupported += item.severity == Severity::unsupported;
    return result;
}

std::string errors_of_libsbml(const std::string& xml) {
    const std::unique_ptr<::SBMLDocument> document(::readSBMLFromString(xml.c_str()));
    document->setConsistencyChecks(::LIBSBML_CAT_UNITS_CONSISTENCY, false);
    document->setConsistencyChecks(::LIBSBML_CAT_MODELING_PRACTICE, false);
    document->checkConsistency();
    std::string errors;
    for (unsigned i = 0; i < document->getNumErrors(); ++i)
        if (document->getError(i)->getSeverity() >= ::LIBSBML_SEV_ERROR)
            errors += std::to_string(document->getError(i)->getErrorId()) + " " +
                      document->getError(i)->getMessage() + "\n";
    return errors;
}

std::string document(std::string_view content) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\">\n"
           "<model id=\"m\">\n" +
           std::string(content) + "\n</model>\n</sbml>\n";
}

std::string formula(std::string_view mathml) {
    return document(R"(<listOfParameters>
<parameter id="x" constant="false"/><parameter id="y" constant="true"/><parameter id="k" constant="true"/>
</listOfParameters><listOfRules>
<assignmentRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML">)" +
                    std::string(mathml) + "</math></assignmentRule></listOfRules>");
}

}  // namespace rondo
