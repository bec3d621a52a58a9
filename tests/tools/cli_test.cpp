// The subcommands and the names outside checks rely on (design.md, section 2.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/table/csv.h"
#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Cli, SimulatesStochastically) {
    Folder folder;
    folder.write("m.ant", "species X = 5; -> X; 3; R: X -> ; 0.5*X");
    const std::string command = "simulate m.ant --end 4 --points 3 --method ";
    const Ran one = folder.rondo(command + "ssa --seed 7 --runs 30 --jobs 1");
    EXPECT_EQ(one.status, 0) << one.err;
    EXPECT_EQ(one.out, folder.rondo(command + "ssa --seed 7 --runs 30 --jobs 2").out);
    EXPECT_NE(one.out, folder.rondo(command + "ssa --seed 8 --runs 30").out);
    EXPECT_THAT(parse_csv(one.out, "out").names(), ElementsAre("run", "time", "X"));
    const Ran moments = folder.rondo(command + "next_reaction --runs 30 --summary moments");
    EXPECT_THAT(parse_csv(moments.out, "out").names(), ElementsAre("time", "X_mean", "X_sd"));
    EXPECT_EQ(folder.rondo(command + "bdf --runs 3").status, 2);
    EXPECT_EQ(folder.rondo(command + "ssa --summary moments").status, 2);
    folder.write("m.ant", "species X = 5; R: X -> ; 0.5*X - 3");
    const Ran failed = folder.rondo(command + "ssa");
    EXPECT_EQ(failed.status, 4);
    EXPECT_THAT(failed.err, HasSubstr("the rate of reaction 'R' is -0.5"));
    folder.write("m.ant", "species X = 5; R: X -> ; X*time");
    EXPECT_EQ(folder.rondo(command + "ssa").status, 3);
}

TEST(Cli, VersionNamesRondoAndItsLibraries) {
    Folder folder;
    const Ran plain = folder.rondo("--version");
    EXPECT_EQ(plain.status, 0);
    EXPECT_THAT(plain.out, HasSubstr("rondo 0.1.0\n"));
    EXPECT_THAT(plain.out, HasSubstr("llvm 19."));
    const Ran json = folder.rondo("--version --json");
    EXPECT_THAT(json.out, HasSubstr("\"rondo\": \"0.1.0\""));
    EXPECT_THAT(json.out, HasSubstr("\"devices\":"));
}

TEST(Cli, WrongUsageIsTwo) {
    Folder folder;
    folder.write("m.ant", brusselator);
    EXPECT_EQ(folder.rondo("").status, 2);
    EXPECT_EQ(folder.rondo("simulat m.ant").status, 2);
    EXPECT_EQ(folder.rondo("simulate m.ant").status, 2);
    EXPECT_EQ(folder.rondo("simulate m.ant --end 1 --set a").status, 2);
    EXPECT_EQ(folder.rondo("simulate m.ant --end 1 --points 5 --steps 4").status, 2);
    EXPECT_EQ(folder.rondo("--help").status, 0);
}

TEST(Cli, SimulateCountsPointsAsRowsAndStepsAsIntervals) {
    Folder folder;
    folder.write("m.ant", brusselator);
    const Ran points = folder.rondo("simulate m.ant --end 10 --points 5");
    EXPECT_EQ(points.status, 0) << points.err;
    const Table by_points = parse_csv(points.out, "out");
    EXPECT_THAT(by_points.names(), ElementsAre("time", "X", "Y"));
    EXPECT_EQ(by_points.rows(), 5u);
    EXPECT_EQ(by_points.numbers("time").back(), 10);
    EXPECT_EQ(folder.rondo("simulate m.ant --end 10 --steps 4").out, points.out);
    const Ran selected = folder.rondo(
        "simulate m.ant --start 2 --end 10 --steps 4 --select 'time,R1,[X],amount(Y)' --set a=2");
    const Table table = parse_csv(selected.out, "out");
    EXPECT_THAT(table.names(), ElementsAre("time", "R1", "[X]", "amount(Y)"));
    EXPECT_EQ(table.numbers("time").front(), 2);
    EXPECT_EQ(table.numbers("R1").front(), 2);
}

TEST(Cli, SimulateOverGivesOneRunARow) {
    Folder folder;
    folder.write("m.ant", "A -> ; k*A\nA = 1; k = 1\n");
    folder.write("p.csv", "k,note\n1,one\n2,two\n");
    const Ran ran = folder.rondo("simulate m.ant --over p.csv --end 1 --points 3");
    EXPECT_EQ(ran.status, 0) << ran.err;
    const Table table = parse_csv(ran.out, "out");
    EXPECT_THAT(table.names(), ElementsAre("run", "k", "note", "time", "A"));
    ASSERT_EQ(table.rows(), 6u);
    EXPECT_NEAR(table.numbers("A")[2], std::exp(-1), 1e-5);
    EXPECT_NEAR(table.numbers("A")[5], std::exp(-2), 1e-5);
}

