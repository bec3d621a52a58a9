// model_verbs.cpp: simulate.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/simulate/simulate.h"
#include "runtime/study/objects.h"

namespace rondo {

namespace {

constexpr int simulate_version = 1;

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
    const std::string method = call.text("method", "bdf");
    if (method != "bdf" && method != "adams")
        call.fail_at("method", "there is no method \"" + method + "\"; there are \"bdf\" and \"adams\"");
    result.integrate.method = method == "bdf" ? Method::bdf : Method::adams;
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
    identity.add(static_cast<std::int64_t>(options.integrate.method))
        .add(std::int64_t{options.integrate.max_steps});
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

Value run_simulate(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    const auto chosen = options(call);
    if (!call.has("over")) {
        Run run = simulate(model, chosen);
        if (run.outcome.kind == Outcome::Kind::failed) {
            throw Error(Fault::numerics,
                        "simulate: '" + model.network().id + "' " + describe(run.outcome, chosen.end));
        }
        return std::move(run.table);
    }
    const Table& points = call.table("over");
    Identity identity("simulate", simulate_version);
    call.value("model").identify(identity);
    identify(identity, chosen);
    identity.add(points);
    return memoised(call.environment, identity, "simulate", [&] {
        Runs runs = simulate_over(model, points, "'over'", chosen, call.environment.executor);
        report_failures(call, runs.outcomes, chosen.end);
        return std::move(runs.table);
    });
}

}  // namespace

void add_model_verbs(Verbs& verbs) {
    verbs["simulate"] = {
        "simulate",
        {"model", "span", "points", "steps", "over", "at", "select", "rtol", "atol", "method"},
        run_simulate};
}

}  // namespace rondo
