#include "runtime/estimate/likelihood.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"
#include "jit/graph/fold.h"

namespace rondo {
namespace {

// What differs between runs; the exponents of the others may be numbers.
std::vector<std::string> varying(const LikelihoodProblem& problem) {
    std::vector<std::string> ids;
    const auto add = [&](std::size_t input) { ids.push_back(problem.system->inputs[input].id); };
    for (const auto& parameter : problem.free) add(parameter.input);
    for (const auto& circumstances : problem.circumstances)
        for (const auto& override : circumstances.overrides) add(override.input);
    for (const auto& datum : problem.data)
        for (const auto& override : datum.overrides) add(override.input);
    return ids;
}

std::shared_ptr<const OdeSystem> without_events(const OdeSystem& system) {
    auto quiet = std::make_shared<OdeSystem>(system);
    quiet->events.clear();
    quiet->event_values.clear();
    quiet->concentrations.clear();
    return quiet;
}

bool same_placeholders(const Datum& a, const Datum& b) {
    return std::ranges::equal(a.overrides, b.overrides, [](const Override& x, const Override& y) {
        return x.input == y.input && x.from == y.from && x.number == y.number;
    });
}

// Data of one time share a reading unless they give placeholders of one observable different values.
std::vector<Likelihood::Reading> readings_of(const Experiment& experiment, const std::vector<Datum>& data) {
    std::vector<Likelihood::Reading> readings;
    std::size_t first = 0;  // of this time
    for (const std::size_t i : experiment.data) {
        if (first < readings.size() && readings[first].time != data[i].time) first = readings.size();
        const auto fits = [&](const Likelihood::Reading& reading) {
            return std::ranges::all_of(reading.data, [&](std::size_t k) {
                return data[k].observable != data[i].observable || same_placeholders(data[k], data[i]);
            });
        };
        auto place = std::find_if(readings.begin() + static_cast<std::ptrdiff_t>(first), readings.end(), fits);
        if (place == readings.end()) place = readings.insert(place, {data[i].time, {}});
        place->data.push_back(i);
    }
    return readings;
}

}  // namespace

Likelihood::Likelihood(LikelihoodProblem problem, const LikelihoodOptions& options)
    : problem_(std::move(problem)), options_(options) {
    // Nodes of formulas move with the equations: they are outputs while exponents are folded.
    OdeSystem system = *problem_.system;
    for (const auto& observable : problem_.observables)
        system.outputs.insert(system.outputs.end(), {{"", observable.formula}, {"", observable.sigma}});
    OdeSystem folded = fold_exponents(system, problem_.inputs, varying(problem_));
    CompileOptions compile_options;
    std::size_t next = problem_.system->outputs.size();
    for (auto& observable : problem_.observables) {
        observable.formula = folded.outputs[next++].node;
        observable.sigma = folded.outputs[next++].node;
        compile_options.outputs.insert(compile_options.outputs.end(), {observable.formula, observable.sigma});
    }
    problem_.system = std::make_shared<const OdeSystem>(std::move(folded));
    code_ = compile(problem_.system, compile_options);
    quiet_ = problem_.system->events.empty() ? code_ : compile(without_events(*problem_.system), compile_options);
    for (const auto& experiment : problem_.experiments)
        readings_.push_back(readings_of(experiment, problem_.data));
}

std::vector<double> Likelihood::inputs(std::span<const double> z) const {
    std::vector<double> result = problem_.inputs;
    for (std::size_t k = 0; k < problem_.free.size(); ++k)
        result[problem_.free[k].input] = problem_.free[k].value(z[k]);
    return result;
}

std::vector<double> Likelihood::nominal() const {
    std::vector<double> z;
    for (const auto& parameter : problem_.free) {
        if (std::isnan(parameter.nominal))
            throw Error(Fault::input, "'" + parameter.id + "' has no nominal value; give it a value");
        z.push_back(parameter.z(parameter.nominal));
    }
    return z;
}

// ---- runs ----

namespace {

void apply(const std::vector<Override>& overrides, std::span<const double> inputs, std::span<double> out) {
    for (const auto& [input, from, number] : overrides) out[input] = from ? inputs[*from] : number;
}

// States that an experiment's own circumstances set anew after a steady state.
std::vector<bool> set_anew(const LikelihoodProblem& problem, const Experiment& experiment) {
    std::vector<bool> result;
    for (const auto& state : problem.system->states) {
        const auto input = problem.system->input(state);
        const auto& overrides = problem.circumstances[experiment.circumstances].overrides;
        result.push_back(input && std::ranges::count(overrides, *input, &Override::input));
    }
    return result;
}

}  // namespace

// Compares what is measured with a run.
class LikelihoodRuns::Reader : public Observer {
  public:
    Reader(const Likelihood& likelihood, std::size_t experiment, std::span<const double> inputs,
           LikelihoodValue& value)
        : likelihood_(likelihood),
          readings_(likelihood.readings()[experiment]),
          inputs_(inputs),
          value_(value),
          before_(value.unlikelihood),
          state_(likelihood.code()->state_count()),
          outputs_(likelihood.code()->output_count()) {}

