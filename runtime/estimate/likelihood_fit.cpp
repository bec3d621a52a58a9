#include "runtime/estimate/likelihood_fit.h"

#include <Eigen/Dense>
#include <cmath>

namespace rondo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class Objective final : public Valley {
  public:
    Objective(const LikelihoodSlopes& slopes, const Likelihood& likelihood, const IntegrateOptions& options)
        : runs_(slopes, likelihood, options), space_(search_space(likelihood.problem())) {}
    const SearchSpace& space() const override { return space_; }

    LocalModel at(std::span<const double> z, double limit) override {
        LocalModel result;
        if (std::isfinite(limit) && !is_below(z, limit, result)) return result;
        const LikelihoodValue found = runs_.evaluate_slopes(z);
        result.calls += static_cast<long>(found.calls);
        result.value = found.objective();
        result.gradient = found.gradient;
        const auto p = static_cast<Eigen::Index>(z.size());
        const Eigen::Map<const Matrix> rows(found.information.data(), std::ssize(found.information) / p, p);
        Eigen::MatrixXd curvature = rows.transpose() * rows;
        curvature.diagonal() += Eigen::Map<const Eigen::VectorXd>(found.prior_information.data(), p);
        result.finished = found.failure.empty() && std::isfinite(result.value) && curvature.allFinite();
        result.curvature.assign(curvature.data(), curvature.data() + curvature.size());
        return result;
    }

    // Whether there is a value.
    bool is_below(std::span<const double> z, double limit, LocalModel& result) {
        const LikelihoodValue found = runs_.evaluate(z);
        result.calls += static_cast<long>(found.calls);
        return found.failure.empty() && found.objective() <= limit;
    }

  private:
    LikelihoodRuns runs_;
    SearchSpace space_;
};

// Where there is a value, if that can be found.
std::vector<double> drawn_start(const LikelihoodProblem& problem, Objective& objective, Random& random,
                                long& calls) {
    constexpr int most_draws = 20;
    constexpr double largest = 1e300;
    std::vector<double> z(problem.free.size());
    for (int i = 0; i < most_draws; ++i) {
        for (std::size_t k = 0; k < z.size(); ++k)
            z[k] = draw(problem.free[k].start, problem.free[k].scaling, random);
        objective.space().clip(z);
        LocalModel tried;
        const bool usable = objective.is_below(z, largest, tried);
        calls += tried.calls;
        if (usable) break;
    }
    return z;
}

// Far from the bottom a few digits show the way: with the tolerances coarsened until steps promise little,
// then as asked for.
Descent descend_in_two(const LikelihoodSlopes& slopes, const Likelihood& likelihood, Random& random,
                       const DescentOptions& options) {
    constexpr double coarse_rtol = 1e-6, coarse_gain = 1e-5;
    constexpr long most_steps = 100'000;  // of a run
    IntegrateOptions fine = likelihood.options().integrate;
    fine.max_steps = std::min(fine.max_steps, most_steps);
    IntegrateOptions coarse = fine;
    coarse.rtol = std::max(fine.rtol, coarse_rtol);
    coarse.atol = fine.atol * (coarse.rtol / fine.rtol);
    Objective far(slopes, likelihood, coarse), near(slopes, likelihood, fine);
    long calls = 0;
    const auto start = drawn_start(likelihood.problem(), far, random, calls);
    const Descent way =
        descend(far, start, {options.iterations, std::max(options.tolerance, coarse_gain)});
    Descent rest = descend(near, way.z, {options.iterations - way.trials, options.tolerance});
    rest.start = start;
    rest.trials += way.trials;
    rest.calls += way.calls + calls;
    return rest;
}

}  // namespace

SearchSpace search_space(const LikelihoodProblem& problem) {
    SearchSpace space;
    for (const auto& parameter : problem.free)
        space.coordinates.push_back({Coordinate::Kind::linear, parameter.id, parameter.z(parameter.lower),
                                     parameter.z(parameter.upper)});
    return space;
}

std::vector<Descent> descend_from_many(const LikelihoodSlopes& slopes, const Likelihood& likelihood,
                                       std::size_t starts, const DescentOptions& options, std::uint64_t seed,
                                       const Executor& executor, const RowKeeper& keeper) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < starts; ++i) numbers.push_back(static_cast<double>(i));
    Table items;
    items.set("start", std::move(numbers));
    const auto make = [&](std::size_t i) {
        Random random(seed, "likelihood starts", i);
        return descend_in_two(slopes, likelihood, random, options);
    };
    return descend_all(items, make, {}, executor, keeper);
}

}  // namespace rondo
