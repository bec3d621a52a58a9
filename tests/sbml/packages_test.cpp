// Packages: submodels become one model, fluxes are read; what a file may not name or become.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "network_text.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

// A folder for models beside one another.
class Folder {
  public:
    Folder() {
        std::string pattern = fs::temp_directory_path() / "sbml-packages-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
        fs::create_directory(path_ / "models");
    }
    Folder(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }

  private:
    fs::path path_;
};

std::string hierarchy(const std::string& content, const std::string& definitions) {
    return "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" "
           "xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" level=\"3\" version=\"2\" "
           "comp:required=\"true\"><model id=\"top\">" +
           content + "</model>" + definitions + "</sbml>";
}

std::string submodels(const std::string& reference, int count = 1) {
    std::string text = "<comp:listOfSubmodels>";
    for (int i = 0; i < count; ++i)
        text += "<comp:submodel comp:id=\"A" + std::to_string(i) + "\" comp:modelRef=\"" + reference + "\"/>";
    return text + "</comp:listOfSubmodels>";
}

std::string external(const std::string& source) {
    return hierarchy(submodels("other"),
                     "<comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id=\"other\" "
                     "comp:source=\"" +
                         source + "\"/></comp:listOfExternalModelDefinitions>");
}

const char* const parameter =
    "<listOfParameters><parameter id=\"k\" value=\"3\" constant=\"true\"/></listOfParameters>";

void expect_error(const Read& result, const std::string& message) {
    EXPECT_TRUE(result.errors);
    EXPECT_NE(result.messages.find(message), std::string::npos) << result.messages;
}

}  // namespace

TEST(Packages, SubmodelsBecomeOneModel) {
    const Read result =
        read(hierarchy(submodels("inner", 2),
                       "<comp:listOfModelDefinitions><comp:modelDefinition id=\"inner\">" +
                           std::string(parameter) + "</comp:modelDefinition></comp:listOfModelDefinitions>"));
    EXPECT_EQ(result.messages, "");
    EXPECT_EQ(describe(result.network),
              "model top ''\nparameter A0__k '' 3 true\nparameter A1__k '' 3 true\n");
}

TEST(Packages, ExternalModelsComeFromTheModelsFolder) {
    const Folder folder;
    folder.write("outside.xml", document(parameter));
    folder.write("models/inside.xml", document(parameter));
    const auto read_with = [&](const std::string& source) {
        const std::string text = external(source);
        return read(text, folder.write("models/m.xml", text));
    };
    const Read result = read_with("inside.xml");
    EXPECT_EQ(result.messages, "");
    EXPECT_EQ(describe(result.network), "model top ''\nparameter A0__k '' 3 true\n");
    expect_error(read_with("../outside.xml"),
                 "error: external model definition: '../outside.xml' lies outside the model's folder\n");
    expect_error(read_with("/etc/hostname"), "'/etc/hostname' lies outside the model's folder\n");
    expect_error(read_with("http://example.org/m.xml"),
                 "'http://example.org/m.xml' is an address; only files in the model's folder are read\n");
    expect_error(read_with("file:///etc/hostname"), "is an address");
    expect_error(read_with("none.xml"), "'none.xml' is not there\n");
    folder.write("models/bomb.xml", "<!DOCTYPE sbml [<!ENTITY a \"a\">]><sbml/>");
    expect_error(read_with("bomb.xml"), "error: a document type or entity declaration is not SBML\n");
    expect_error(read_with("m.xml"), "contains itself");
}

TEST(Packages, ALinkOutOfTheFolderIsOutside) {
    const Folder folder;
    const std::string outside = folder.write("outside.xml", document(parameter));
    const std::string text = external("link.xml");
    const std::string name = folder.write("models/m.xml", text);
    fs::create_symlink(outside, fs::path(name).parent_path() / "link.xml");
    expect_error(read(text, name), "'link.xml' lies outside the model's folder\n");
}

