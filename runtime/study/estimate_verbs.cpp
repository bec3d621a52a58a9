// estimate_verbs.cpp: fit.
#include <algorithm>
#include <cmath>

#include "runtime/study/fit_methods.h"
#include "runtime/study/fit_result.h"
#include "runtime/study/objects.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr int fit_version = 1;

// All that a call of `fit` asks for beside model, data and free.
struct Plan {
    GeneticOptions genetic;
    Termination termination;
    std::optional<Polish> polish;
    FitOptions options;
    std::string text;
};

std::vector<std::pair<std::string, std::string>> formulas(const Call& call) {
    std::vector<std::pair<std::string, std::string>> result;
    if (!call.has("observables")) return result;
    const auto* record = call.value("observables").get_if<Record>();
    if (!record) call.fail_type("observables", "record of formulas such as {total = \"x1 + x2\"}");
    for (const auto& [name, value] : *record) {
        const auto* text = value.get_if<std::string>();
        if (!text) call.fail_at("observables", "'" + name + "' must be a formula in quotes");
        result.emplace_back(name, *text);
    }
    return result;
}

// Between the times of the data, the start included.
double widest_gap(const Measurements& data, double start) {
    double widest = 0;
    for (const double time : data.times) {
        widest = std::max(widest, time - start);
        start = time;
    }
    return widest;
}

SolverOptions solver(const Call& call, bool published, const Measurements& data, double start) {
    SolverOptions result;
    StepControl& control = result.control;
    control.rtol = call.number("rtol", control.rtol);
    control.atol = call.number("atol", control.atol);
    if (!(control.rtol > 0)) call.fail_at("rtol", "rtol must be positive");
    if (!(control.atol >= 0)) call.fail_at("atol", "atol must not be negative");
    result.restart = call.flag("restart", published);
    control.max_step = call.number("max_step", result.restart ? widest_gap(data, start) : control.max_step);
    if (!(control.max_step > 0)) call.fail_at("max_step", "max_step must be positive");
    return result;
}

std::string words(const SolverOptions& solver) {
    const StepControl& control = solver.control;
    std::string text =
        "Dormand-Prince 5(4), rtol " + shortest(control.rtol) + ", atol " + shortest(control.atol);
    if (std::isfinite(control.max_step)) text += ", steps up to " + shortest(control.max_step);
    return text + (solver.restart ? ", anew at each time" : ", continuous");
}

Plan plan(const Call& call, const Measurements& data) {
    Plan result;
    const auto method = call.has("method") ? call.object<GeneticValue>("method", "method such as genetic()")
                                           : genetic_value(default_genetic(), false);
    result.genetic = method.settings.options;
    const bool published = method.settings.published;
    if (published) result.termination.kind = Termination::Kind::adaptive;
    if (call.has("termination")) {
        if (object_if<NothingValue>(call.value("termination"))) {
            result.termination.kind = Termination::Kind::none;
        } else {
            result.termination =
                call.object<TerminationValue>("termination", "termination: adaptive(), lossless() or none()")
                    .settings;
        }
    }
    result.polish = Polish();
    if (call.has("polish")) {
        if (object_if<NothingValue>(call.value("polish"))) {
            result.polish.reset();
        } else {
            result.polish = call.object<PowellValue>("polish", "polish: powell() or none()").settings;
        }
    }
    result.options.start = call.number("start", 0);
    result.options.floor = call.number("floor", result.options.floor);
    if (!(result.options.floor > 0 && result.options.floor <= 1))
        call.fail_at("floor", "floor is a part of the largest value, above 0 and at most 1");
    result.options.solver = solver(call, published, data, result.options.start);
    result.options.observables = formulas(call);
    result.text = method.print() + "; termination " + termination_value(result.termination).print() +
                  "; polish " + (result.polish ? powell_value(*result.polish).print() : "none") + "; " +
                  words(result.options.solver);
    return result;
}

// The point that `truth` says, for the report of whether it would have been rejected.
std::optional<std::vector<double>> truth(const Call& call, const SearchSpace& space) {
    if (!call.has("truth")) return std::nullopt;
    const auto* record = call.value("truth").get_if<Record>();
    if (!record) call.fail_type("truth", "record of the free parameters' values");
    std::vector<double> z;
    for (const auto& coordinate : space.coordinates) {
        const auto found = std::ranges::find(*record, coordinate.name, &Record::value_type::first);
        const auto* value = found == record->end() ? nullptr : found->second.get_if<double>();
        if (!value) call.fail_at("truth", "the truth needs a number for '" + coordinate.name + "'");
        z.push_back(coordinate.at(*value));
    }
    return z;
}

FitProblem problem(const Call& call, const Plan& chosen, const Measurements& data) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    const Box& box = call.object<BoxValue>("free", "box").box;
    const auto whole = call.has("whole") ? call.texts("whole") : std::vector<std::string>();
    try {
        const auto conditions = call.has("conditions")
                                    ? read_conditions(call.table("conditions"), data, model)
                                    : std::vector<Condition>();
        return {model, data, conditions, search_space(box, whole), chosen.options};
    } catch (const Error& error) {
        if (error.fault() != Fault::input) throw;
        call.fail(error.what());
    }
}

void warn(const Call& call, const FitTables& tables) {
    const double failed = tables.number("failed"), all = tables.number("evaluations");
    if (failed > 0)
        call.environment.warn(
            "fit: " + shortest(failed) + " of " + shortest(all) +
            " simulations failed (too many or too small steps, or values that are no numbers)");
    for (const auto& name : tables.still)
        call.environment.warn("fit: '" + name +
                              "' does not matter: the objective is the same wherever it lies");
}

Value run_fit(Call& call) {
    Measurements data;
    try {
        data = read_measurements(call.table("data"), "data", call.number("start", 0));
    } catch (const Error& error) {
        call.fail_at("data", error.what());
    }
    const Plan chosen = plan(call, data);
    Identity identity("fit", fit_version);
    for (const char* name : {"model", "data", "free", "conditions", "whole", "truth", "observables"}) {
        identity.add(name);
        if (call.has(name)) call.value(name).identify(identity);
    }
    identity.add(chosen.text).add(chosen.options.start).add(chosen.options.floor);
    identity.add(static_cast<std::int64_t>(call.seed()));
    const FitProblem posed = problem(call, chosen, data);
    const auto true_z = truth(call, posed.space());
    FitTables tables;
    if (const auto bytes = call.environment.store.find(identity.hex())) {
        tables = fit_tables_from_bytes(*bytes);
    } else {
        const Executor& executor = call.environment.executor;
        const GeneticFit fit =
            genetic_fit(posed, chosen.genetic, chosen.termination, chosen.polish, call.seed(), executor);
        tables = fit_tables(posed, fit, true_z ? std::optional(evaluate(posed, *true_z)) : std::nullopt);
        tables.still = insensitive(posed, fit.z, executor);
        call.environment.store.put(identity.hex(), "fit", to_bytes(tables));
    }
    warn(call, tables);
    return fit_record(tables, chosen.text);
}

}  // namespace

void add_estimate_verbs(Verbs& verbs) {
    add_fit_methods(verbs);
    verbs["fit"] = {
        "fit",
        {"model", "data", "free", "method", "termination", "polish", "seed", "conditions", "observables",
         "whole", "start", "floor", "restart", "max_step", "rtol", "atol", "truth"},
        run_fit,
        true};
}

}  // namespace rondo
