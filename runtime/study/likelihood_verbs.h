// likelihood_verbs.h: whole estimation problems, as PEtab has them, as values of a study.
#pragma once
#include <filesystem>
#include <memory>

#include "runtime/estimate/likelihood_problem.h"
#include "runtime/study/verb.h"

namespace rondo {

// p.parameters (table), p.data (table), p.nominal (record of the free parameters).
class ProblemValue : public Object {
  public:
    explicit ProblemValue(LikelihoodProblem given)
        : problem(std::make_shared<const LikelihoodProblem>(std::move(given))) {}
    std::string_view type() const override { return "problem"; }
    std::string print() const override;
    std::optional<Value> field(std::string_view) const override;
    std::vector<std::string> fields() const override { return {"parameters", "data", "nominal"}; }
    void identify(Identity&) const override;

    const std::shared_ptr<const LikelihoodProblem> problem;
};

// fit(problem, method = multi_start(...), gradient, rtol, seed): the call, bound as fit's.
Value fit_problem(Call&);

// intervals(problem, at = {...}, rtol): the call, bound as intervals'.
Value intervals_of_problem(Call&);

void add_likelihood_verbs(Verbs&);  // likelihood

}  // namespace rondo
