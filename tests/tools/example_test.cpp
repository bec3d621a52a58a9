// The examples, small: they run, and their bytes depend on nothing but the study.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string small =
    "run '" PROJECT_SOURCE "/examples/oscillation.rondo' --set points=60 --set epochs=4 --set cells=4 ";

bool trains(const Folder& folder) {
    return folder.rondo("--version").out.find("torch none") == std::string::npos;
}

TEST(Examples, OscillationGivesTheSameBytesOnAnyNumberOfThreadsAndFromTheStore) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const Ran one = folder.rondo(small + "--jobs 1 --out one");
    ASSERT_EQ(one.status, 0) << one.err;
    EXPECT_THAT(one.out, HasSubstr("of 60 points oscillate"));
    const Ran three = folder.rondo(small + "--jobs 3 --out three");
    const Ran stored = folder.rondo(small + "--jobs 1 --out again --store one/.rondo/store.db");
    const Ran fresh = folder.rondo(small + "--jobs 2 --out fresh --store one/.rondo/store.db --fresh");
    for (const std::string run : {"three", "again", "fresh"}) {
        for (const std::string file : {"/oscillation.html", "/brusselator.surrogate"}) {
            EXPECT_EQ(folder.read("one" + file), folder.read(run + file)) << run << file;
        }
    }
    EXPECT_EQ(one.out, three.out);
    EXPECT_EQ(one.out, stored.out);
    EXPECT_EQ(one.out, fresh.out);
}

TEST(Examples, TheReportNeedsNoNetworkAndKeepsItsManifest) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    ASSERT_EQ(folder.rondo(small + "--out o").status, 0);
    const std::string html = folder.read("o/oscillation.html");
    for (const char* part :
         {"<svg", "one run", "simulated", "predicted", "error of the prediction", "training", "manifest"}) {
        EXPECT_THAT(html, HasSubstr(part));
    }
    for (const char* outside : {"<script src", "<link", "@import", "src=\"http", "href=\"http"}) {
        EXPECT_THAT(html, testing::Not(HasSubstr(outside)));
    }
    const std::string manifest = folder.read("o/oscillation.html.manifest.json");
    EXPECT_THAT(manifest, HasSubstr("\"llvm\""));
    EXPECT_THAT(manifest, HasSubstr("\"frequency\": \"dop853 or rodas5p, "));
}

TEST(Examples, ASavedSurrogatePredictsFromTheShell) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    ASSERT_EQ(folder.rondo(small + "--out .").status, 0);
    folder.write("p.csv", "b,freq_X,a\n3,7,1\n99,7,1\n");
    const Ran ran = folder.rondo("predict brusselator.surrogate p.csv");
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.out, HasSubstr("b,given_freq_X,a,freq_X,freq_Y,outside\n"));
    EXPECT_THAT(ran.err, HasSubstr("p.csv: 1 of 2 points lie outside the box the surrogate was trained on; "
                                   "column 'outside' says which"));
    folder.write("holes.csv", "a,b\n1,3\nNaN,3\n");
    const Ran holes = folder.rondo("predict brusselator.surrogate holes.csv");
    EXPECT_EQ(holes.status, 0);
    EXPECT_THAT(holes.out, testing::EndsWith("NaN,3,NaN,NaN\n"));
    EXPECT_THAT(holes.err, HasSubstr("holes.csv: 1 of 2 points have a coordinate that is no finite number"));
    folder.write("words.csv", "a,b\n1,three\n");
    const Ran words = folder.rondo("predict brusselator.surrogate words.csv");
    EXPECT_EQ(words.status, 1);
    EXPECT_THAT(words.err, HasSubstr("words.csv"));
    EXPECT_THAT(words.err, HasSubstr("'b'"));
    folder.write("wrong.csv", "b,alpha\n3,1\n");
    const Ran wrong = folder.rondo("predict brusselator.surrogate wrong.csv");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.err, HasSubstr("wrong.csv: there is no column 'a'"));
    const Ran missing = folder.rondo("predict brusselator.surogate p.csv");
    EXPECT_EQ(missing.status, 1);
    EXPECT_THAT(missing.err, HasSubstr("did you mean 'brusselator.surrogate'?"));
    folder.write("none.surrogate", "");
    const Ran none = folder.rondo("predict none.surrogate p.csv");
    EXPECT_EQ(none.status, 1);
    EXPECT_THAT(none.err, HasSubstr("'none.surrogate' is empty"));
    folder.write("cut.surrogate", folder.read("brusselator.surrogate").substr(0, 1000));
    const Ran cut = folder.rondo("predict cut.surrogate p.csv");
    EXPECT_EQ(cut.status, 1);
    EXPECT_THAT(cut.err, HasSubstr("cut.surrogate"));
}

