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

TEST(Estimation, APetabProblemIsReadEvaluatedAndFitted) {
    Folder folder;
    const Ran ran =
        folder.rondo("run '" PROJECT_SOURCE "/examples/estimation/petab.rondo' --out petab --jobs 1");
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(
        ran.out,
        HasSubstr("problem relay: 4 free parameters, 2 observables, 2 experiments, 32 measured values"));
    EXPECT_THAT(ran.out, HasSubstr("nominal: -log likelihood 13.2635, priors -0.6905"));
    EXPECT_THAT(ran.out, HasSubstr("best of 10 starts: 9.8896, which 10 of them reach"));
    EXPECT_THAT(folder.read("petab/petab.html"), HasSubstr("k2: rise of -2 log likelihood"));
    // The same bytes on any number of threads, and from the store.
    for (const std::string how : {"--out two --jobs 2", "--out petab"}) {
        const Ran again = folder.rondo("run '" PROJECT_SOURCE "/examples/estimation/petab.rondo' " + how);
        EXPECT_EQ(again.out, ran.out);
    }
    EXPECT_EQ(folder.read("two/petab_starts.csv"), folder.read("petab/petab_starts.csv"));
    const Ran alone = folder.rondo("run '" PROJECT_SOURCE "/examples/estimation/petab/problem.yaml' --quiet");
    EXPECT_THAT(alone.out, HasSubstr("nllh 13.263"));
    EXPECT_EQ(folder.rondo("check '" PROJECT_SOURCE "/examples/estimation/petab/problem.yaml'").err, "");
}

TEST(Estimation, AWrongPetabProblemIsAnErrorOfItsImport) {
    Folder folder;
    folder.write("problem.yaml",
                 "format_version: 1\nparameter_file: p.tsv\nproblems:\n- condition_files: [c.tsv]\n");
    folder.write("study.rondo", "import \"problem.yaml\" as problem\nprint(problem)\n");
    const Ran ran = folder.rondo("run study.rondo");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("problem.yaml:4:3: error: 'observable_files' names no file"));
    EXPECT_THAT(ran.err, HasSubstr("imported from study.rondo:1:1"));
    folder.write("fit.rondo", "import \"" PROJECT_SOURCE
                              "/examples/estimation/petab/problem.yaml\" as problem\n"
                              "likelihood(problem, at = {k3 = 1})\n");
    EXPECT_THAT(folder.rondo("run fit.rondo").err, HasSubstr("the problem has no free parameter 'k3'"));
    folder.write("fit.rondo", "import \"" PROJECT_SOURCE
                              "/examples/estimation/petab/problem.yaml\" as problem\n"
                              "fit(problem, free = box(k1 = 0..1))\n");
    EXPECT_THAT(folder.rondo("run fit.rondo").err,
                HasSubstr("a problem has its own data and settings; leave 'free' out"));
}

TEST(Estimation, GradientsAreForwardOrAdjoint) {
    Folder folder;
    const std::string begin =
        "import \"" PROJECT_SOURCE "/examples/estimation/petab/problem.yaml\" as problem\n";
    folder.write(
        "study.rondo",
        begin +
            "f = likelihood(problem, gradient = \"forward\")\n"
            "a = likelihood(problem, gradient = \"adjoint\", rtol = 1e-8)\n"
            "assert abs(f.gradient.k1 - a.gradient.k1) < 1e-3 * abs(f.gradient.k1), \"k1\"\n"
            "assert abs(f.gradient.sd - a.gradient.sd) < 1e-3 * abs(f.gradient.sd), \"sd\"\n"
            "by_forward = fit(problem, method = multi_start(starts = 2), seed = 1)\n"
            "by_adjoint = fit(problem, method = multi_start(starts = 2), gradient = \"adjoint\", seed = 1)\n"
            "assert abs(by_forward.fitness - by_adjoint.fitness) < 1e-3, \"fitness\"\n"
            "print(by_adjoint.settings)\n");
    const Ran ran = folder.rondo("run study.rondo");
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("adjoint sensitivities, curvature by secants"));
    folder.write("wrong.rondo", begin + "likelihood(problem, gradient = \"both\")\n");
    EXPECT_THAT(
        folder.rondo("run wrong.rondo").err,
        HasSubstr("there is no gradient \"both\"; there are \"automatic\", \"forward\", \"adjoint\""));
    folder.write("wrong.rondo", begin + "intervals(problem, at = {k1 = 1000})\n");
    EXPECT_THAT(folder.rondo("run wrong.rondo").err,
                HasSubstr("the point lies outside of the problem's bounds"));
    folder.write("wrong.rondo", begin + "intervals(problem)\n");
    EXPECT_THAT(folder.rondo("run wrong.rondo").err, HasSubstr("intervals needs 'at'"));
}

TEST(Estimation, AProblemWarnsOfWhatDoesNotMatter) {
    Folder folder;
    folder.write(
        "problem.yaml",
        "format_version: 1\nparameter_file: p.tsv\nproblems:\n- sbml_files: [m.ant]\n  condition_files: "
        "[c.tsv]\n  observable_files: [o.tsv]\n  measurement_files: [d.tsv]\n");
    folder.write("m.ant", "model decay\n  species A = 2\n  J: A -> ; k*A\n  k = 1; q = 2\nend\n");
    folder.write("p.tsv",
                 "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n"
                 "k\tlog10\t0.01\t100\t0.5\t1\nq\tlin\t0\t10\t2\t1\n");
    folder.write("c.tsv", "conditionId\nc1\n");
    folder.write("o.tsv", "observableId\tobservableFormula\tnoiseFormula\nobs\tA\t0.1\n");
    folder.write(
        "d.tsv",
        "observableId\tsimulationConditionId\tmeasurement\ttime\nobs\tc1\t1.3\t1\nobs\tc1\t0.7\t2\n");
    folder.write(
        "study.rondo",
        "import \"problem.yaml\" as problem\nfit(problem, method = multi_start(starts = 2), seed = 1)\n");
    const Ran ran = folder.rondo("run study.rondo");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("'q' does not matter"));
    EXPECT_THAT(ran.err, testing::Not(HasSubstr("'k' does not matter")));
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
