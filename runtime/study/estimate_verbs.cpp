// estimate_verbs.cpp: fit, intervals.
#include <algorithm>
#include <cmath>
#include <variant>

#include "runtime/study/fit_methods.h"
#include "runtime/study/fit_result.h"
#include "runtime/study/intervals_result.h"
#include "runtime/study/likelihood_verbs.h"
#include "runtime/study/objects.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr int fit_version = 7, intervals_version = 7;

// All that a call of `fit` asks for beside model, data and free.
struct Plan {
    std::variant<Genetic, MultiStart, StrategyOptions> method;
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

// Dormand and Prince's method is named beside those of the ensemble; `preset` is meant where none is.
SolverOptions solver(const Call& call, const std::string& preset, bool published, const Measurements& data,
                     double start) {
    constexpr const char* pausable = "dormand_prince";
    SolverOptions result;
    StepControl& control = result.control;
    control.rtol = call.number("rtol", control.rtol);
    if (!(control.rtol > 0)) call.fail_at("rtol", "rtol must be positive");
    if (call.has("atol") && !(call.number("atol") >= 0)) call.fail_at("atol", "atol must not be negative");
    const std::string name = call.text("solver", preset);
    if (name == pausable) {
        control.atol = call.number("atol", control.atol);
        result.restart = call.flag("restart", published);
        control.max_step =
            call.number("max_step", result.restart ? widest_gap(data, start) : control.max_step);
        if (!(control.max_step > 0)) call.fail_at("max_step", "max_step must be positive");
        return result;
    }
    const auto method = ensemble_method(name);
    if (!method)
        call.fail_at("solver",
                     "there is no solver \"" + name +
                         "\"; there are \"automatic\", \"dop853\", \"tsit5\", \"rodas5p\", \"bdf\", "
                         "\"adams\" and \"dormand_prince\"");
    for (const char* own : {"restart", "max_step"})
        if (call.has(own))
            call.fail_at(own, "'" + std::string(own) + "' goes with solver = \"dormand_prince\" alone");
    EnsembleOptions& ensemble = result.ensemble.emplace();
    ensemble.method = *method;
    ensemble.rtol = control.rtol;
    ensemble.atol = call.number("atol", ensemble.atol);
    ensemble.max_steps = control.max_attempts;
    return result;
}

std::string words(const SolverOptions& solver, bool slopes) {
    if (const auto& ensemble = solver.ensemble) {
        const std::string of_slopes = ensemble->method == EnsembleMethod::adams ? "adams" : "bdf";
        return "solver " + std::string(name_of(ensemble->method)) + ", rtol " + shortest(ensemble->rtol) +
               ", atol " + (std::isnan(ensemble->atol) ? "by state" : shortest(ensemble->atol)) +
               (slopes ? ", sensitivities by CVODES " + of_slopes : "");
    }
    const StepControl& control = solver.control;
    std::string text =
        "Dormand-Prince 5(4), rtol " + shortest(control.rtol) + ", atol " + shortest(control.atol);
    if (std::isfinite(control.max_step)) text += ", steps up to " + shortest(control.max_step);
    return text + (solver.restart ? ", anew at each time" : ", continuous");
}

// Simulations are stopped by what is asked for, by default as the method has it.
Termination termination(const Call& call, bool published, const SolverOptions& solver) {
    Termination result;
    if (published) result.kind = Termination::Kind::adaptive;
    if (call.has("termination")) {
        if (object_if<NothingValue>(call.value("termination"))) {
            result.kind = Termination::Kind::none;
        } else {
            result =
                call.object<TerminationValue>("termination", "termination: adaptive(), lossless() or none()")
                    .settings;
        }
    }
    try {
        result.lossless = settled(result.lossless, !solver.ensemble);
    } catch (const Error& error) {
        call.fail_at("termination", error.what());
    }
    return result;
}

std::optional<Polish> polish(const Call& call) {
    if (!call.has("polish")) return Polish();
    if (object_if<NothingValue>(call.value("polish"))) return std::nullopt;
    return call.object<PowellValue>("polish", "polish: powell() or none()").settings;
}

// What does not go with another method than the genetic ones.
void refuse_genetic_settings(const Call& call, const Termination& termination) {
    if (call.has("polish")) call.fail_at("polish", "polish goes with genetic() and published() alone");
    if (call.has("truth")) call.fail_at("truth", "truth goes with genetic() and published() alone");
    if (termination.kind == Termination::Kind::adaptive)
        call.fail_at("termination", "adaptive() goes with genetic() and published() alone");
}

// slopes: whether the verb needs sensitivities in any case.
Plan plan(const Call& call, const Measurements& data, bool slopes = false) {
    Plan result;
    bool published = false;
    std::string text = genetic_value(default_genetic(), false).print();
    result.method = Genetic{default_genetic(), false};
    if (call.has("method")) {
        const Value& method = call.value("method");
        if (const auto* starts = object_if<MultiStartValue>(method)) {
            result.method = starts->settings;
        } else if (const auto* strategy = object_if<StrategyValue>(method)) {
            result.method = strategy->settings;
        } else {
            const Genetic& genetic =
                call.object<GeneticValue>("method", "method: genetic(), published(), multi_start() or cma()")
                    .settings;
            result.method = genetic;
            published = genetic.published;
        }
        text = method.get_if<Object>()->print();
    }
    result.options.start = call.number("start", 0);
    slopes |= std::holds_alternative<MultiStart>(result.method);
    result.options.solver = solver(call, published || slopes ? "dormand_prince" : "automatic", published,
                                   data, result.options.start);
    result.termination = termination(call, published, result.options.solver);
    if (!std::holds_alternative<Genetic>(result.method)) refuse_genetic_settings(call, result.termination);
    result.polish = polish(call);
    result.options.floor = call.number("floor", result.options.floor);
    if (!(result.options.floor > 0 && result.options.floor <= 1))
        call.fail_at("floor", "floor is a part of the largest value, above 0 and at most 1");
    result.options.observables = formulas(call);
    result.text = text + "; ";
    if (!std::holds_alternative<MultiStart>(result.method))
        result.text += "termination " + termination_value(result.termination).print() + "; ";
    if (std::holds_alternative<Genetic>(result.method))
        result.text += "polish " + (result.polish ? powell_value(*result.polish).print() : "none") + "; ";
    result.text += words(result.options.solver, slopes);
    return result;
}

// The point that argument `name` gives as a record, if it does.
std::optional<std::vector<double>> point(const Call& call, const SearchSpace& space,
                                         const std::string& name) {
    if (!call.has(name)) return std::nullopt;
    const auto* record = call.value(name).get_if<Record>();
    if (!record) call.fail_type(name, "record of the free parameters' values");
    std::vector<double> z;
    for (const auto& coordinate : space.coordinates) {
        const auto found = std::ranges::find(*record, coordinate.name, &Record::value_type::first);
        const auto* value = found == record->end() ? nullptr : found->second.get_if<double>();
        if (!value) call.fail_at(name, "'" + name + "' needs a number for '" + coordinate.name + "'");
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

Measurements measurements(const Call& call) {
    try {
        return read_measurements(call.table("data"), "data", call.number("start", 0));
    } catch (const Error& error) {
        call.fail_at("data", error.what());
    }
}

void identify(Identity& identity, const Call& call, const Plan& chosen) {
    for (const char* name : {"model", "data", "free", "conditions", "whole", "truth", "observables", "at"}) {
        identity.add(name);
        if (call.has(name)) call.value(name).identify(identity);
    }
    identity.add(chosen.text).add(chosen.options.start).add(chosen.options.floor);
}

// identity: of the call. Under it populations and starts are kept as they come.
FitTables search(const Call& call, const Identity& identity, const FitProblem& problem, const Plan& chosen,
                 const std::optional<Evaluated>& truth) {
    const Executor& executor = call.environment.executor;
    const RowKeeper keeper = row_keeper(call.environment, "fit", identity);
    const auto seed = call.seed();
    if (const auto* genetic = std::get_if<Genetic>(&chosen.method))
        return fit_tables(
            problem,
            genetic_fit(problem, genetic->options, chosen.termination, chosen.polish, seed, executor, keeper),
            truth);
    if (const auto* starts = std::get_if<MultiStart>(&chosen.method)) {
        const Sensitivities sensitivities(problem);
        return fit_tables(problem, descend_from_many(sensitivities, starts->starts, starts->descent, seed,
                                                     executor, keeper));
    }
    return fit_tables(problem, strategy_fit(problem, std::get<StrategyOptions>(chosen.method),
                                            chosen.termination, seed, executor, keeper));
}

Value run_fit(Call& call) {
    if (object_if<ProblemValue>(call.value("model"))) return fit_problem(call);
    if (call.has("gradient")) call.fail_at("gradient", "gradient goes with problems alone");
    const Measurements data = measurements(call);
    const Plan chosen = plan(call, data);
    Identity identity("fit", fit_version);
    identify(identity, call, chosen);
    identity.add(static_cast<std::int64_t>(call.seed()));
    const FitProblem posed = problem(call, chosen, data);
    call.environment.integration["fit"] = posed.solver();
    const auto true_z = point(call, posed.space(), "truth");
    FitTables tables;
    auto& work = call.environment.work["fit"];
    if (const auto bytes = call.environment.store.find(identity.hex())) {
        tables = fit_tables_from_bytes(*bytes);
        work.stored += static_cast<std::size_t>(tables.number("evaluations"));
    } else {
        tables = search(call, identity, posed, chosen,
                        true_z ? std::optional(evaluate(posed, *true_z)) : std::nullopt);
        tables.still = insensitive(posed, best_point(posed, tables), call.environment.executor);
        call.environment.store.put(identity.hex(), "fit", to_bytes(tables));
        work.computed += static_cast<std::size_t>(tables.number("evaluations"));
    }
    warn(call, tables);
    return fit_record(tables, chosen.text);
}

// intervals(model, data, free = ..., at = best.best): {intervals, profiles}
Value run_intervals(Call& call) {
    if (object_if<ProblemValue>(call.value("model"))) return intervals_of_problem(call);
    const Measurements data = measurements(call);
    const Plan chosen = plan(call, data, true);
    Identity identity("intervals", intervals_version);
    identify(identity, call, chosen);
    const FitProblem posed = problem(call, chosen, data);
    call.environment.integration["intervals"] = posed.solver();
    (void)call.value("at");
    const auto z = point(call, posed.space(), "at");
    if (!posed.space().contains(*z))
        call.fail_at("at", "the point lies outside of the box of free parameters");
    const Table table = memoised(call.environment, identity, "intervals", [&] {
        const Sensitivities sensitivities(posed);
        return intervals_table(posed.space(),
                               uncertainty(evidence(sensitivities), *z, call.environment.executor));
    });
    return intervals_record(table);
}
}  // namespace

void add_estimate_verbs(Verbs& verbs) {
    add_fit_methods(verbs);
    const std::vector<std::string> posed{"conditions", "observables", "whole",    "start", "floor",
                                         "solver",     "restart",     "max_step", "rtol",  "atol"};
    std::vector<std::string> own{"model",  "data", "free",  "method",  "termination",
                                 "polish", "seed", "truth", "gradient"};
    own.insert(own.end(), posed.begin(), posed.end());
    verbs["fit"] = {"fit", own, run_fit, true};
    own = {"model", "data", "free", "at"};
    own.insert(own.end(), posed.begin(), posed.end());
    verbs["intervals"] = {"intervals", own, run_intervals};
}

}  // namespace rondo
