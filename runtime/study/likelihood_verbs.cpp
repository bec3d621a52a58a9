// likelihood_verbs.cpp: problems, likelihood, and fit of a problem.
#include "runtime/study/likelihood_verbs.h"

#include <algorithm>
#include <cmath>

#include "runtime/estimate/likelihood_fit.h"
#include "runtime/study/fit_methods.h"
#include "runtime/study/intervals_result.h"
#include "runtime/study/objects.h"
#include "runtime/table/columns.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr int likelihood_version = 4, fit_version = 5, intervals_version = 3;

const char* word(Scaling scaling) {
    return scaling == Scaling::log10 ? "log10" : scaling == Scaling::log ? "log" : "lin";
}

Table parameter_table(const LikelihoodProblem& problem) {
    const auto& free = problem.free;
    Table table;
    set_column(table, "parameter", free, &FreeParameter::id);
    set_column(table, "scale", free, [](const FreeParameter& each) { return word(each.scaling); });
    set_column(table, "lower", free, &FreeParameter::lower);
    set_column(table, "upper", free, &FreeParameter::upper);
    set_column(table, "nominal", free, &FreeParameter::nominal);
    return table;
}

Table data_table(const LikelihoodProblem& problem) {
    const std::size_t n = problem.data.size();
    std::vector<std::string> observable(n), condition(n), before(n);
    std::vector<double> time(n), measured(n);
    for (const auto& experiment : problem.experiments)
        for (const std::size_t i : experiment.data) {
            const Datum& datum = problem.data[i];
            observable[i] = problem.observables[datum.observable].id;
            condition[i] = problem.circumstances[experiment.circumstances].id;
            if (experiment.before) before[i] = problem.circumstances[*experiment.before].id;
            time[i] = datum.time;
            measured[i] = datum.value;
        }
    Table table;
    table.set("observable", std::move(observable));
    table.set("preequilibration", std::move(before));
    table.set("condition", std::move(condition));
    table.set("time", std::move(time));
    table.set("measured", std::move(measured));
    return table;
}

void add(const std::vector<Override>& overrides, Identity& identity) {
    identity.add(static_cast<std::int64_t>(overrides.size()));
    for (const auto& [input, from, number] : overrides)
        identity.add(static_cast<std::int64_t>(input))
            .add(from ? static_cast<std::int64_t>(*from) : -1)
            .add(number);
}

void add(const Prior& prior, Identity& identity) {
    identity.add(static_cast<int>(prior.kind)).add(int{prior.of_scaled}).add(prior.first).add(prior.second);
}

LikelihoodOptions options(const Call& call) {
    LikelihoodOptions result;
    result.integrate.rtol = call.number("rtol", result.integrate.rtol);
    result.integrate.atol = call.number("atol", result.integrate.atol);
    if (!(result.integrate.rtol > 0)) call.fail_at("rtol", "rtol must be positive");
    if (result.integrate.atol < 0) call.fail_at("atol", "atol must not be negative");
    return result;
}

// The nominal point, with what the record `at` says.
std::vector<double> point(const Call& call, const LikelihoodProblem& problem) {
    std::vector<double> z;
    for (const auto& parameter : problem.free) z.push_back(parameter.z(parameter.nominal));
    if (call.has("at")) {
        const auto* record = call.value("at").get_if<Record>();
        if (!record) call.fail_type("at", "record of the free parameters' values");
        for (const auto& [name, value] : *record) {
            const auto found = std::ranges::find(problem.free, name, &FreeParameter::id);
            const auto* number = value.get_if<double>();
            if (found == problem.free.end()) {
                std::vector<std::string> known;
                for (const auto& parameter : problem.free) known.push_back(parameter.id);
                call.fail_at("at", "the problem has no free parameter '" + name + "'",
                             did_you_mean(name, known));
            }
            if (!number || !std::isfinite(found->z(*number)))
                call.fail_at(
                    "at", "'" + name + "' needs a number that its scale (" + word(found->scaling) + ") has");
            z[static_cast<std::size_t>(found - problem.free.begin())] = found->z(*number);
        }
    }
    for (std::size_t k = 0; k < z.size(); ++k)
        if (!std::isfinite(z[k]))
            call.fail("'" + problem.free[k].id + "' has no nominal value; give it one with at = {" +
                      problem.free[k].id + " = ...}");
    return z;
}

