// model_verbs.cpp: simulate.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/simulate/points.h"
#include "runtime/stochastic/stochastic.h"
#include "runtime/study/objects.h"
#include "runtime/table/columns.h"

namespace rondo {

namespace {

constexpr int simulate_version = 6, stochastic_version = 2;

std::vector<Change> changes(const Call& call) {
    std::vector<Change> result;
    if (!call.has("at")) return result;
    const auto* list = call.value("at").get_if<List>();
    if (!list) call.fail_type("at", "list of records such as [{t = 50, k1 = 0}]");
    for (const auto& item : *list) {
        const auto* record = item.get_if<Record>();
        if (!record) call.fail_type("at", "list of records such as [{t = 50, k1 = 0}]");
        Change change{std::numeric_limits<double>::quiet_NaN(), {}};
        for (const auto& [name, value] : *record) {
            const auto* number = value.get_if<double>();
            if (!number) call.fail_at("at", "'" + name + "' must be a number");
            if (name == "t") {
                change.t = *number;
            } else {
                change.settings.emplace_back(name, *number);
            }
        }
        if (std::isnan(change.t)) call.fail_at("at", "each record needs the time 't' of the change");
        result.push_back(std::move(change));
    }
    return result;
}

SimulateOptions options(const Call& call) {
    SimulateOptions result;
    if (const auto* span = call.value("span").get_if<Range>()) {
        result.start = span->first;
        result.end = span->last;
    } else {
        call.fail_type("span", "range of time such as 0..100");
    }
    if (call.has("points") && call.has("steps"))
        call.fail_at("steps", "give points (rows) or steps (intervals), not both");
    result.points = static_cast<std::size_t>(call.whole("points", 201, 2, 100'000'000));
    if (call.has("steps")) result.points = static_cast<std::size_t>(call.whole("steps", 1, 100'000'000)) + 1;
    if (call.has("select")) result.select = call.texts("select");
    result.changes = changes(call);
    result.integrate.rtol = call.number("rtol", result.integrate.rtol);
    result.integrate.atol = call.number("atol", result.integrate.atol);
    if (const auto method = ensemble_method(call.text("method", "automatic"))) result.method = *method;
    return result;
}

// Those of the stochastic methods, if it is one.
std::optional<StochasticOptions> stochastic_options(const Call& call) {
    const std::string method = call.text("method", "automatic");
    const auto integrates = ensemble_method(method);
    const auto forbid = [&](std::initializer_list<const char*> names, const char* methods) {
        for (const char* name : names)
            if (call.has(name))
                call.fail_at(name, "'" + std::string(name) + "' goes with " + methods + " alone");
    };
    if (integrates) {
        if (runs_in_lanes(*integrates) && !call.has("over"))
            call.fail_at("method",
                         "\"" + method + "\" makes many runs side by side: it goes with 'over' alone");
        forbid({"seed", "runs"}, "method = \"ssa\", \"direct\" or \"next_reaction\"");
        return std::nullopt;
    }
    forbid({"rtol", "atol"}, "methods that integrate");
    StochasticOptions result;
    if (method == "next_reaction") result.method = JumpMethod::next_reaction;
    if (method != "ssa" && method != "direct" && method != "next_reaction")
        call.fail_at("method", "there is no method \"" + method +
                                   "\"; there are \"automatic\", \"bdf\", \"adams\", \"dop853\", \"tsit5\", "
                                   "\"rodas5p\", \"ssa\", \"direct\" and \"next_reaction\"");
    result.seed = call.seed();
    result.runs = static_cast<std::size_t>(call.whole("runs", 1, 1, 1'000'000'000));
    if (call.has("over") && call.has("runs"))
        call.fail_at("runs", "give runs or 'over' (one run a row), not both");
    return result;
}

void identify(Identity& identity, const SimulateOptions& options) {
    identity.add(options.start).add(options.end).add(static_cast<std::int64_t>(options.points));
    for (const auto& name : options.select) identity.add(name);
    for (const auto& change : options.changes) {
        identity.add("at").add(change.t);
        for (const auto& [name, value] : change.settings) identity.add(name).add(value);
    }
    identity.add(options.integrate.rtol).add(options.integrate.atol);
    identity.add(static_cast<std::int64_t>(options.method)).add(std::int64_t{options.integrate.max_steps});
}

// Not how many runs there are: each is itself among fewer and among more.
void identify(Identity& identity, const StochasticOptions& options) {
    identity.add("stochastic").add(std::int64_t{stochastic_version});
    identity.add(static_cast<std::int64_t>(options.method)).add(static_cast<std::int64_t>(options.seed));
}

// Failed runs are rows: counted and reported, an error only if every run failed.
void report_failures(const Call& call, const std::vector<Outcome>& outcomes, double end) {
    const auto failed = [](const Outcome& outcome) { return outcome.kind == Outcome::Kind::failed; };
    const auto count = std::ranges::count_if(outcomes, failed);
    if (count == 0) return;
    const auto first = std::ranges::find_if(outcomes, failed);
    const std::string text = "simulate: " + std::to_string(count) + " of " + std::to_string(outcomes.size()) +
                             " runs failed; run " + std::to_string(first - outcomes.begin() + 1) + " " +
                             describe(*first, end);
    if (count == static_cast<std::ptrdiff_t>(outcomes.size())) throw Error(Fault::numerics, text);
    call.environment.warn(text);
}

// "cost", if that is the summary wanted of runs that are integrated.
bool wants_cost(const Call& call) {
    const std::string summary = call.text("summary", "");
    if (summary.empty()) return false;
    if (summary != "cost")
        call.fail_at("summary",
                     "there is no summary \"" + summary + "\" of integrated runs; there is \"cost\"");
    if (!call.has("over")) call.fail_at("summary", "the cost is of many runs: it goes with 'over'");
    return true;
}

// What each run took, beside the columns of its point.
Table cost_table(const Table& points, const std::vector<Outcome>& outcomes) {
    std::vector<double> run;
    for (std::size_t i = 1; i <= outcomes.size(); ++i) run.push_back(static_cast<double>(i));
    Table table;
    table.set("run", std::move(run));
    const Table beside = set_aside(points, {"run", "end", "steps", "rhs_calls", "jacobian_calls"});
    for (const auto& column : beside.columns()) table.set(column);
    set_column(table, "end", outcomes, &Outcome::t);
    set_column(table, "steps", outcomes, &Outcome::steps);
    set_column(table, "rhs_calls", outcomes, &Outcome::rhs_calls);
    set_column(table, "jacobian_calls", outcomes, &Outcome::jacobian_calls);
    return table;
}

bool wants_moments(const Call& call) {
    const std::string summary = call.text("summary", "");
    if (summary.empty()) return false;
    if (summary != "moments")
        call.fail_at("summary", "there is no summary \"" + summary + "\"; there is \"moments\"");
    if (call.has("over")) call.fail_at("summary", "the runs of 'over' differ in more than chance");
    if (call.whole("runs", 1, 1, 1'000'000'000) < 2) call.fail_at("summary", "moments need at least 2 runs");
    return true;
}

Value run_stochastic(Call& call, const Model& model, const SimulateOptions& chosen,
                     const StochasticOptions& stochastic) {
    const bool moments = wants_moments(call);
    Identity identity("simulate", simulate_version);
    call.value("model").identify(identity);
    identify(identity, chosen);
    identify(identity, stochastic);
    identity.add(moments ? "moments" : "");
    const Executor& executor = call.environment.executor;
    const RowKeeper keeper = row_keeper(call.environment, "simulate", identity);
    Runs runs = moments            ? stochastic_moments(model, chosen, stochastic, executor, keeper)
                : call.has("over") ? simulate_stochastic_over(model, call.table("over"), "'over'", chosen,
                                                              stochastic, executor, keeper)
                                   : simulate_stochastic(model, chosen, stochastic, executor, keeper);
    report_failures(call, runs.outcomes, chosen.end);
    return std::move(runs.table);
}

Value run_simulate(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    const auto chosen = options(call);
    if (const auto stochastic = stochastic_options(call))
        return run_stochastic(call, model, chosen, *stochastic);
    const bool cost = wants_cost(call);
    if (!call.has("over")) {
        Run run = simulate(model, chosen);
        if (run.outcome.kind == Outcome::Kind::failed) {
            throw Error(Fault::numerics,
                        "simulate: '" + model.network().id + "' " + describe(run.outcome, chosen.end));
        }
        return std::move(run.table);
    }
    Identity identity("simulate", simulate_version);
    call.value("model").identify(identity);
    identify(identity, chosen);
    Runs runs = simulate_over(model, call.table("over"), "'over'", chosen, call.environment.executor,
                              row_keeper(call.environment, "simulate", identity));
    report_failures(call, runs.outcomes, chosen.end);
    return cost ? cost_table(call.table("over"), runs.outcomes) : std::move(runs.table);
}

}  // namespace

void add_model_verbs(Verbs& verbs) {
    verbs["simulate"] = {"simulate",
                         {"model", "span", "points", "steps", "over", "at", "select", "rtol", "atol",
                          "method", "seed", "runs", "summary"},
                         run_simulate,
                         true,
                         [](const Call& call) { return stochastic_options(call).has_value(); }};
}

}  // namespace rondo