TEST(Cli, LabelAddsColumnsRowForRowAndKeepsTheOthers) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("p.csv", "b,freq_X,note,a\n3,9,fast,1\n1,9,slow,2\n");
    const Ran ran = folder.rondo("label m.ant --points p.csv --of X,Y --jobs 2 --out l.csv");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("'freq_X', 'note'"));
    const Table labels = parse_csv(folder.read("l.csv"), "l.csv");
    EXPECT_THAT(labels.names(), ElementsAre("b", "given_freq_X", "note", "a", "freq_X", "freq_Y", "rhythm"));
    EXPECT_EQ(labels.at("rhythm").texts()[0], "sustained");
    EXPECT_NEAR(labels.numbers("freq_X")[0], 0.1397, 2e-4);  // period 7.16 at a = 1, b = 3
    EXPECT_EQ(labels.numbers("freq_X")[0], labels.numbers("freq_Y")[0]);
    EXPECT_NE(labels.at("rhythm").texts()[1], "sustained");
    EXPECT_EQ(labels.numbers("freq_X")[1], 0);
    EXPECT_EQ(folder.rondo("label m.ant --points p.csv --of X,Y --jobs 1").out, folder.read("l.csv"));
}

TEST(Cli, LabelSaysWhyARowIsUndecided) {
    Folder folder;
    folder.write(
        "m.ant",
        "model lorenz\n s = 10; x = 1; y = 1; z = 20\n x' = s*(y - x); y' = x*(28 - z) - y; z' = x*y - "
        "8/3*z\nend\n");
    folder.write("p.csv", "s\n10\n");
    const Ran ran = folder.rondo("label m.ant --points p.csv --of x --horizon 2000");
    EXPECT_THAT(ran.err, HasSubstr("1 undecided (the first: chaotic: largest Lyapunov exponent 0."));
    const Table labels = parse_csv(ran.out, "out");
    EXPECT_THAT(labels.names(), ElementsAre("s", "freq_x", "rhythm", "reason"));
    EXPECT_THAT(labels.at("reason").texts()[0], HasSubstr("chaotic"));
}

TEST(Cli, PeriodAndVerifiedLabelsAgree) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("p.csv", "a,b\n1,3\n1,1\n");
    const Ran period = folder.rondo("period m.ant --of X --set a=1 --set b=3");
    EXPECT_EQ(period.status, 0) << period.err;
    EXPECT_THAT(period.err, HasSubstr("stable"));
    const Table by = parse_csv(period.out, "out");
    EXPECT_THAT(by.names(), ElementsAre("parameter", "value", "derivative", "relative"));
    const Ran label = folder.rondo("label m.ant --points p.csv --of X --verify");
    const Table labels = parse_csv(label.out, "out");
    EXPECT_THAT(labels.names(), ElementsAre("a", "b", "freq_X", "rhythm", "verified", "multiplier"));
    EXPECT_EQ(labels.numbers("verified")[0], 1);
    EXPECT_LT(labels.numbers("multiplier")[0], 1);
    EXPECT_TRUE(std::isnan(labels.numbers("verified")[1]));
    const std::size_t at = period.err.find("period ");
    EXPECT_NEAR(labels.numbers("freq_X")[0] * std::stod(period.err.substr(at + 7)), 1, 1e-10);
    const Ran still = folder.rondo("period m.ant --of X --set a=1 --set b=1");
    EXPECT_EQ(still.status, 4);
    EXPECT_THAT(still.err, HasSubstr("there is no rhythm to time"));
}

TEST(Cli, ConvertGoesBothWays) {
    Folder folder;
    folder.write("m.ant", brusselator);
    EXPECT_EQ(folder.rondo("convert m.ant m.xml").status, 0);
    EXPECT_EQ(folder.rondo("convert m.xml back.ant").status, 0);
    EXPECT_EQ(folder.rondo("simulate back.ant --end 5").out, folder.rondo("simulate m.ant --end 5").out);
    EXPECT_EQ(folder.rondo("simulate m.xml --end 5").out, folder.rondo("simulate m.ant --end 5").out);
    const Ran wrong = folder.rondo("convert m.ant m.docx");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.err, HasSubstr(".xml"));
}

TEST(Cli, ConvertSaysWhatAntimonyCannot) {
    Folder folder;
    folder.write(
        "m.xml",
        R"(<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">
<listOfCompartments><compartment id="skin" size="2" spatialDimensions="2" constant="true"/></listOfCompartments>
</model></sbml>)");
    const Ran ran = folder.rondo("convert m.xml m.ant");
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(
        ran.err,
        HasSubstr("warning: Antimony cannot say, so it is lost: the 2 dimensions of compartment 'skin'"));
}

