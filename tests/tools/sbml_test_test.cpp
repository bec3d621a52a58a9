// `rondo sbml-test`: which file of a case, which quantities, where the result goes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/table/csv.h"
#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A decays in a compartment of size 2.
std::string decay(const std::string& version, double rate, const std::string& more = "") {
    return R"(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version)" +
           version + R"(/core" level="3" version=")" + version + R"("><model>
<listOfCompartments><compartment id="C" size="2" constant="true"/></listOfCompartments>
<listOfSpecies><species id="A" compartment="C" initialAmount="6" hasOnlySubstanceUnits="false"
  boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value=")" +
           std::to_string(rate) + R"(" constant="true"/></listOfParameters>
<listOfReactions><reaction id="J" reversible="false")" +
           (version == "1" ? " fast=\"false\"" : "") + R"(><listOfReactants>
  <speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>
  <math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>A</ci><ci>C</ci></apply></math>
  </kineticLaw></reaction></listOfReactions>)" +
           more + "</model></sbml>";
}

void write_case(const Folder& folder, const std::string& listed) {
    folder.write("cases/00007/00007-settings.txt",
                 "start: 0\nduration: 2\nsteps: 4\nvariables: J, A, k\n" + listed + "\n");
}

TEST(SbmlTest, WritesWhatTheSettingsAsk) {
    Folder folder;
    write_case(folder, "amount: A\nconcentration:");
    folder.write("cases/00007/00007-sbml-l3v1.xml", decay("1", 5));
    folder.write("cases/00007/00007-sbml-l3v2.xml", decay("2", 1));
    const Ran ran = folder.rondo("sbml-test cases 00007 results");
    EXPECT_EQ(ran.status, 0) << ran.err;
    const Table amounts = parse_csv(folder.read("results/00007.csv"), "results");
    EXPECT_THAT(amounts.names(), ElementsAre("time", "J", "A", "k"));
    EXPECT_THAT(amounts.numbers("time"), ElementsAre(0, 0.5, 1, 1.5, 2));
    EXPECT_NEAR(amounts.numbers("A").back(), 6 * std::exp(-2), 1e-5);  // default tolerances
    EXPECT_EQ(amounts.numbers("k").back(), 1);

    write_case(folder, "amount:\nconcentration: A");
    ASSERT_EQ(folder.rondo("sbml-test cases 00007 here.csv 3 1").status, 0);
    EXPECT_EQ(parse_csv(folder.read("here.csv"), "here").numbers("A").front(), 3);
    EXPECT_EQ(parse_csv(folder.read("here.csv"), "here").numbers("k").front(), 5);
}

TEST(SbmlTest, SaysWhatItLacks) {
    Folder folder;
    write_case(folder, "amount: A");
    folder.write("cases/00007/00007-sbml-l3v2.xml", "<sbml");
    EXPECT_EQ(folder.rondo("sbml-test cases 00007 .").status, 1);
    const Ran none = folder.rondo("sbml-test cases 00007 . 2 4");
    EXPECT_EQ(none.status, 1);
    EXPECT_THAT(none.err, HasSubstr("no SBML file of case 00007"));
    EXPECT_THAT(folder.rondo("sbml-test cases 00008 .").err, HasSubstr("00008-settings.txt"));
}

}  // namespace
}  // namespace rondo::test
