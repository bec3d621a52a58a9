// Bad input: each ends with a message that names the place and the way out, the documented exit status, and
// no half-written file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;

TEST(BadInput, AMissingFileIsNamedWithANearOne) {
    Folder folder;
    folder.write("brusselator.ant", brusselator);
    const Ran ran = folder.rondo("simulate brusselatr.ant --end 1");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("brusselatr.ant"));
    EXPECT_THAT(ran.err, HasSubstr("did you mean 'brusselator.ant'?"));
}

TEST(BadInput, AFolderIsNoModel) {
    Folder folder;
    std::filesystem::create_directory(folder.path() / "models");
    const Ran ran = folder.rondo("simulate models --end 1");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("models"));
    EXPECT_THAT(ran.err, HasSubstr("it is a folder; name a file in it"));
}

TEST(BadInput, BinaryAndEmptyFilesAreSaidToBeSo) {
    Folder folder;
    folder.write("binary.ant", std::string("\x7f"
                                           "ELF\x02\x01\x01\0\0\0\0\xff\xfe",
                                           13));
    folder.write("empty.ant", "");
    const Ran binary = folder.rondo("simulate binary.ant --end 1");
    EXPECT_EQ(binary.status, 1);
    EXPECT_THAT(binary.err, HasSubstr("binary.ant:1:"));
    EXPECT_THAT(binary.err, HasSubstr("binary"));
    const Ran empty = folder.rondo("simulate empty.ant --end 1");
    EXPECT_EQ(empty.status, 1);
    EXPECT_THAT(empty.err, HasSubstr("empty.ant:1:1: error: the file is empty"));
    const Ran points = folder.rondo("label binary.ant --points empty.ant --of X");
    EXPECT_EQ(points.status, 1);
}

#ifdef __SANITIZE_ADDRESS__  // which reserves terabytes
const std::string limits = "timeout 100";
#else
const std::string limits = "ulimit -v 4000000; timeout 20";
#endif

TEST(BadInput, FiftyMegabytesOfParenthesesEndInOneDiagnostic) {
    Folder folder;
    folder.write("deep.ant", "x := " + std::string(50'000'000, '('));
    const Ran ran = folder.rondo("check deep.ant", limits);
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("deep.ant:1:"));
    EXPECT_LT(ran.err.size(), 2000u);
}

TEST(BadInput, AnUnknownNameGetsPlaceCaretAndAWayOut) {
    Folder folder;
    folder.write("goodwin.ant", "K_n = 1; n = 4; v = 1\nspecies P\n-> M; v * Kn^n / (Kn^n + P^n)\n");
    const Ran ran = folder.rondo("check goodwin.ant");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("goodwin.ant:3:11: error: unknown name 'Kn'"));
    EXPECT_THAT(ran.err, HasSubstr("did you mean 'K_n'"));
    EXPECT_THAT(ran.err, HasSubstr("^~"));
}

TEST(BadInput, AStudyNameUsedBeforeItIsBound) {
    Folder folder;
    folder.write("s.rondo", "print(domain)\ndomain = 5\n");
    const Ran ran = folder.rondo("run s.rondo");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("s.rondo:1:7: error: "));
    EXPECT_THAT(ran.err, HasSubstr("'domain'"));
    EXPECT_THAT(ran.err, HasSubstr("line 2"));
}

TEST(BadInput, ACyclicAssignmentRuleIsNamedAsACycle) {
    Folder folder;
    folder.write("m.ant", "a := b + 1\nb := a\n");
    const Ran ran = folder.rondo("simulate m.ant --end 1");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("m.ant:"));
    EXPECT_THAT(ran.err, HasSubstr("'a' depends on itself: a -> b -> a"));
}

