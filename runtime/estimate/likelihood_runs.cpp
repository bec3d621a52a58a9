#include "runtime/estimate/likelihood_runs.h"

#include <algorithm>
#include <cmath>

#include "runtime/estimate/directions.h"
#include "runtime/estimate/likelihood_reader.h"

namespace rondo {
namespace {

// States that an experiment's own circumstances set anew after a steady state.
std::vector<bool> set_anew(const LikelihoodProblem& problem, const Experiment& experiment) {
    const auto& overrides = problem.circumstances[experiment.circumstances].overrides;
    std::vector<bool> result;
    for (const auto& state : problem.system->states) {
        const auto input = problem.system->input(state);
        result.push_back(input && std::ranges::count(overrides, *input, &Override::input));
    }
    return result;
}

}  // namespace

LikelihoodRuns::LikelihoodRuns(const Likelihood& likelihood)
    : likelihood_(likelihood), options_(likelihood.options().integrate), integrator_(*likelihood.code()) {}

LikelihoodRuns::LikelihoodRuns(const LikelihoodSlopes& slopes, const Likelihood& likelihood)
    : LikelihoodRuns(slopes, likelihood, likelihood.options().integrate) {}

LikelihoodRuns::LikelihoodRuns(const LikelihoodSlopes& slopes, const Likelihood& likelihood,
                               const IntegrateOptions& options)
    : likelihood_(likelihood), slopes_(&slopes), options_(options), integrator_(slopes.code()) {}

std::vector<double> LikelihoodRuns::given(std::size_t circumstances) const {
    std::vector<double> result = inputs_;
    apply(likelihood_.problem().circumstances[circumstances].overrides, inputs_, result);
    return result;
}

Slopes LikelihoodRuns::start_slopes(std::size_t circumstances, std::span<const double> inputs) const {
    if (!with_slopes_) return {};
    const auto& overrides = likelihood_.problem().circumstances[circumstances].overrides;
    return slopes_->code().start(inputs, 0, slopes_->directions(z_, overrides));
}

LikelihoodRuns::Resting LikelihoodRuns::rest(std::span<const double> inputs, Slopes start,
                                             std::span<const Intervention> changes, LikelihoodValue& value) {
    if (!finder_) {
        if (slopes_)
            finder_.emplace(slopes_->quiet());
        else
            finder_.emplace(likelihood_.quiet());
    }
    Resting resting{finder_->find(inputs, options_, changes), std::move(start)};
    if (with_slopes_ && resting.rest.failure.empty()) {
        const auto active = active_directions(resting.slopes, *slopes_->quiet());
        Slopes moving = select(resting.slopes, active);
        if (!finder_->follow(resting.rest, moving, inputs, options_, changes))
            resting.rest.failure = "its sensitivities could not be followed";
        const std::size_t n = resting.rest.y.size();
        for (std::size_t i = 0; i < active.size(); ++i)
            std::copy_n(moving.y.begin() + static_cast<std::ptrdiff_t>(i * n), n,
                        resting.slopes.y.begin() + static_cast<std::ptrdiff_t>(active[i] * n));
    }
    value.calls += resting.rest.rhs_calls;
    return resting;
}

bool LikelihoodRuns::run(std::size_t index, LikelihoodValue& value) {
    const LikelihoodProblem& problem = likelihood_.problem();
    const Experiment& experiment = problem.experiments[index];
    const auto fail = [&](const std::string& why) {
        value.failure = "condition '" + problem.circumstances[experiment.circumstances].id + "': " + why;
        return false;
    };
    const auto inputs = given(experiment.circumstances);
    Slopes all = start_slopes(experiment.circumstances, inputs);
    std::vector<Intervention> changes;
    if (experiment.before) {
        auto& kept = rests_[*experiment.before];
        if (!kept) {
            const auto before = given(*experiment.before);
            kept = rest(before, start_slopes(*experiment.before, before), {}, value);
        }
        if (!kept->rest.failure.empty()) return fail("before it, " + kept->rest.failure);
        const auto anew = set_anew(problem, experiment);
        for (std::size_t i = 0; i < all.y.size(); ++i)
            if (!anew[i % anew.size()]) all.y[i] = kept->slopes.y[i];
        changes.push_back({0, [&begin = kept->rest.y, anew](double, std::span<double> y, std::span<double>) {
                               for (std::size_t i = 0; i < y.size(); ++i)
                                   if (!anew[i]) y[i] = begin[i];
                           }});
    }
    Reader reader(likelihood_, index, inputs_, value);
    if (!least_.empty()) reader.stop_beyond(least_, spare_);
    Slopes moving;
    const bool rests = !std::isfinite(likelihood_.readings()[index].back().time);
    const bool goes_back = goes_back_ && !rests;
    if (goes_back) {
        reader.collect(*slopes_, all, free_);
    } else if (with_slopes_) {
        const auto active = active_directions(all, slopes_->code());
        moving = select(all, active);
        reader.follow(*slopes_, all, active, free_);
    }
    double end = 0;
    for (const auto& reading : likelihood_.readings()[index])
        if (std::isfinite(reading.time)) end = reading.time;
    if (end == 0) end = 1;
    const Outcome outcome = goes_back ? run_back(all, inputs, end, changes, reader, value)
                                      : integrator_.run(inputs, 0, end, options_, reader, changes,
                                                        with_slopes_ ? &moving : nullptr);
    value.calls += outcome.rhs_calls;
    if (outcome.kind == Outcome::Kind::failed) return fail(describe(outcome, end));
    if (reader.exceeds()) {
        value.stopped = true;
        return false;
    }
    if (!rests) return true;
    const Resting last = rest(inputs, all, changes, value);
    if (!last.rest.failure.empty()) return fail(last.rest.failure);
    reader.rest(last);
    return true;
}

Outcome LikelihoodRuns::run_back(const Slopes& all, std::span<const double> inputs, double end,
                                 std::span<const Intervention> changes, Reader& reader,
                                 LikelihoodValue& value) {
    Outcome outcome = of_two_ways_->run(inputs, 0, end, options_, reader, changes);
    if (outcome.kind == Outcome::Kind::failed) return outcome;
    const Adjoint adjoint = of_two_ways_->back(reader.pulls());
    outcome.rhs_calls += adjoint.rhs_calls;
    if (!adjoint.failure.empty()) {
        outcome.kind = Outcome::Kind::failed;
        outcome.reason = adjoint.failure;
    }
    const std::size_t n = adjoint.by_start.size(), P = adjoint.by_parameters.size();
    for (std::size_t k = 0; k < all.count; ++k) {
        for (std::size_t i = 0; i < n; ++i) value.gradient[k] += adjoint.by_start[i] * all.y[k * n + i];
        for (std::size_t i = 0; i < P; ++i) value.gradient[k] += adjoint.by_parameters[i] * all.p[k * P + i];
    }
    return outcome;
}

void LikelihoodRuns::add_priors(LikelihoodValue& value) const {
    const auto& free = likelihood_.problem().free;
    for (std::size_t k = 0; k < free.size(); ++k) {
        if (!free[k].prior) continue;
        const auto cost = improbability(*free[k].prior, free[k].scaling, z_[k]);
        value.improbability += cost.value;
        if (!with_slopes_) continue;
        value.gradient[k] += cost.slope;
        if (!goes_back_) value.prior_information[k] += cost.curvature;
    }
}

void LikelihoodRuns::evaluate(LikelihoodValue& value) {
    const LikelihoodProblem& problem = likelihood_.problem();
    value.simulated.assign(problem.data.size(), std::nan(""));
    value.sigma = value.simulated;
    rests_.assign(problem.circumstances.size(), std::nullopt);
    inputs_ = likelihood_.inputs(z_);
    for (std::size_t i = 0; i < problem.experiments.size(); ++i)
        if (!run(i, value)) return;
    if (!std::isfinite(value.unlikelihood))
        value.failure = "the likelihood is not finite: a simulated value or the size of its error is not";
}

LikelihoodValue LikelihoodRuns::evaluate(std::span<const double> z, double limit) {
    z_ = z;
    with_slopes_ = goes_back_ = false;
    LikelihoodValue value;
    add_priors(value);
    set_limit(limit - value.improbability);
    evaluate(value);
    least_.clear();
    return value;
}

// Sums are good to some 1e-12 of their terms: only what is above the limit beyond doubt is left.
void LikelihoodRuns::set_limit(double limit) {
    constexpr double doubt = 1e-9;
    if (!std::isfinite(limit)) return;
    least_ = likelihood_.least(likelihood_.inputs(z_));
    double least = 0, size = std::abs(limit);
    for (const double one : least_) {
        least += one;
        size += std::abs(one);
    }
    spare_ = limit - least + doubt * size;
    if (!std::isfinite(spare_)) least_.clear();
}

void LikelihoodRuns::prepare_gradient(LikelihoodValue& value) {
    with_slopes_ = true;
    free_.clear();
    for (std::size_t k = 0; k < z_.size(); ++k) {
        const FreeParameter& parameter = likelihood_.problem().free[k];
        free_.push_back(1 / scaled_slope(parameter.scaling, parameter.value(z_[k])));
    }
    value.gradient.assign(z_.size(), 0);
}

LikelihoodValue LikelihoodRuns::evaluate_slopes(std::span<const double> z) {
    z_ = z;
    goes_back_ = false;
    LikelihoodValue value;
    prepare_gradient(value);
    value.prior_information.assign(z.size(), 0);
    value.information.assign(2 * likelihood_.problem().data.size() * z.size(), 0);
    add_priors(value);
    evaluate(value);
    return value;
}

LikelihoodValue LikelihoodRuns::evaluate_adjoint(std::span<const double> z) {
    if (!of_two_ways_) of_two_ways_.emplace(Integrator::of_two_ways(slopes_->code()));
    z_ = z;
    goes_back_ = true;
    LikelihoodValue value;
    prepare_gradient(value);
    add_priors(value);
    evaluate(value);
    return value;
}

}  // namespace rondo
