// The studies of examples/estimation, small: they run, and say what they should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;

Ran study(const Folder& folder, const std::string& name) {
    const std::string trials = name == "evolution" ? "" : " --set trials=1";
    return folder.rondo("run '" PROJECT_SOURCE "/examples/estimation/" + name + ".rondo'" + trials +
                        " --out " + name);
}

TEST(Estimation, StudiesRunAndWriteTheirReports) {
    struct Case {
        std::string name, output, in_report;
    };
    for (const auto& [name, output, in_report] :
         {Case{"noise", "medians of 1 trials", "As published"},
          Case{"evolution", "Goodwin 0.", "generation 75"},
          Case{"grace", "published, of 100 trials", "grace 0.2"},
          Case{"methods", "Goodwin, CMA-ES: ", "multi-start"},
          Case{"wide", "0 of 1 trials cost more when stopped", "0.01 to 100"},
          Case{"sensitivity", "mean_stop", "constants"}}) {
        SCOPED_TRACE(name);
        Folder folder;
        const Ran ran = study(folder, name);
        ASSERT_EQ(ran.status, 0) << ran.err;
        EXPECT_THAT(ran.err, testing::Not(HasSubstr("error")));
        EXPECT_THAT(ran.out, HasSubstr(output));
        EXPECT_THAT(folder.read(name + "/" + name + ".html"), HasSubstr(in_report));
    }
}

TEST(Estimation, TheExtendedStudyFindsASustainedExponent) {
    Folder folder;
    const Ran ran = study(folder, "extended");
    ASSERT_EQ(ran.status, 0) << ran.err;
    const std::string rows = folder.read("extended/extended.csv");
    EXPECT_THAT(rows, HasSubstr("n_full,n_stopped,stop_rate"));
    EXPECT_THAT(folder.read("extended/extended.html"), HasSubstr("stopped, by exponent"));
}

}  // namespace
}  // namespace rondo::test