TEST(BadInput, AParameterWithoutAValueStopsARunUntilItIsGiven) {
    Folder folder;
    folder.write("m.ant", "A -> ; k*A\nA = 1\n");
    const Ran without = folder.rondo("simulate m.ant --end 1");
    EXPECT_EQ(without.status, 1);
    EXPECT_THAT(without.err, HasSubstr("'k' has no value"));
    EXPECT_THAT(without.err, HasSubstr("--set k=VALUE"));
    EXPECT_EQ(folder.rondo("simulate m.ant --end 1 --set k=1").status, 0);
}

TEST(BadInput, DivisionByZeroAtTheStartIsANumericalFailure) {
    Folder folder;
    folder.write("m.ant", "A -> ; 1/z\nz = 0; A = 1\n");
    const Ran ran = folder.rondo("simulate m.ant --end 1 --out run.csv");
    EXPECT_EQ(ran.status, 4);
    EXPECT_THAT(ran.err, HasSubstr("m.ant: stopped at t = 0 of 1"));
    EXPECT_THAT(ran.err, HasSubstr("'A'"));
    EXPECT_FALSE(folder.has("run.csv"));
}

TEST(BadInput, ARunThatCannotFinishEndsWithTimeAndReason) {
    Folder folder;
    folder.write("m.ant", "A -> ; -A^2\nA = 1\n");  // A = 1 / (1 - t): no solution beyond t = 1
    const Ran ran = folder.rondo("simulate m.ant --end 10", "timeout 60");
    EXPECT_EQ(ran.status, 4);
    EXPECT_THAT(ran.err, HasSubstr("stopped at t = "));
    EXPECT_THAT(ran.err, HasSubstr("of 10: "));
}

TEST(BadInput, PointsMustBeFiniteAndMustNameInputs) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("nan.csv", "a,b\n1,3\n2,NaN\n");
    folder.write("near.csv", "a,B\n1,3\n");
    folder.write("none.csv", "alpha,beta\n1,3\n");
    const Ran nan = folder.rondo("label m.ant --points nan.csv --of X --out l.csv");
    EXPECT_EQ(nan.status, 1);
    EXPECT_THAT(nan.err, HasSubstr("nan.csv: row 2 (line 3), column 'b' is NaN"));
    const Ran near = folder.rondo("label m.ant --points near.csv --of X --out l.csv");
    EXPECT_EQ(near.status, 1);
    EXPECT_THAT(near.err, HasSubstr("column 'B': did you mean 'b'?"));
    const Ran none = folder.rondo("label m.ant --points none.csv --of X --out l.csv");
    EXPECT_EQ(none.status, 1);
    EXPECT_THAT(none.err, HasSubstr("no column names an input"));
    EXPECT_THAT(none.err, HasSubstr("a, b"));
    EXPECT_FALSE(folder.has("l.csv"));
}

TEST(BadInput, AnOutputThatCannotBeWrittenLeavesNothingBehind) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("file", "I am a file");
    const Ran blocked = folder.rondo("simulate m.ant --end 1 --out file/run.csv");
    EXPECT_EQ(blocked.status, 1);
    EXPECT_THAT(blocked.err, HasSubstr("file/run.csv"));
    EXPECT_EQ(folder.read("file"), "I am a file");
    EXPECT_EQ(folder.count(), 2u);
}

// A file-size limit stands for the full disk: the write fails half-way.
TEST(BadInput, AFullDiskLeavesTheOldFileWhole) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("run.csv", "the old file\n");
    const Ran full =
        folder.rondo("simulate m.ant --end 50 --points 20000 --out run.csv", "trap '' XFSZ; ulimit -f 4; ");
    EXPECT_EQ(full.status, 1);
    EXPECT_THAT(full.err, HasSubstr("run.csv"));
    EXPECT_EQ(folder.read("run.csv"), "the old file\n");
    EXPECT_EQ(folder.count(), 2u);
    const Ran pipe = folder.rondo("simulate m.ant --end 50 --points 20000 >/dev/full");
    EXPECT_EQ(pipe.status, 1);
    EXPECT_THAT(pipe.err, HasSubstr("standard output could not be written"));
}

}  // namespace
}  // namespace rondo::test