// What is asked for, if anything is; "automatic" is `meant`.
std::optional<GradientBy> gradient_by(const Call& call, GradientBy meant) {
    if (!call.has("gradient")) return std::nullopt;
    return call.choice<GradientBy>(
        "gradient",
        {{"automatic", meant}, {"forward", GradientBy::forward}, {"adjoint", GradientBy::adjoint}});
}

// Whichever costs less: a run back costs some five along, a direction a fifth of one.
GradientBy cheaper(const LikelihoodProblem& problem) {
    constexpr std::size_t many = 30;  // parameters
    return problem.free.size() >= many && why_no_adjoint(*problem.system).empty() ? GradientBy::adjoint
                                                                                  : GradientBy::forward;
}

LikelihoodValue evaluated(const Likelihood& likelihood, const std::vector<double>& z,
                          std::optional<GradientBy> gradient) {
    if (!gradient) return LikelihoodRuns(likelihood).evaluate(z);
    const LikelihoodSlopes slopes(likelihood);
    LikelihoodRuns runs(slopes, likelihood);
    return *gradient == GradientBy::forward ? runs.evaluate_slopes(z) : runs.evaluate_adjoint(z);
}

// Data, and in each row what there is one of.
Table likelihood_table(const Call& call, const LikelihoodProblem& problem, const std::vector<double>& z,
                       std::optional<GradientBy> gradient) {
    const Likelihood likelihood(problem, options(call));
    const LikelihoodValue value = evaluated(likelihood, z, gradient);
    if (!value.failure.empty()) throw Error(Fault::numerics, "likelihood: " + value.failure);
    Table table = data_table(problem);
    table.set("simulated", value.simulated);
    table.set("sigma", value.sigma);
    const auto constant = [&](const std::string& name, double number) {
        table.set(name, std::vector<double>(problem.data.size(), number));
    };
    constant("nllh", value.unlikelihood);
    constant("prior", value.improbability);
    constant("calls", static_cast<double>(value.calls));
    for (std::size_t k = 0; k < value.gradient.size(); ++k)
        constant("by " + problem.free[k].id, value.gradient[k]);
    return table;
}

// likelihood(problem, at = {k1 = 2}): {nllh, prior, objective, calls, data}; with gradient = "adjoint", the
// objective's by the scaled parameters as well
Value run_likelihood(Call& call) {
    const auto& problem = *call.object<ProblemValue>("problem", "problem (import a PEtab file)").problem;
    const auto z = point(call, problem);
    Identity identity("likelihood", likelihood_version);
    call.value("problem").identify(identity);
    for (const double coordinate : z) identity.add(coordinate);
    const auto chosen = options(call).integrate;
    identity.add(chosen.rtol).add(chosen.atol);
    const auto gradient = gradient_by(call, cheaper(problem));
    identity.add(gradient ? static_cast<int>(*gradient) : -1);
    const Table table = memoised(call.environment, identity, "likelihood",
                                 [&] { return likelihood_table(call, problem, z, gradient); });
    const auto number = [&](const char* name) { return table.numbers(name)[0]; };
    const std::vector<std::string> kept{"observable", "preequilibration", "condition", "time",
                                        "measured",   "simulated",        "sigma"};
    Record result{{"nllh", number("nllh")},
                  {"prior", number("prior")},
                  {"objective", number("nllh") + number("prior")},
                  {"calls", number("calls")},
                  {"data", table.columns(kept)}};
    if (gradient) {
        Record slopes;
        for (const auto& free : problem.free) slopes.emplace_back(free.id, table.numbers("by " + free.id)[0]);
        result.emplace_back("gradient", slopes);
    }
    return result;
}

