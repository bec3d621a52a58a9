// What Levels 2 and 3 say of events, stoichiometries, units and the rest of the core, as a Network.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "network_text.h"

namespace rondo {

namespace {

std::string math(std::string_view content) {
    return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" + std::string(content) + "</math>";
}

std::string csymbol(const std::string& name, const std::string& rest) {
    return "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/" + name +
           "\"> " + name + " </csymbol>" + rest + "</apply>";
}

// One species S in c, parameters k (constant) and x.
constexpr std::string_view elements =
    "<listOfCompartments><compartment id=\"c\" size=\"1\" constant=\"true\"/></listOfCompartments>"
    "<listOfSpecies><species id=\"S\" compartment=\"c\" hasOnlySubstanceUnits=\"false\" "
    "boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies><listOfParameters>"
    "<parameter id=\"k\" value=\"2\" constant=\"true\"/><parameter id=\"x\" constant=\"false\"/>"
    "</listOfParameters>";

std::string level_2(const std::string& content, const std::string& units = "") {
    return "<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\" version=\"4\"><model "
           "id=\"m\">" +
           units +
           "<listOfCompartments><compartment id=\"c\"/></listOfCompartments><listOfSpecies><species id=\"S\" "
           "compartment=\"c\"/></listOfSpecies><listOfParameters><parameter id=\"k\" value=\"2\" "
           "units=\"second\"/><parameter id=\"x\" constant=\"false\"/></listOfParameters>" +
           content + "</model></sbml>";
}

// The facts of `text` that start with one of `words`.
std::string facts(const std::string& text, const std::vector<std::string>& words) {
    const Read result = read(text);
    EXPECT_FALSE(result.errors) << result.messages;
    std::istringstream lines(describe(result.network));
    std::string kept;
    bool keep = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(' '))
            keep = std::ranges::any_of(words, [&](const auto& word) { return line.starts_with(word); });
        if (keep) kept += line + "\n";
    }
    return kept;
}

}  // namespace

TEST(ReadMore, EventsOfLevelThree) {
    const std::string event =
        "<listOfEvents><event id=\"E\" name=\"one\" useValuesFromTriggerTime=\"false\"><trigger "
        "initialValue=\"false\" persistent=\"false\">" +
        math("<apply><gt/><ci>x</ci><ci>k</ci></apply>") + "</trigger><priority>" + math("<cn> 3 </cn>") +
        "</priority><delay>" + math("<ci> k </ci>") +
        "</delay><listOfEventAssignments><eventAssignment variable=\"x\">" + math("<ci> S </ci>") +
        "</eventAssignment></listOfEventAssignments></event>"
        "<event useValuesFromTriggerTime=\"true\"><listOfEventAssignments><eventAssignment variable=\"x\"/>"
        "</listOfEventAssignments></event></listOfEvents>";
    EXPECT_EQ(facts(document(std::string(elements) + event), {"event"}),
              "event E 'one' at (>#58 $x $k) delay $k priority 3 false false false\n"
              "  x = $S\n"
              "event  '' at - delay - priority - true true true\n");
}

TEST(ReadMore, EventsOfLevelTwoHaveItsDefaults) {
    const std::string event = "<listOfEvents><event id=\"E\"><trigger>" + math("<true/>") +
                              "</trigger><listOfEventAssignments><eventAssignment variable=\"x\">" +
                              math("<cn> 1 </cn>") +
                              "</eventAssignment></listOfEventAssignments></event></listOfEvents>";
    EXPECT_EQ(facts(level_2(event), {"event"}),
              "event E '' at (true#8) delay - priority - true true true\n  x = 1\n");
}

TEST(ReadMore, StoichiometriesAreSymbols) {
    const std::string reaction =
        "<listOfReactions><reaction id=\"J\" reversible=\"true\"><listOfReactants><speciesReference id=\"n\" "
        "species=\"S\" constant=\"false\"/></listOfReactants><listOfProducts><speciesReference species=\"S\" "
        "stoichiometry=\"2\" constant=\"true\"/></listOfProducts><kineticLaw>" +
        math("<ci> n </ci>") + "</kineticLaw></reaction></listOfReactions>";
    const std::string rule =
        "<listOfRules><rateRule variable=\"n\">" + math("<cn> 3 </cn>") + "</rateRule></listOfRules>";
    EXPECT_EQ(facts(document(std::string(elements) + rule + reaction), {"reaction", "rate"}),
              "reaction J '' in  reversible: (nan#7)*S(n '' false) -> 2*S [ ] $n\nrate n 3\n");
    const Read none = read(document(std::string(elements) + reaction));
    EXPECT_NE(none.messages.find("the stoichiometry of 'S' in reaction 'J' has no finite value"),
              std::string::npos)
        << none.messages;
}

