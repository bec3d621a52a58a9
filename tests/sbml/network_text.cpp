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

void describe(std::ostream& out, const Reaction& reaction) {
    out << "reaction " << reaction.id << " '" << reaction.name << "' in " << reaction.compartment
        << (reaction.reversible ? " reversible" : "") << ':';
    for (const SpeciesReference& term : reaction.reactants)
        out << ' ' << value(term.stoichiometry) << '*' << term.species;
    out << " ->";
    for (const SpeciesReference& term : reaction.products)
        out << ' ' << value(term.stoichiometry) << '*' << term.species;
    out << " [";
    for (const std::string& modifier : reaction.modifiers) out << ' ' << modifier;
    out << " ] " << (reaction.kinetic_law ? describe(*reaction.kinetic_law) : "-") << '\n';
    for (const LocalParameter& local : reaction.local_parameters)
        out << "  local " << local.id << " '" << local.name << "' " << value(local.value) << '\n';
}

}  // namespace

std::string describe(const Math& math) {
    if (math.op == Op::number) return to_text(math);
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
            << ' ' << c.constant << (c.implicit ? " implicit" : "") << '\n';
    for (const Species& s : network.species)
        out << "species " << s.id << " '" << s.name << "' in " << s.compartment << " amount "
            << value(s.initial_amount) << " concentration " << value(s.initial_concentration) << ' '
            << s.substance_only << ' ' << s.boundary << ' ' << s.constant << '\n';
    for (const GlobalParameter& p : network.parameters)
        out << "parameter " << p.id << " '" << p.name << "' " << value(p.value) << ' ' << p.constant << '\n';
    for (const Reaction& reaction : network.reactions) describe(out, reaction);
    for (const Rule& rule : network.rules)
        out << (rule.kind == RuleKind::rate ? "rate " : "assignment ") << rule.variable << ' '
            << describe(*rule.math) << '\n';
    for (const InitialAssignment& initial : network.initial_assignments)
        out << "initial " << initial.symbol << ' ' << describe(*initial.math) << '\n';
    for (const FunctionDefinition& function : network.functions) {
        out << "function " << function.id << " '" << function.name << "' (";
        for (const std::string& argument : function.arguments) out << ' ' << argument;
        out << " ) " << describe(*function.body) << '\n';
    }
    return out.str();
}

Read read(std::string_view text) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const std::uint32_t file = sources.add("m.xml", std::string(text));
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
