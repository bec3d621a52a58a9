// What Levels 1 to 3 say, as a Network.
#include <gtest/gtest.h>

#include "network_text.h"

namespace rondo {

namespace {

std::string level(int level, int version, const std::string& content) {
    const std::string l = std::to_string(level), v = std::to_string(version);
    const std::string uri = "http://www.sbml.org/sbml/level" + l + (level == 1 ? "" : "/version" + v);
    return "<sbml xmlns=\"" + uri + "\" level=\"" + l + "\" version=\"" + v + "\">" + content + "</sbml>";
}

std::string math_of(const std::string& mathml) {
    const Read result = read(formula(mathml));
    EXPECT_EQ(result.messages, "");
    return result.network.rules.empty() ? "" : to_text(*result.network.rules[0].math);
}

}  // namespace

TEST(ReadSbml, LooksAreByContent) {
    EXPECT_TRUE(looks_like_sbml("<sbml>"));
    EXPECT_TRUE(looks_like_sbml("\xef\xbb\xbf\n <?xml version='1.0'?>"));
    EXPECT_TRUE(looks_like_sbml("\xff\xfe<"));
    EXPECT_FALSE(looks_like_sbml("model m\n x < 3\nend"));
    EXPECT_FALSE(looks_like_sbml("// <sbml>"));
    EXPECT_FALSE(looks_like_sbml(""));
}

TEST(ReadSbml, LevelOneHasItsOwnDefaults) {
    const Read result = read(level(1, 2, R"xml(<model name="m">
<listOfCompartments><compartment name="c"/><compartment name="d" volume="2"/></listOfCompartments>
<listOfSpecies><species name="S" compartment="c" initialAmount="3"/>
<species name="B" compartment="c" initialAmount="1" boundaryCondition="true"/></listOfSpecies>
<listOfParameters><parameter name="k" value="0.5"/><parameter name="v"/></listOfParameters>
<listOfRules><parameterRule name="v" formula="log(k) + log10(k) + pow(S, 2) + sqr(k)" type="scalar"/>
<compartmentVolumeRule compartment="d" formula="1e-7" type="rate"/></listOfRules>
<listOfReactions><reaction name="J" reversible="false"><listOfReactants>
<speciesReference species="S" stoichiometry="3" denominator="2"/></listOfReactants>
<kineticLaw formula="q*S"><listOfParameters><parameter name="q" value="7"/></listOfParameters></kineticLaw>
</reaction></listOfReactions></model>)xml"));
    EXPECT_EQ(result.messages, "");
    EXPECT_EQ(result.network.rules.size(), 2U);
    EXPECT_EQ(to_text(*result.network.rules.at(0).math), "ln(k) + log10(k) + S^2 + k^2");
    EXPECT_EQ(result.network.rules.at(1).math->value, 1e-7);
    Network rest = result.network;
    rest.rules.clear();
    EXPECT_EQ(describe(rest), R"xml(model m ''
compartment c '' 3D 1 true
compartment d '' 3D 2 false
species S '' in c amount 3 concentration - false false false
species B '' in c amount 1 concentration - false true false
parameter k '' 0.5 true
parameter v '' - false
reaction J '' in : 1.5*S -> [ ] (*#12 $q $S)
  local q '' 7
)xml");
}

TEST(ReadSbml, LevelTwoHasItsOwnDefaults) {
    const Read result = read(level(2, 4, R"xml(<model id="m" name="a model">
<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits><unit kind="mole"/></listOfUnits></unitDefinition>
</listOfUnitDefinitions>
<listOfCompartments><compartment id="c"/><compartment id="p" spatialDimensions="0"/></listOfCompartments>
<listOfSpecies><species id="S" name="substrate" compartment="c" initialConcentration="3"/>
<species id="P" compartment="p" initialAmount="1"/></listOfSpecies>
<listOfParameters><parameter id="k" units="u"/></listOfParameters>
<listOfReactions><reaction id="J"><listOfReactants><speciesReference species="S"/></listOfReactants>
<listOfProducts><speciesReference species="P"><stoichiometryMath>
<math xmlns="http://www.w3.org/1998/Math/MathML"><cn type="rational"> 3 <sep/> 2 </cn></math>
</stoichiometryMath></speciesReference></listOfProducts></reaction></listOfReactions></model>)xml"));
    EXPECT_EQ(result.messages, "");
    EXPECT_EQ(describe(result.network), R"xml(model m 'a model'
compartment c '' 3D - true
compartment p '' 0D - true
species S 'substrate' in c amount - concentration 3 false false false
species P '' in p amount 1 concentration - true false false
parameter k '' - true units=u
reaction J '' in  reversible: 1*S -> 1.5*P [ ] -
unit u '' (1e0 mole)^1
)xml");
}

TEST(ReadSbml, Formulas) {
    const auto apply = [](const std::string& content) { return "<apply>" + content + "</apply>"; };
    const std::string y = "<ci> y </ci>", k = "<ci> k </ci>", two = "<cn type=\"integer\"> 2 </cn>";
    EXPECT_EQ(math_of("<cn> 1.5 </cn>"), "1.5");
    EXPECT_EQ(math_of("<cn type=\"e-notation\"> 1.2345678901234567 <sep/> -7 </cn>"),
              to_text(*make_number(1.2345678901234567e-7)));
    EXPECT_EQ(math_of("<cn type=\"rational\"> 1 <sep/> 4 </cn>"), "0.25");
    EXPECT_EQ(math_of("<cn type=\"integer\"> -7 </cn>"), "-7");
    EXPECT_EQ(math_of("<infinity/>"), "inf");
    EXPECT_EQ(math_of("<notanumber/>"), "nan");
    EXPECT_EQ(math_of(apply("<minus/>" + y)), "-y");
    EXPECT_EQ(math_of(apply("<minus/>" + y + k)), "y - k");
    EXPECT_EQ(math_of(apply("<plus/>")), "plus()");
    EXPECT_EQ(math_of(apply("<plus/>" + y + k + two + y)), "y + k + 2 + y");
    EXPECT_EQ(math_of(apply("<times/>" + y + apply("<times/>" + k + two))), "y*(k*2)");
    EXPECT_EQ(math_of(apply("<root/>" + y)), "sqrt(y)");
    EXPECT_EQ(math_of(apply("<root/><degree>" + two + "</degree>" + y)), "sqrt(y)");
    EXPECT_EQ(math_of(apply("<root/><degree><cn> 3 </cn></degree>" + y)), "root(3, y)");
    EXPECT_EQ(math_of(apply("<log/>" + y)), "log10(y)");
    EXPECT_EQ(math_of(apply("<log/><logbase>" + two + "</logbase>" + y)), "log(2, y)");
    EXPECT_EQ(math_of(apply("<power/>" + y + two)), "y^2");
    EXPECT_EQ(math_of(apply("<lt/>" + y + k + two)), "lt(y, k, 2)");
    EXPECT_EQ(math_of("<piecewise><piece>" + two + "<true/></piece></piecewise>"), "piecewise(2, true)");
    EXPECT_EQ(math_of("<semantics>" + y + "<annotation encoding=\"none\">why</annotation></semantics>"), "y");
    EXPECT_EQ(math_of("<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\"> t "
                      "</csymbol>"),
              "time");
}

TEST(ReadSbml, WhatHasNoFormulaSaysNothing) {
    const Read result = read(
        document(R"xml(<listOfFunctionDefinitions><functionDefinition id="f"/></listOfFunctionDefinitions>
<listOfParameters><parameter id="x" value="1" constant="false"/></listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="x"/></listOfInitialAssignments>
<listOfRules><rateRule variable="x"/></listOfRules>
<listOfReactions><reaction id="J" reversible="true"><kineticLaw/></reaction></listOfReactions>)xml"));
    EXPECT_EQ(result.messages, "");
    EXPECT_EQ(describe(result.network), R"xml(model m ''
parameter x '' 1 false
reaction J '' in  reversible: -> [ ] -
)xml");
}

TEST(ReadSbml, SpansPointAtTheTag) {
    const std::string text = document(
        "<listOfParameters><parameter id=\"k\"\n value=\"1\" constant=\"true\"/>"
        "<parameter id=\"l\" constant=\"true\"/></listOfParameters>");
    Sources sources;
    Diagnostics diagnostics(sources);
    const Network network = read_sbml(sources.add("m.xml", text), diagnostics);
    ASSERT_EQ(network.parameters.size(), 2U);
    EXPECT_EQ(sources.slice(network.parameters[0].span),
              "<parameter id=\"k\"\n value=\"1\" constant=\"true\"/>");
    EXPECT_EQ(sources.slice(network.parameters[1].span), "<parameter id=\"l\" constant=\"true\"/>");
    EXPECT_EQ(sources.where(network.parameters[0].span), "m.xml:4:19");
}

}  // namespace rondo