void refuse_own_settings(const Call& call) {
    for (const char* name : {"data", "free", "conditions", "observables", "whole", "start", "floor", "solver",
                             "restart", "max_step", "truth", "polish", "termination"})
        if (call.has(name))
            call.fail_at(name,
                         std::string("a problem has its own data and settings; leave '") + name + "' out");
}

// A row a start: what it cost, where it ended; the free parameters as columns after.
Table starts_table(const LikelihoodProblem& problem, const std::vector<Descent>& descents) {
    std::vector<double> start;
    for (std::size_t i = 1; i <= descents.size(); ++i) start.push_back(static_cast<double>(i));
    Table table;
    table.set("start", std::move(start));
    set_column(table, "objective", descents, &Descent::value);
    set_column(table, "trials", descents, &Descent::trials);
    set_column(table, "calls", descents, &Descent::calls);
    set_column(table, "converged", descents, &Descent::converged);
    for (std::size_t k = 0; k < problem.free.size(); ++k)
        set_column(table, "at " + problem.free[k].id, descents,
                   [&](const Descent& descent) { return problem.free[k].value(descent.z[k]); });
    return table;
}

}  // namespace

std::string ProblemValue::print() const {
    return "problem " + problem->name + ": " + std::to_string(problem->free.size()) + " free parameters, " +
           std::to_string(problem->observables.size()) + " observables, " +
           std::to_string(problem->experiments.size()) + " experiments, " +
           std::to_string(problem->data.size()) + " measured values";
}

std::optional<Value> ProblemValue::field(std::string_view name) const {
    if (name == "parameters") return Value(parameter_table(*problem));
    if (name == "data") return Value(data_table(*problem));
    if (name != "nominal") return std::nullopt;
    Record record;
    for (const auto& parameter : problem->free) record.emplace_back(parameter.id, parameter.nominal);
    return Value(record);
}

void ProblemValue::identify(Identity& identity) const {
    const LikelihoodProblem& p = *problem;
    identity.add("problem").add(dump(*p.system));
    for (const double input : p.inputs) identity.add(input);
    for (const auto& free : p.free) {
        identity.add(free.id).add(static_cast<std::int64_t>(free.input)).add(static_cast<int>(free.scaling));
        identity.add(free.lower).add(free.upper).add(free.nominal).add(int{free.prior.has_value()});
        if (free.prior) add(*free.prior, identity);
        add(free.start, identity);
    }
    for (const auto& observable : p.observables) {
        identity.add(observable.id).add(observable.formula).add(observable.sigma);
        identity.add(static_cast<int>(observable.noise.kind)).add(static_cast<int>(observable.noise.scaling));
    }
    for (const auto& circumstances : p.circumstances) {
        identity.add(circumstances.id);
        add(circumstances.overrides, identity);
    }
    for (const auto& datum : p.data) {
        identity.add(static_cast<std::int64_t>(datum.observable)).add(datum.time).add(datum.value);
        add(datum.overrides, identity);
    }
    for (const auto& experiment : p.experiments) {
        identity.add(experiment.before ? static_cast<std::int64_t>(*experiment.before) : -1);
        identity.add(static_cast<std::int64_t>(experiment.circumstances));
        for (const std::size_t i : experiment.data) identity.add(static_cast<std::int64_t>(i));
    }
}

// Whether each free parameter moves anything that was measured, or its error. One row.
Table movers_table(const Likelihood& likelihood, const std::vector<double>& z) {
    const LikelihoodSlopes slopes(likelihood);
    const auto information = LikelihoodRuns(slopes, likelihood).evaluate_slopes(z).information;
    Table table;
    for (std::size_t k = 0; k < z.size(); ++k) {
        double moved = 0;
        for (std::size_t i = k; i < information.size(); i += z.size()) moved += std::abs(information[i]);
        table.set(likelihood.problem().free[k].id, std::vector<double>{moved});
    }
    return table;
}