// Every study of the paper, as small as it can be: it ends in its table and in one report with its pictures.
TEST(Examples, TheStudiesOfHggsRun) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const std::string tiny = " --set scale=tiny --set rule=cycle --out o";
    const std::string one = " --set system=brusselator";
    for (const auto& [study, further, said] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"table1", one, "HGGS"},
             {"rmse", one, "minority"},
             {"ablation", one, "MGS only"},
             {"efficiency", one, "efficiency"},
             {"sensitivity", "", "r. cell_cycle: "}}) {
        const Ran ran =
            folder.rondo("run '" PROJECT_SOURCE "/examples/hggs/" + study + ".rondo'" + tiny + further);
        ASSERT_EQ(ran.status, 0) << study << ran.err;
        EXPECT_THAT(ran.out, HasSubstr(said)) << study;
        EXPECT_THAT(folder.read("o/" + study + ".html"), HasSubstr("<svg")) << study;
    }
}

// Breed on pits and on an oscillator, as small as it can be; run again, all is in the store and the bytes are
// the same.
TEST(Examples, TheStudiesOfBreedRun) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const std::string run = "run '" PROJECT_SOURCE "/examples/breed/",
                      tiny = ".rondo' --set scale=tiny --out o --quiet";
    for (const auto& [study, further, said] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"pits", " --set seeds=2", "RAR-D"},
             {"oscillators", " --set system=brusselator --set seeds=1", "Breed, rows kept"}}) {
        const Ran ran = folder.rondo(run + study + tiny + further);
        ASSERT_EQ(ran.status, 0) << study << ran.err;
        EXPECT_THAT(ran.out, HasSubstr(said)) << study;
        const std::string report = folder.read("o/" + study + ".html");
        EXPECT_THAT(report, HasSubstr("<svg")) << study;
        const Ran again = folder.rondo(run + study + tiny + further);
        EXPECT_EQ(again.out, ran.out);
        EXPECT_EQ(folder.read("o/" + study + ".html"), report) << study;
    }
}

TEST(Examples, TheAllenCahnStudyRuns) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const std::string study =
        "run '" PROJECT_SOURCE "/examples/breed/allen_cahn.rondo' --set scale=tiny --out o";
    const Ran ran = folder.rondo(study);
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("steps_to_half"));
    EXPECT_THAT(folder.read("o/allen_cahn.html"), HasSubstr("reference"));
    const Ran published = folder.rondo(study + " --set residual=u_xt --set samplers=r3");
    ASSERT_EQ(published.status, 0) << published.err;
}

// Chance and frequency apart, from the model's own fixed points, as small as it can be.
const std::string gated = "run '" PROJECT_SOURCE
                          "/examples/hggs/gated.rondo' --set scale=tiny --set rule=cycle --set seeds=1 "
                          "--set features=stability --out .";

void expect_predictions_from_the_shell(Folder& folder) {
    folder.write("p.csv", "a,b\n1,6\n3,1\n");
    const Ran predicted = folder.rondo("predict brusselator.surrogate p.csv");
    EXPECT_EQ(predicted.status, 0) << predicted.err;
    EXPECT_THAT(predicted.out, HasSubstr("a,b,freq_X,freq_Y,probability,uncertainty\n1,6,"));
}

TEST(Examples, AGatedSurrogateLearnsFromStabilityAndPredictsFromTheShell) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const Ran ran = folder.rondo(gated);
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("overall: "));
    EXPECT_THAT(folder.read("gated.html"), HasSubstr("within_two"));
    expect_predictions_from_the_shell(folder);
}

// One that looks into the model teaches one that does not.
TEST(Examples, ATaughtSurrogateNeedsNoModel) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    const Ran ran = folder.rondo(gated + " --set taught=200");
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("labels = 80,"));  // what it is taught is no label
    expect_predictions_from_the_shell(folder);
    EXPECT_THAT(folder.read("brusselator.surrogate"), Not(HasSubstr("least_stable")));
}

// A study killed at any moment goes on where it stopped, and ends in the same bytes.
TEST(Examples, AKilledStudyGoesOnWhereItStopped) {
    Folder folder;
    if (!trains(folder)) GTEST_SKIP() << "built without LibTorch: nothing can be trained";
    ASSERT_EQ(folder.rondo(small + "--out undisturbed").status, 0);
    for (const char* seconds : {"0.3", "0.8", "1.5"}) {
        folder.rondo(small + "--out killed", std::string("timeout -s KILL ") + seconds);
    }
    ASSERT_EQ(folder.rondo(small + "--out killed").status, 0);
    for (const std::string file : {"/oscillation.html", "/brusselator.surrogate"}) {
        EXPECT_EQ(folder.read("undisturbed" + file), folder.read("killed" + file)) << file;
    }
}

TEST(Examples, WorkAndPrecisionAreDrawn) {
    Folder folder;
    const Ran ran =
        folder.rondo("run '" PROJECT_SOURCE "/examples/work_precision.rondo' --set runs=2 --out o");
    ASSERT_EQ(ran.status, 0) << ran.err;
    for (const char* system : {"brusselator", "repressilator", "activator_inhibitor", "cell_cycle"}) {
        const std::string svg = folder.read("o/work_precision_" + std::string(system) + ".svg");
        EXPECT_THAT(svg, HasSubstr("rodas5p")) << system;
        EXPECT_THAT(svg, testing::Not(HasSubstr("no data"))) << system;
    }
    EXPECT_THAT(folder.read("o/work_precision.html"), HasSubstr("What a digit costs"));
}

}  // namespace
}  // namespace rondo::test
