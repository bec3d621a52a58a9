// What is valid SBML but not done is refused by name, as `unsupported`; what is wrong is an error with its
// place.
#include <gtest/gtest.h>

#include "network_text.h"

namespace rondo {

namespace {

constexpr std::string_view species =
    "<listOfCompartments><compartment id=\"c\" spatialDimensions=\"3\" size=\"1\" constant=\"true\"/>"
    "</listOfCompartments>\n<listOfSpecies><species id=\"S\" compartment=\"c\" "
    "hasOnlySubstanceUnits=\"false\" "
    "boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies>\n"
    "<listOfParameters><parameter id=\"x\" constant=\"false\"/></listOfParameters>\n";

std::string math(std::string_view content) {
    return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" + std::string(content) + "</math>";
}

std::string reaction(const std::string& product) {
    return "<listOfReactions>\n<reaction id=\"J\" reversible=\"true\"><listOfProducts>\n" + product +
           "\n</listOfProducts></reaction></listOfReactions>";
}

void expect_unsupported(const std::string& text, const std::string& message) {
    const Read result = read(text);
    EXPECT_EQ(result.unsupported, 1) << result.messages;
    EXPECT_NE(result.messages.find(message), std::string::npos) << result.messages;
    for (const Diagnostic& item : result.list)
        EXPECT_EQ(item.severity, Severity::unsupported) << item.message;
}

void expect_error(const std::string& text, const std::string& message) {
    const Read result = read(text);
    EXPECT_TRUE(result.errors);
    EXPECT_EQ(result.unsupported, 0);
    EXPECT_NE(result.messages.find(message), std::string::npos) << result.messages;
}

}  // namespace

TEST(RefuseSbml, PackagesThatAreRequired) {
    const auto with_package = [](const std::string& name, const std::string& required) {
        std::string text = document("");
        const std::string uri = "http://www.sbml.org/sbml/level3/version1/" + name + "/version1";
        text.replace(text.find(" level"), 6,
                     " xmlns:p=\"" + uri + "\" p:required=\"" + required + "\" level");
        return text;
    };
    for (const std::string name :
         {"qual", "arrays", "spatial", "multi", "distrib", "dyn"})  // libSBML knows qual
        expect_unsupported(with_package(name, "true"), "m.xml:2:1: unsupported: package '" + name +
                                                           "' is not supported, and the model requires it\n");
    for (const std::string name : {"layout", "qual", "unheard"}) {
        const Read result = read(with_package(name, "false"));
        EXPECT_FALSE(result.errors) << result.messages;
        EXPECT_NE(result.messages.find("m.xml:2:1: warning: package '" + name +
                                       "' is ignored: the model does not require it\n"),
                  std::string::npos)
            << result.messages;
    }
}

TEST(RefuseSbml, ConstraintsAreNotedAndDoNotStopTheImport) {
    const Read result = read(document(std::string(species) + "<listOfConstraints>\n<constraint>" +
                                      math("<true/>") + "</constraint></listOfConstraints>"));
    EXPECT_FALSE(result.errors);
    EXPECT_NE(result.messages.find("warning: constraints are not checked\n"), std::string::npos)
        << result.messages;
}

TEST(RefuseSbml, ErrorsOfLibsbmlWithIdAndPlace) {
    const std::string k = "<parameter id=\"k\" constant=\"true\"/>";
    expect_error(
        document("<listOfParameters>\n" + k + "\n" + k + "\n</listOfParameters>"),
        "m.xml:6:1: error: duplicate 'id' attribute value: The <parameter> id 'k' conflicts with the "
        "previously defined <parameter> id 'k' at line 5. (libSBML 10301)\n"
        "  6 | <parameter id=\"k\" constant=\"true\"/>\n");
    expect_error(document("<listOfParameters>\n<parameter constant=\"true\"/></listOfParameters>"),
                 "m.xml:5:1: error: ");
    expect_error(document("<listOfParameters>\n<parameter id=\"1k\" constant=\"true\"/></listOfParameters>"),
                 "(libSBML 10310)");
    expect_error(formula("<ci> z </ci>"), "(libSBML 10215)");
    expect_error(formula("<apply><vector/></apply>"),
                 "<vector> is not valid in SBML Level 3 Version 2. (libSBML 10202)");
    expect_error(formula("<apply><sin/><ci> y </ci><ci> k </ci></apply>"), "(libSBML 10218)");
    std::string newer = document("");
    newer.replace(newer.find("level=\"3\""), 9, "level=\"9\"");
    expect_error(newer, "m.xml:2:1: error: ");
    expect_error("<html><body>not found</body></html>", "m.xml:1:");
    expect_error(document("<listOfParameters>"),
                 "m.xml:5:1: error: XML tag mismatch: Element tag mismatch or missing tag. (libSBML 1009)\n");
}

TEST(RefuseSbml, PlacesCountWithoutADeclaration) {
    std::string text =
        document("<listOfParameters>\n<parameter id=\"1k\" constant=\"true\"/></listOfParameters>");
    text.erase(0, text.find('\n') + 1);
    expect_error(text, "m.xml:4:1: error: ");
    text.insert(0, "\xef\xbb\xbf");
    expect_error(text, "m.xml:4:1: error: ");
    expect_error("<sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' level='3' version='2'>",
                 "m.xml:1:83: error: ");
}

TEST(RefuseSbml, StyleIsNoReasonToRefuse) {
    std::string text = document(
        "<notes/><notes/><listOfParameters>\n<parameter id=\"k\" units=\"none\" "
        "constant=\"true\"/></listOfParameters>");
    const Read result = read(text);
    EXPECT_FALSE(result.errors) << result.messages;
    EXPECT_NE(result.messages.find("warning: "), std::string::npos);
}

TEST(RefuseSbml, ModelsWithoutSense) {
    std::string text = document("");
    text.erase(text.find("<model"), text.find("</sbml>") - text.find("<model"));
    expect_error(text, "error: the document has no model\n");
    const std::string open = "<speciesReference species=\"S\" constant=\"true\"/>";
    expect_error(document(std::string(species) + reaction(open)),
                 "m.xml:9:1: error: the stoichiometry of 'S' in reaction 'J' has no finite value\n");
}

}  // namespace rondo