    LaneMask start(const Step& now) override {
        next_ = 0;
        value_.unlikelihood = before_;
        return step(now);
    }
    LaneMask step(const Step& now) override {
        const auto within = [&](double t) { return now.jumps ? t < now.t1[0] : t <= now.t1[0]; };
        for (; next_ < readings_.size() && within(readings_[next_].time); ++next_) {
            const double t = readings_[next_].time;
            now.interpolate(0, t, state_);
            read(t, now.parameters(t, state_));
        }
        return finished() ? 1 : 0;
    }
    bool finished() const { return next_ == readings_.size() || !std::isfinite(readings_[next_].time); }

    // The steady state, for what was measured of it.
    void rest(const Rest& rest) {
        state_ = rest.y;
        for (; next_ < readings_.size(); ++next_) read(rest.t, rest.p);
    }

  private:
    void read(double t, std::span<const double> parameters) {
        const LikelihoodProblem& problem = likelihood_.problem();
        p_.assign(parameters.begin(), parameters.end());
        for (const std::size_t i : readings_[next_].data) apply(problem.data[i].overrides, inputs_, p_);
        likelihood_.code()->code().outputs(&t, state_.data(), p_.data(), outputs_.data());
        for (const std::size_t i : readings_[next_].data) {
            const Datum& datum = problem.data[i];
            const double simulated = outputs_[2 * datum.observable], sigma = outputs_[2 * datum.observable + 1];
            value_.simulated[i] = simulated;
            value_.sigma[i] = sigma;
            value_.unlikelihood +=
                unlikelihood(problem.observables[datum.observable].noise, datum.value, simulated, sigma).value;
        }
    }

    const Likelihood& likelihood_;
    const std::vector<Likelihood::Reading>& readings_;
    std::span<const double> inputs_;
    LikelihoodValue& value_;
    double before_;
    std::size_t next_ = 0;
    std::vector<double> state_, outputs_, p_;
};

LikelihoodRuns::LikelihoodRuns(const Likelihood& likelihood)
    : likelihood_(likelihood), integrator_(*likelihood.code()) {}

const std::optional<Rest>& LikelihoodRuns::rest(std::size_t circumstances, std::span<const double> inputs,
                                                LikelihoodValue& value) {
    auto& kept = rests_[circumstances];
    if (kept) return kept;
    if (!finder_) finder_.emplace(likelihood_.quiet());
    std::vector<double> given(inputs.begin(), inputs.end());
    apply(likelihood_.problem().circumstances[circumstances].overrides, inputs, given);
    kept = finder_->find(given, likelihood_.options().integrate);
    value.calls += kept->rhs_calls;
    return kept;
}

bool LikelihoodRuns::run(std::size_t index, std::span<const double> inputs, LikelihoodValue& value) {
    const LikelihoodProblem& problem = likelihood_.problem();
    const Experiment& experiment = problem.experiments[index];
    const Circumstances& circumstances = problem.circumstances[experiment.circumstances];
    const auto fail = [&](const std::string& why) {
        value.failure = "condition '" + circumstances.id + "': " + why;
        return false;
    };
    std::vector<Intervention> changes;
    if (experiment.before) {
        const Rest& begin = *rest(*experiment.before, inputs, value);
        if (!begin.failure.empty()) return fail("before it, " + begin.failure);
        changes.push_back({0, [&begin, anew = set_anew(problem, experiment)](double, std::span<double> y,
                                                                              std::span<double>) {
                               for (std::size_t i = 0; i < y.size(); ++i)
                                   if (!anew[i]) y[i] = begin.y[i];
                           }});
    }
    std::vector<double> given(inputs.begin(), inputs.end());
    apply(circumstances.overrides, inputs, given);
    Reader reader(likelihood_, index, inputs, value);
    double end = 0;
    for (const auto& reading : likelihood_.readings()[index])
        if (std::isfinite(reading.time)) end = reading.time;
    const Outcome outcome =
        integrator_.run(given, 0, end > 0 ? end : 1, likelihood_.options().integrate, reader, changes);
    value.calls += outcome.rhs_calls;
    if (outcome.kind == Outcome::Kind::failed) return fail(describe(outcome, end));
    if (std::isfinite(likelihood_.readings()[index].back().time)) return true;
    if (!finder_) finder_.emplace(likelihood_.quiet());
    const Rest end_state = finder_->find(given, likelihood_.options().integrate, changes);
    value.calls += end_state.rhs_calls;
    if (!end_state.failure.empty()) return fail(end_state.failure);
    reader.rest(end_state);
    return true;
}

LikelihoodValue LikelihoodRuns::evaluate(std::span<const double> z) {
    const LikelihoodProblem& problem = likelihood_.problem();
    LikelihoodValue value;
    value.simulated.assign(problem.data.size(), std::nan(""));
    value.sigma = value.simulated;
    rests_.assign(problem.circumstances.size(), std::nullopt);
    for (std::size_t k = 0; k < problem.free.size(); ++k)
        if (const auto& prior = problem.free[k].prior)
            value.improbability += improbability(*prior, problem.free[k].scaling, z[k]).value;
    const auto inputs = likelihood_.inputs(z);
    for (std::size_t i = 0; i < problem.experiments.size(); ++i)
        if (!run(i, inputs, value)) return value;
    if (!std::isfinite(value.unlikelihood))
        value.failure = "the likelihood is not finite: a simulated value or the size of its error is not";
    return value;
}

}  // namespace rondo
