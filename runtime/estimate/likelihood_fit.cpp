#include "runtime/estimate/likelihood_fit.h"

#include <algorithm>

namespace rondo {
namespace {

// Where there is a value, if that can be found.
std::vector<double> drawn_start(const LikelihoodProblem& problem, LikelihoodValley& valley, Random& random,
                                long& calls) {
    constexpr int most_draws = 20;
    constexpr double largest = 1e300;
    std::vector<double> z(problem.free.size());
    for (int i = 0; i < most_draws; ++i) {
        for (std::size_t k = 0; k < z.size(); ++k)
            z[k] = draw(problem.free[k].start, problem.free[k].scaling, random);
        valley.space().clip(z);
        if (valley.is_below(z, largest, calls)) break;
    }
    return z;
}

// Far from the bottom a few digits show the way.
Descent descend_in_two(const LikelihoodSlopes& slopes, const Likelihood& likelihood, GradientBy gradient,
                       Random random, const DescentOptions& options) {
    constexpr double coarse_rtol = 1e-6, coarse_gain = 1e-5;
    constexpr long most_steps = 100'000;  // of a run
    IntegrateOptions fine = likelihood.options().integrate;
    fine.max_steps = std::min(fine.max_steps, most_steps);
    IntegrateOptions coarse = fine;
    coarse.rtol = std::max(fine.rtol, coarse_rtol);
    coarse.atol = fine.atol * (coarse.rtol / fine.rtol);
    LikelihoodValley far(slopes, likelihood, coarse, gradient), near(slopes, likelihood, fine, gradient);
    long calls = 0;
    const auto start = drawn_start(likelihood.problem(), far, random, calls);
    const Descent way = descend(far, start, {options.iterations, std::max(options.tolerance, coarse_gain)});
    Descent rest = descend(near, way.z, {options.iterations - way.trials, options.tolerance});
    rest.start = start;
    rest.trials += way.trials;
    rest.calls += way.calls + calls;
    return rest;
}

}  // namespace

std::vector<Descent> descend_from_many(const LikelihoodSlopes& slopes, const Likelihood& likelihood,
                                       GradientBy gradient, std::size_t starts, const DescentOptions& options,
                                       std::uint64_t seed, const Executor& executor,
                                       const RowKeeper& keeper) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < starts; ++i) numbers.push_back(static_cast<double>(i));
    Table items;
    items.set("start", std::move(numbers));
    const auto make = [&](std::size_t i) {
        return descend_in_two(slopes, likelihood, gradient, Random(seed, "likelihood starts", i), options);
    };
    return descend_all(items, make, {}, executor, keeper);
}

}  // namespace rondo
