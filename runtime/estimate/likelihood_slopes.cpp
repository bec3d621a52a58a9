#include "runtime/estimate/likelihood_slopes.h"

#include <algorithm>

namespace rondo {

LikelihoodSlopes::LikelihoodSlopes(const Likelihood& likelihood)
    : likelihood_(likelihood),
      code_(likelihood.code()),
      quiet_(std::make_shared<const SlopeCode>(likelihood.quiet())) {
    const LikelihoodProblem& problem = likelihood.problem();
    auto system = std::make_shared<OdeSystem>();
    system->graph = problem.system->graph;
    system->states = problem.system->states;
    system->inputs = problem.system->inputs;
    system->derived = problem.system->derived;
    std::vector<NodeId> formulas;
    for (const auto& observable : problem.observables)
        formulas.insert(formulas.end(), {observable.formula, observable.sigma});
    const auto by_state = gradients(system->graph, formulas, By::states);
    const auto by_parameter = gradients(system->graph, formulas, By::parameters);
    CompileOptions options;
    entries_.resize(problem.observables.size());
    for (std::size_t i = 0; i < formulas.size(); ++i)
        for (const auto* gradient : {&by_state[i], &by_parameter[i]})
            for (const auto& [index, node] : *gradient) {
                entries_[i / 2].push_back(
                    {gradient == &by_state[i], i % 2 == 1, index, options.outputs.size()});
                options.outputs.push_back(node);
            }
    formulas_ = compile(std::move(system), options);
}

std::vector<double> LikelihoodSlopes::directions(std::span<const double> z,
                                                 const std::vector<Override>& overrides) const {
    const LikelihoodProblem& problem = likelihood_.problem();
    const std::size_t inputs = problem.inputs.size();
    std::vector<double> result(problem.free.size() * inputs, 0.0);
    for (std::size_t k = 0; k < problem.free.size(); ++k) {
        const FreeParameter& parameter = problem.free[k];
        const std::span row(result.data() + k * inputs, inputs);
        row[parameter.input] = 1 / scaled_slope(parameter.scaling, parameter.value(z[k]));
        const double change = row[parameter.input];
        for (const auto& override : overrides)
            row[override.input] = override.from == parameter.input ? change : 0;
    }
    return result;
}

}  // namespace rondo