TEST(Cli, InfoListsWhatIsInAModelAndWhatIsUnsupported) {
    Folder folder;
    folder.write("m.ant", std::string(brusselator) + "brusselator is \"The Brusselator\"\n");
    const Ran plain = folder.rondo("info m.ant");
    EXPECT_EQ(plain.status, 0) << plain.err;
    EXPECT_THAT(plain.out, HasSubstr("species: 2 (X, Y)"));
    EXPECT_THAT(plain.out, HasSubstr("unsupported: 0"));
    EXPECT_THAT(folder.rondo("info m.ant --json").out, HasSubstr("\"name\": \"The Brusselator\""));
    folder.write("e.ant", "A -> ; A\nA = 1\nat A < 0.5: A = 1\n");
    const Ran event = folder.rondo("info e.ant");
    EXPECT_EQ(event.status, 0) << event.err;
    EXPECT_THAT(event.out, HasSubstr("events: 1"));
    EXPECT_THAT(event.out, HasSubstr("unsupported: 0"));
    folder.write("s.xml",
                 "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\" "
                 "xmlns:p=\"http://www.sbml.org/sbml/level3/version1/spatial/version1\" "
                 "p:required=\"true\"><model id=\"m\"/></sbml>");
    EXPECT_THAT(folder.rondo("info s.xml").out, HasSubstr("unsupported: 1 (s.xml:1:1: package 'spatial'"));
    const Ran refused = folder.rondo("simulate s.xml --end 1");
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("package 'spatial' is not supported"));
}

TEST(Cli, FormatsModelsInPlaceOrNot) {
    Folder folder;
    folder.write("m.ant", "A->B;k*A  // decay\nk=1;A=2\n");
    const std::string layout = "A -> B; k*A // decay\nk = 1; A = 2\n";
    EXPECT_EQ(folder.rondo("format m.ant").out, layout);
    EXPECT_EQ(folder.rondo("format m.ant --in-place").status, 0);
    EXPECT_EQ(folder.read("m.ant"), layout);
    folder.write("w.ant", "A -> B\n");
    EXPECT_EQ(folder.rondo("format w.ant").status, 1);
    folder.write("s.rondo", "x = 1\n");
    EXPECT_THAT(folder.rondo("format s.rondo").err, HasSubstr("'s.rondo' is a study"));
}

TEST(Cli, StrictAntimonyRefusesOurExtensions) {
    Folder folder;
    folder.write("m.ant", "A <-> B; @k\nA = 1; k = 2**2\n");
    EXPECT_EQ(folder.rondo("check m.ant").status, 0);
    const Ran refused = folder.rondo("check m.ant --strict-antimony");
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("m.ant:2:13: error: '**' is no Antimony"));
    EXPECT_EQ(folder.rondo("simulate m.ant --end 1 --strict-antimony").status, 1);
    EXPECT_EQ(folder.rondo("convert m.ant n.ant --strict-antimony").status, 1);
    EXPECT_EQ(folder.rondo("convert m.ant n.ant").status, 0);
    EXPECT_EQ(folder.rondo("check n.ant --strict-antimony").status, 0);
}

TEST(Cli, ImportsAntimonyAndSbml) {
    Folder folder;
    folder.write("part.ant", "model part\n  S -> ; k*S; S = 1; k = 1\nend\n");
    EXPECT_EQ(folder.rondo("convert part.ant part.xml").status, 0);
    for (const char* file : {"part.ant", "part.xml"}) {
        folder.write("whole.ant", "import \"" + std::string(file) +
                                      "\"\nmodel whole\n  P: part(); P.S is X; P.k = 0; X = 7\nend\n");
        const Ran ran = folder.rondo("simulate whole.ant --end 1 --points 2 --select X");
        EXPECT_EQ(ran.out, "time,X\n0,7\n1,7\n") << ran.err;
    }
    folder.write("lost.ant", "import \"none.ant\"\n");
    EXPECT_THAT(folder.rondo("check lost.ant").err, HasSubstr("there is no file 'none.ant'"));
}

TEST(Cli, RunOfAModelPrintsATableAndDrawsAPlot) {
    Folder folder;
    folder.write("m.ant", brusselator);
    const Ran ran = folder.rondo("run m.ant --out pictures");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("201 rows"));
    EXPECT_THAT(folder.read("pictures/m.svg"), HasSubstr("<svg"));
}

TEST(Cli, EveryStageCanShowWhatItMade) {
    Folder folder;
    folder.write("m.ant", brusselator);
    EXPECT_THAT(folder.rondo("simulate m.ant --dump ast").out, HasSubstr("R2"));
    EXPECT_THAT(folder.rondo("simulate m.ant --dump network").out, HasSubstr("R2"));
    EXPECT_THAT(folder.rondo("simulate m.ant --dump graph").out, HasSubstr("X"));
    EXPECT_THAT(folder.rondo("simulate m.ant --dump ir").out, HasSubstr("define"));
}

TEST(Cli, SetReplacesALiteralOfAStudyAndNothingElse) {
    Folder folder;
    folder.write("s.rondo", "n = 2\nm = n * 10\nprint(\"m is {m}\")\n");
    EXPECT_EQ(folder.rondo("run s.rondo").out, "m is 20\n");
    EXPECT_EQ(folder.rondo("run s.rondo --set n=5").out, "m is 50\n");
    const Ran other = folder.rondo("run s.rondo --set m=5");
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.err, HasSubstr("'m'"));
}

}  // namespace
}  // namespace rondo::test
