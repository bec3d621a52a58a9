// Any bytes in, a diagnostic out: no crash, no hang.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "network_text.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

void expect_error(const std::string& text, const std::string& message) {
    const Read result = read(text);
    EXPECT_TRUE(result.errors);
    EXPECT_NE(result.messages.find(message), std::string::npos) << result.messages.substr(0, 1000);
}

std::string repeat(std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

std::string level_1(const std::string& formula) {
    return "<sbml xmlns=\"http://www.sbml.org/sbml/level1\" level=\"1\" version=\"2\"><model name=\"m\">"
           "<listOfCompartments><compartment name=\"c\"/></listOfCompartments><listOfParameters>"
           "<parameter name=\"x\" value=\"1\"/><parameter name=\"y\" value=\"1\"/></listOfParameters>"
           "<listOfRules>\n<parameterRule name=\"x\" formula=\"" +
           formula + "\"/></listOfRules></model></sbml>";
}

// A model with a little of everything, to be damaged.
std::string whole() {
    return document(R"(<listOfFunctionDefinitions><functionDefinition id="f">
<math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci> a </ci></bvar><ci> a </ci></lambda></math>
</functionDefinition></listOfFunctionDefinitions>
<listOfCompartments><compartment id="c" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="S" compartment="c" initialAmount="1" hasOnlySubstanceUnits="false"
 boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value="1e-3" constant="true"/></listOfParameters>
<listOfReactions><reaction id="J" reversible="false"><listOfReactants>
<speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci> k </ci><apply><ci> f </ci><ci> S </ci></apply>
<piecewise><piece><cn type="rational"> 1 <sep/> 2 </cn><apply><lt/><ci> S </ci><cn> 3 </cn></apply></piece>
<otherwise><cn type="e-notation"> 1 <sep/> 3 </cn></otherwise></piecewise></apply></math></kineticLaw></reaction>
</listOfReactions>)");
}

}  // namespace

TEST(HostileSbml, TextsThatAreNone) {
    expect_error("", "m.xml:1:1: error: the file is empty\n");
    expect_error(" \n\t", "error: the file is empty\n");
    expect_error(std::string("<sbml>\0</sbml>", 14), "m.xml:1:7: error: a NUL byte: this is not text\n");
    expect_error(
        "\x7f"
        "ELF\x02\x01",
        "error: ");
    expect_error("\xff\xfe<\0", "error: the text is UTF-16\n");
    expect_error("<", "error: ");
    expect_error("model m\nend\n", "error: ");
    expect_error("<?xml version=\"1.0\"?>\n<a>\xc3\x28</a>", "error: ");
}

TEST(HostileSbml, LevelsThatThereAreNot) {
    const auto root = [](const std::string& attributes) {
        return "<sbml " + attributes + "><model/></sbml>";
    };
    expect_error(root("xmlns='http://www.sbml.org/sbml/level2/version2' level='2' version='4'"),
                 "m.xml:1:1: error: the namespace of SBML level 2 version 4 is "
                 "'http://www.sbml.org/sbml/level2/version4', which is not given\n");
    expect_error(root("xmhns='http://www.sbml.org/sbml/level2/version4' level='2' version='4'"),
                 "error: the namespace of SBML level 2 version 4 is "
                 "'http://www.sbml.org/sbml/level2/version4', which is not given\n");
    expect_error(root("xmlns=\"http://www.sbml.org/sbml/level9\" level=\"9\" version=\"1\""),
                 "error: there is no SBML level 9 version 1\n");
    expect_error(root("xmlns='http://www.sbml.org/sbml/level2/version4' level='2' versi.on='4'"),
                 "error: the element 'sbml' must give its level and version\n");
    EXPECT_FALSE(read(root("level = '2'\n\tversion=\"4\" xmlns = 'http://www.sbml.org/sbml/level2/version4'"
                           " xmlns:x='y=z'"))
                     .errors);
}

TEST(HostileSbml, EntitiesAreNotExpanded) {
    expect_error(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE sbml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<sbml/>",
        "m.xml:2:1: error: a document type or entity declaration is not SBML\n");
    expect_error(document("<notes>&undefined;</notes>"), "error: ");
}