// A formula in the place of a stoichiometry is a rule of a symbol made for it.
TEST(ReadMore, StoichiometryMathOfLevelTwo) {
    const auto reaction = [](const std::string& formula) {
        return "<listOfReactions><reaction id=\"J\"><listOfReactants><speciesReference species=\"S\">"
               "<stoichiometryMath>" +
               math(formula) +
               "</stoichiometryMath></speciesReference></listOfReactants></reaction></listOfReactions>";
    };
    EXPECT_EQ(facts(level_2(reaction("<ci> k </ci>")), {"reaction", "assignment"}),
              "reaction J '' in  reversible: 1*S(J_S '' false) -> [ ] -\nassignment J_S $k\n");
    EXPECT_EQ(facts(level_2(reaction("<cn type=\"rational\"> 1 <sep/> 2 </cn>")), {"reaction", "assignment"}),
              "reaction J '' in  reversible: 0.5*S -> [ ] -\n");
}

TEST(ReadMore, FastAndConversionFactors) {
    EXPECT_EQ(
        facts(level_2("<listOfReactions><reaction id=\"J\" fast=\"true\"><listOfReactants>"
                      "<speciesReference species=\"S\"/></listOfReactants></reaction></listOfReactions>"),
              {"reaction"}),
        "reaction J '' in  reversible fast: 1*S -> [ ] -\n");
    std::string text = document(elements);
    text.replace(text.find("<model id"), 9, "<model conversionFactor=\"k\" id");
    text.replace(text.find("id=\"S\""), 6, "id=\"S\" conversionFactor=\"k\"");
    EXPECT_EQ(facts(text, {"species", "measures"}),
              "species S '' in c amount - concentration - false false false factor=k\n"
              "measures factor=k\n");
}

TEST(ReadMore, RulesOfNoVariableAndConstraints) {
    const std::string rules = "<listOfRules><algebraicRule>" + math("<ci> x </ci>") +
                              "</algebraicRule><assignmentRule variable=\"x\"/></listOfRules>"
                              "<listOfConstraints><constraint>" +
                              math("<true/>") +
                              "<message><p xmlns=\"http://www.w3.org/1999/xhtml\">never\n  mind</p></message>"
                              "</constraint></listOfConstraints>";
    EXPECT_EQ(facts(document(std::string(elements) + rules), {"algebraic", "assignment", "constraint"}),
              "algebraic  $x\nconstraint  (true#8) 'never mind'\n");
}

TEST(ReadMore, SymbolsOfSbml) {
    const auto formula_of = [](const std::string& mathml) {
        const Read result = read(formula(mathml));
        EXPECT_EQ(result.messages, "");
        return result.network.rules.empty() ? "" : to_text(*result.network.rules[0].math);
    };
    EXPECT_EQ(formula_of(csymbol("delay", "<ci> y </ci><cn> 1 </cn>")), "delay(y, 1)");
    EXPECT_EQ(formula_of(csymbol("rateOf", "<ci> y </ci>")), "rateOf(y)");
    EXPECT_EQ(formula_of("<apply><lt/><ci>y</ci><ci>k</ci><cn>3</cn></apply>"), "lt(y, k, 3)");
    EXPECT_EQ(formula_of("<apply><implies/><true/><apply><max/><ci>y</ci><ci>k</ci></apply></apply>"),
              "implies(true, max(y, k))");
}