Value fit_problem(Call& call) {
    const auto& problem = *call.object<ProblemValue>("model", "problem").problem;
    refuse_own_settings(call);
    MultiStart settings;
    if (call.has("method"))
        settings = call.object<MultiStartValue>("method", "method for problems: multi_start()").settings;
    const auto chosen = options(call);
    const GradientBy gradient = gradient_by(call, GradientBy::forward).value_or(GradientBy::forward);
    Identity identity("fit problem", fit_version);
    call.value("model").identify(identity);
    identity.add(static_cast<std::int64_t>(settings.starts))
        .add(static_cast<std::int64_t>(settings.descent.iterations));
    identity.add(settings.descent.tolerance).add(chosen.integrate.rtol).add(chosen.integrate.atol);
    identity.add(static_cast<std::int64_t>(call.seed())).add(static_cast<int>(gradient));
    const Table starts = memoised(call.environment, identity, "fit", [&] {
        const Likelihood likelihood(problem, chosen);
        const LikelihoodSlopes slopes(likelihood);
        return starts_table(
            problem,
            descend_from_many(slopes, likelihood, gradient, settings.starts, settings.descent, call.seed(),
                              call.environment.executor, row_keeper(call.environment, "fit", identity)));
    });
    const auto objective = starts.numbers("objective");
    const auto best = static_cast<std::size_t>(std::ranges::min_element(objective) - objective.begin());
    if (!std::isfinite(objective[best]))
        throw Error(Fault::numerics, "fit: no start can be simulated to the end of the data");
    if (const auto failed = std::ranges::count_if(objective, [](double v) { return !std::isfinite(v); }))
        call.environment.warn("fit: " + std::to_string(failed) + " of " + std::to_string(objective.size()) +
                              " starts have no likelihood: their runs fail");
    Record at;
    for (const auto& free : problem.free) at.emplace_back(free.id, starts.numbers("at " + free.id)[best]);
    identity.add("movers");
    const Table movers = memoised(call.environment, identity, "fit", [&] {
        std::vector<double> z;
        for (const auto& free : problem.free) z.push_back(free.z(starts.numbers("at " + free.id)[best]));
        return movers_table(Likelihood(problem, chosen), z);
    });
    for (const auto& free : problem.free)
        if (movers.numbers(free.id)[0] == 0)
            call.environment.warn(
                "fit: '" + free.id +
                "' does not matter: the likelihood of the data is the same wherever it lies");
    double calls = 0;
    for (const double one : starts.numbers("calls")) calls += one;
    return Record{
        {"best", at},
        {"fitness", objective[best]},
        {"calls", Record{{"total", calls}}},
        {"history", starts},
        {"settings",
         "multi-start Fisher scoring: starts " + std::to_string(settings.starts) + ", iterations " +
             std::to_string(settings.descent.iterations) + ", tolerance " +
             shortest(settings.descent.tolerance) + "; CVODES bdf, rtol " + shortest(chosen.integrate.rtol) +
             (gradient == GradientBy::forward ? ", forward sensitivities"
                                              : ", adjoint sensitivities, curvature by secants")}};
}

// The bounds and the data are the problem's own.
Value intervals_of_problem(Call& call) {
    const auto& problem = *call.object<ProblemValue>("model", "problem").problem;
    refuse_own_settings(call);
    (void)call.value("at");
    const auto z = point(call, problem);
    const auto chosen = options(call);
    Identity identity("intervals of problem", intervals_version);
    call.value("model").identify(identity);
    for (const double coordinate : z) identity.add(coordinate);
    identity.add(chosen.integrate.rtol).add(chosen.integrate.atol);
    const SearchSpace space = search_space(problem);
    if (!space.contains(z)) call.fail_at("at", "the point lies outside of the problem's bounds");
    return intervals_record(memoised(call.environment, identity, "intervals", [&] {
        const Likelihood likelihood(problem, chosen);
        const LikelihoodSlopes slopes(likelihood);
        return intervals_table(space,
                               uncertainty(evidence(slopes, likelihood), z, call.environment.executor));
    }));
}

void add_likelihood_verbs(Verbs& verbs) {
    verbs["likelihood"] = {"likelihood", {"problem", "at", "gradient", "rtol", "atol"}, run_likelihood};
}

}  // namespace rondo
