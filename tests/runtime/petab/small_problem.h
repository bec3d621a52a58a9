// small_problem.h: small PEtab problems written for a test, and what becomes of them.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/estimate/likelihood_runs.h"
#include "tests/runtime/support.h"

namespace rondo::test {

// The texts of a problem's files; a test replaces what it is about. As they stand: A decays from 2 with rate
// k = 0.5, measured at 1 and 2 with errors of size 0.1. Tabs are written '|'.
struct SmallProblem {
    std::string yaml =
        "format_version: 1\nparameter_file: p.tsv\nproblems:\n- sbml_files: [m.xml]\n  condition_files: "
        "[c.tsv]\n"
        "  observable_files: [o.tsv]\n  measurement_files: [d.tsv]\n";
    std::string model = "model decay\n  species A = 2\n  J: A -> ; k*A\n  k = 1\nend\n";
    std::string parameters =
        "parameterId|parameterScale|lowerBound|upperBound|nominalValue|estimate\nk|log10|0.01|100|0.5|1\n";
    std::string conditions = "conditionId\nc1\n";
    std::string observables = "observableId|observableFormula|noiseFormula\nobs|A|0.1\n";
    std::string data = "observableId|simulationConditionId|measurement|time\nobs|c1|1.3|1\nobs|c1|0.7|2\n";
};

// Reading it; throws what a study shows.
LikelihoodProblem read(const SmallProblem&);

// What is said of it; "" if nothing is wrong. Paths are names alone.
std::string complaint(const SmallProblem&);

// A problem ready to be evaluated, with runs good to more digits than the default's.
class Ready {
  public:
    explicit Ready(LikelihoodProblem problem)
        : likelihood(std::move(problem), {{.rtol = 1e-10}}), slopes(likelihood), runs(slopes, likelihood) {}
    explicit Ready(const SmallProblem& problem) : Ready(read(problem)) {}
    double nllh() { return runs.evaluate(likelihood.nominal()).unlikelihood; }

    Likelihood likelihood;
    LikelihoodSlopes slopes;
    LikelihoodRuns runs;
};

}  // namespace rondo::test
