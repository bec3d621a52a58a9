#include "runtime/estimate/likelihood.h"

#include <algorithm>
#include <cmath>
#include <map>

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

// What differs neither in time nor with the states.
bool stays(const OdeSystem& system, NodeId node, std::map<NodeId, bool>& known) {
    if (const auto found = known.find(node); found != known.end()) return found->second;
    const Node& at = system.graph[node];
    bool result = at.op != Op::time;
    if (at.op == Op::symbol) result = at.symbol.kind == Symbol::Kind::parameter;
    for (const NodeId operand : system.graph.operands(node)) result = result && stays(system, operand, known);
    return known[node] = result;
}

bool sigmas_stay(const LikelihoodProblem& problem) {
    const OdeSystem& system = *problem.system;
    if (!system.events.empty() || !system.modes.empty() || !system.delays.empty()) return false;
    std::map<NodeId, bool> known;
    return std::ranges::all_of(problem.observables, [&](const Observable& observable) {
        return stays(system, observable.sigma, known);
    });
}

}  // namespace

void apply(const std::vector<Override>& overrides, std::span<const double> inputs, std::span<double> out) {
    for (const auto& [input, from, number] : overrides) out[input] = from ? inputs[*from] : number;
}

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
    knows_sigmas_ = sigmas_stay(problem_);
}

std::vector<double> Likelihood::least(std::span<const double> inputs) const {
    std::vector<double> result;
    if (!knows_sigmas_) return result;
    result.resize(problem_.data.size());
    constexpr double start = 0;
    std::vector<double> y(code_->state_count()), p(code_->parameter_count()), at,
        outputs(code_->output_count());
    for (std::size_t e = 0; e < problem_.experiments.size(); ++e) {
        std::ranges::copy(inputs, p.begin());
        apply(problem_.circumstances[problem_.experiments[e].circumstances].overrides, inputs, p);
        code_->code().initialize(&start, p.data(), y.data());
        for (const Reading& reading : readings_[e]) {
            at = p;
            for (const std::size_t i : reading.data) apply(problem_.data[i].overrides, inputs, at);
            code_->code().outputs(&start, y.data(), at.data(), outputs.data());
            for (const std::size_t i : reading.data) {
                const Datum& datum = problem_.data[i];
                const double sigma = outputs[2 * datum.observable + 1];
                result[i] = unlikelihood(problem_.observables[datum.observable].noise, datum.value,
                                         datum.value, sigma)
                                .value;
            }
        }
    }
    return result;
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
