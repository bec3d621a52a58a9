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
        auto place =
            std::find_if(readings.begin() + static_cast<std::ptrdiff_t>(first), readings.end(), fits);
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
    quiet_ =
        problem_.system->events.empty() ? code_ : compile(without_events(*problem_.system), compile_options);
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

}  // namespace rondo