// Forty definitions, each twice the one before: 2^40 elements.
TEST(Packages, SubmodelsOfSubmodelsHaveALimit) {
    std::string definitions = "<comp:listOfModelDefinitions><comp:modelDefinition id=\"m0\">" +
                              std::string(parameter) + "</comp:modelDefinition>";
    for (int i = 1; i < 40; ++i)
        definitions += "<comp:modelDefinition id=\"m" + std::to_string(i) + "\">" +
                       submodels("m" + std::to_string(i - 1), 2) + "</comp:modelDefinition>";
    definitions += "</comp:listOfModelDefinitions>";
    expect_error(read(hierarchy(submodels("m39"), definitions)),
                 "error: the submodels make a model of more than a million elements\n");
}

TEST(Packages, AModelDoesNotContainItself) {
    const std::string definitions = "<comp:listOfModelDefinitions><comp:modelDefinition id=\"a\">" +
                                    submodels("b") +
                                    "</comp:modelDefinition><comp:modelDefinition id=\"b\">" +
                                    submodels("a") + "</comp:modelDefinition></comp:listOfModelDefinitions>";
    expect_error(read(hierarchy(submodels("a"), definitions)), "error: model 'a' contains itself\n");
}

TEST(Packages, FluxesAreReadAndWritten) {
    const std::string text =
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "
        "xmlns:fbc=\"http://www.sbml.org/sbml/level3/version1/fbc/version2\" level=\"3\" version=\"1\" "
        "fbc:required=\"false\"><model id=\"m\" fbc:strict=\"false\"><listOfParameters><parameter id=\"low\" "
        "value=\"-1\" constant=\"true\"/><parameter id=\"high\" value=\"INF\" constant=\"true\"/>"
        "</listOfParameters><listOfReactions><reaction id=\"J\" reversible=\"true\" fast=\"false\" "
        "fbc:lowerFluxBound=\"low\" fbc:upperFluxBound=\"high\"/></listOfReactions>"
        "<fbc:listOfObjectives fbc:activeObjective=\"O\"><fbc:objective fbc:id=\"O\" fbc:type=\"minimize\">"
        "<fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction=\"J\" fbc:coefficient=\"2\"/>"
        "</fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives></model></sbml>";
    const Read result = read(text);
    EXPECT_EQ(result.messages, "");
    const std::string facts = describe(result.network);
    EXPECT_NE(facts.find("bound J >= $low\nbound J <= $high\nobjective O ''falsetrue 2*J\n"),
              std::string::npos)
        << facts;
    EXPECT_EQ(errors_of_libsbml(to_sbml(result.network)), "");
    EXPECT_EQ(describe(read(to_sbml(result.network)).network), facts);
}

// Numbers become parameters, one for each number.
TEST(Packages, BoundsThatAreNumbersAreWrittenAsParameters) {
    Network network;
    network.id = "m";
    network.reactions = {{.id = "J"}, {.id = "K"}};
    network.flux_bounds = {{"J", Op::geq, make_number(-10.5), {}},
                           {"J", Op::geq, make_number(-20), {}},
                           {"K", Op::eq, make_number(-10.5), {}},
                           {"K", Op::leq, make_math(Op::infinity, {}), {}}};
    network.objectives = {{.terms = {{1, "J"}, {2, "K"}, {1, "J"}}}};
    const std::string xml = to_sbml(network);
    EXPECT_EQ(errors_of_libsbml(xml), "") << xml;
    EXPECT_EQ(describe(read(xml).network),
              "model m ''\nparameter fb_neg_10_5 '' -10.5 true\n"
              "reaction J '' in  reversible: -> [ ] -\nreaction K '' in  reversible: -> [ ] -\n"
              "bound J >= $fb_neg_10_5\nbound K >= $fb_neg_10_5\nbound K <= $fb_neg_10_5\n"
              "objective objective ''truetrue 2*J 2*K\n");
}

}  // namespace rondo