TEST(ReadMore, UnitsOfDefinitionsNumbersAndTheModel) {
    const std::string units =
        "<listOfUnitDefinitions><unitDefinition id=\"u\" name=\"per mM\"><listOfUnits><unit kind=\"mole\" "
        "exponent=\"-1\" scale=\"-3\" multiplier=\"2\"/><unit kind=\"litre\" exponent=\"0.5\" scale=\"0\" "
        "multiplier=\"1\"/></listOfUnits></unitDefinition></"
        "listOfUnitDefinitions><listOfParameters><parameter "
        "id=\"x\" units=\"u\" constant=\"false\"/></listOfParameters><listOfRules><assignmentRule "
        "variable=\"x\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\" "
        "xmlns:sbml=\"http://www.sbml.org/sbml/level3/version2/core\"><cn sbml:units=\"u\"> 3 </cn></math>"
        "</assignmentRule></listOfRules>";
    std::string text = document(units);
    text.replace(text.find("<model id"), 9, "<model timeUnits=\"second\" volumeUnits=\"nowhere\" id");
    EXPECT_EQ(facts(text, {"unit", "parameter", "assignment", "measures"}),
              "parameter x '' - false units=u\n"
              "assignment x 3 u\n"
              "unit u 'per mM' (2e-3 mole)^-1 (1e0 litre)^0.5\n"
              "measures time=second\n");
}

// The names of what they measure mean something in Level 2 where they are defined.
TEST(ReadMore, UnitsOfLevelTwo) {
    const std::string volume =
        "<listOfUnitDefinitions><unitDefinition id=\"volume\"><listOfUnits><unit kind=\"litre\" "
        "scale=\"-3\"/>"
        "</listOfUnits></unitDefinition></listOfUnitDefinitions>";
    EXPECT_EQ(facts(level_2("", volume), {"compartment", "species", "parameter k", "unit", "measures"}),
              "compartment c '' 3D - true\n"
              "species S '' in c amount - concentration - false false false\n"
              "parameter k '' 2 true units=second\n"
              "unit volume '' (1e-3 litre)^1\n"
              "measures volume=volume\n");
}

TEST(ReadMore, RemarksInAntimonysWords) {
    const std::string annotation =
        "<notes><p xmlns=\"http://www.w3.org/1999/xhtml\">a <b>note</b></p></notes><annotation><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
        "xmlns:bqbiol=\"http://biomodels.net/biology-qualifiers/\" "
        "xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:vCard=\"http://www.w3.org/2001/vcard-rdf/3.0#\">"
        "<rdf:Description rdf:about=\"#meta\"><dcterms:creator><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
        "<vCard:N rdf:parseType=\"Resource\"><vCard:Family>Doe</vCard:Family><vCard:Given>Jo</vCard:Given>"
        "</vCard:N><vCard:EMAIL>jo@x.org</vCard:EMAIL></rdf:li></rdf:Bag></dcterms:creator><dcterms:created "
        "rdf:parseType=\"Resource\"><dcterms:W3CDTF>2020-01-02T03:04:05Z</dcterms:W3CDTF></dcterms:created>"
        "<dcterms:modified rdf:parseType=\"Resource\"><dcterms:W3CDTF>2021-01-02T03:04:05Z</dcterms:W3CDTF>"
        "</dcterms:modified>"
        "<bqbiol:isVersionOf><rdf:Bag><rdf:li rdf:resource=\"urn:a\"/><rdf:li rdf:resource=\"urn:b\"/>"
        "</rdf:Bag></bqbiol:isVersionOf></rdf:Description></rdf:RDF></annotation>";
    std::string text = document(
        "<listOfParameters><parameter metaid=\"meta\" sboTerm=\"SBO:0000002\" "
        "id=\"k\" constant=\"true\">" +
        annotation + "</parameter></listOfParameters>");
    EXPECT_EQ(facts(text, {"remark"}),
              "remark k sboTerm 'SBO:0000002'\n"
              "remark k isVersionOf 'urn:a' 'urn:b'\n"
              "remark k creator1.givenName 'Jo'\n"
              "remark k creator1.familyName 'Doe'\n"
              "remark k creator1.email 'jo@x.org'\n"
              "remark k created '2020-01-02T03:04:05Z'\n"
              "remark k modified '2021-01-02T03:04:05Z'\n"
              "remark k notes '<p xmlns=\"http://www.w3.org/1999/xhtml\">a <b>note</b></p>'\n");
    const Network once = read(text).network;
    EXPECT_EQ(errors_of_libsbml(to_sbml(once)), "");
    EXPECT_EQ(describe(read(to_sbml(once)).network), describe(once)) << to_sbml(once);
}

}  // namespace rondo