TEST(HostileSbml, NestingHasALimit) {
    const int fits = deepest_formula - 10;
    const Read good =
        read(formula(repeat("<apply><abs/>", fits) + "<ci> y </ci>" + repeat("</apply>", fits)));
    EXPECT_EQ(good.messages, "");
    expect_error(formula(repeat("<apply><abs/>", 1100) + "<ci> y </ci>" + repeat("</apply>", 1100)),
                 "error: a formula is nested deeper than 1000, in the rule of 'x'\n");
    for (const int depth : {deepest_nesting + 1, 1000000})
        expect_error(formula(repeat("<apply><abs/>", depth)),
                     "error: elements are nested deeper than 2100\n");
    expect_error(document("<notes>" + repeat("<p>", 100000)),
                 "error: elements are nested deeper than 2100\n");
    expect_error(level_1(repeat("-", 5000) + "y"),
                 "m.xml:2:1: error: a formula is nested deeper than 1000, in the rule of 'x'\n");
    EXPECT_EQ(read(level_1(repeat("y+", 5000) + "y")).messages, "");
    expect_error(level_1(repeat("y+", 1000000) + "y"),
                 "m.xml:2:1: error: the formula is longer than 20000 characters, in the rule of 'x'\n");
    EXPECT_EQ(read(level_1(repeat("(", 900) + "y" + repeat(")", 900))).messages, "");
}

TEST(HostileSbml, OperandsHaveALimit) {
    const Read good =
        read(formula("<apply><plus/>" + repeat("<ci> y </ci>", most_operands - 1) + "</apply>"));
    EXPECT_EQ(good.messages, "");
    EXPECT_EQ(good.network.rules.at(0).math->args.size(), static_cast<std::size_t>(most_operands - 1));
    expect_error(formula("<apply><plus/>" + repeat("<ci> y </ci>", 1000000) + "</apply>"),
                 "error: an operation has more than 10000 operands\n");
}

TEST(HostileSbml, NumbersBeyondDoublesAreErrors) {
    expect_error(formula("<cn> 1e999 </cn>"), "(libSBML 99220)");
    expect_error(formula("<cn type=\"integer\"> 99999999999999999999 </cn>"), "(libSBML 99221)");
    expect_error(
        document(
            "<listOfParameters>\n<parameter id=\"k\" value=\"1e999\" constant=\"true\"/></listOfParameters>"),
        "m.xml:5:1: error: ");
}

TEST(HostileSbml, ManyFindingsAreCutShort) {
    const Read result = read(formula(repeat("<nonsense/>", 500)));
    EXPECT_TRUE(result.errors);
    EXPECT_LE(result.list.size(), 60U);
}

TEST(HostileSbml, TruncatedAnywhere) {
    const std::string text = whole();
    ASSERT_EQ(read(text).messages, "");
    const std::size_t last = text.find_last_of('>');
    for (std::size_t length = 0; length < last; length += 7) {
        SCOPED_TRACE(length);
        EXPECT_TRUE(read(text.substr(0, length)).errors);
    }
}

// Every byte replaced in turn by what hurts most: whatever comes of it, it comes.
TEST(HostileSbml, DamagedAnywhere) {
    const std::string text = whole();
    int refused = 0;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        std::string damaged = text;
        damaged[at] =
            "<>&\"\xff"
            "9 /"[at / 3 % 8];
        const Read result = read(damaged);
        refused += result.errors;
        if (!result.errors) to_sbml(result.network);
    }
    EXPECT_GT(refused, 200);
}

namespace {

// n parameters with units of their own and rules that read one another.
std::string chain(int n) {
    std::string units, parameters, rules;
    for (int i = 0; i < n; ++i) {
        const std::string number = std::to_string(i);
        units += "<unitDefinition id=\"u" + number + "\"/>";
        parameters += "<parameter id=\"x" + number + "\" units=\"u" + number + "\" constant=\"false\"/>";
        rules += "<assignmentRule variable=\"x" + number +
                 "\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\">" +
                 (i == 0 ? "<cn> 1 </cn>" : "<ci> x" + std::to_string(i - 1) + " </ci>") +
                 "</math></assignmentRule>";
    }
    return document("<listOfUnitDefinitions>" + units + "</listOfUnitDefinitions><listOfParameters>" +
                    parameters + "</listOfParameters><listOfRules>" + rules + "</listOfRules>");
}

double seconds_to_read(int n) {
    const std::string text = chain(n);
    const std::clock_t begin = std::clock();
    EXPECT_EQ(read(text).messages, "");
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

// Quadratic time would make it 64 times.
TEST(HostileSbml, EightTimesTheModelTakesLittleMoreThanEightTimes) {
    const double small = std::max(seconds_to_read(2500), 0.01);
    EXPECT_LT(seconds_to_read(20000), 24 * small);
}

}  // namespace rondo
