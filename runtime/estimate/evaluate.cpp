#include "runtime/estimate/evaluate.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "runtime/estimate/travel.h"
#include "runtime/table/bytes.h"
#include "runtime/table/columns.h"

namespace rondo {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Runs that take less are done sooner than sent.
constexpr std::chrono::microseconds worth_sending(1000);

// All points together: else written down sooner than made again.
constexpr std::chrono::milliseconds worth_keeping(10);

Evaluated evaluate_below(const FitProblem& problem, std::vector<double> z, double limit) {
    Simulation simulation(problem, z);
    do {
        simulation.advance();
    } while (!simulation.finished() && simulation.bound() <= limit);
    return outcome(simulation, std::move(z));
}

// The points, and the rule with each of them: boundaries change from one generation to the next, and the
// setup need not be sent again.
Table items_of(const std::vector<std::vector<double>>& points, const StopRule& rule) {
    Table items;
    pack_rows(items, "z", points);
    const std::vector<std::vector<double>> rows(points.size(), rule.boundary);
    pack_rows(items, "boundary", rows);
    items.set("grace", std::vector<double>(points.size(), static_cast<double>(rule.grace)));
    items.set("limit", std::vector<double>(points.size(), rule.limit.value_or(nan)));
    return items;
}

StopRule rule_of(const Table& items) {
    StopRule rule;
    rule.boundary = unpacked_numbers(items, "boundary");
    rule.grace = static_cast<std::size_t>(items.numbers("grace")[0]);
    if (const double limit = items.numbers("limit")[0]; !std::isnan(limit)) rule.limit = limit;
    return rule;
}

Table answer_of(const std::vector<Evaluated>& points) {
    Table table;
    set_column(table, "fitness", points, &Evaluated::fitness);
    set_column(table, "stopped", points, &Evaluated::stopped);
    set_column(table, "failed", points, &Evaluated::failed);
    set_column(table, "stop", points, &Evaluated::stop);
    set_column(table, "calls", points, &Evaluated::calls);
    set_column(table, "running", points, &Evaluated::running);
    return table;
}

Evaluated answered(const Table& answer, std::size_t row, std::vector<double> z) {
    return {.z = std::move(z),
            .fitness = answer.numbers("fitness")[row],
            .stopped = answer.numbers("stopped")[row] != 0,
            .failed = answer.numbers("failed")[row] != 0,
            .stop = static_cast<std::size_t>(answer.numbers("stop")[row]),
            .calls = static_cast<long>(answer.numbers("calls")[row]),
            .running = unpacked_numbers(answer, "running", row)};
}

std::vector<Evaluated> evaluate_with_helpers(const FitProblem& problem,
                                             const std::vector<std::vector<double>>& points,
                                             const Executor& executor, const StopRule& rule) {
    std::vector<Evaluated> result(points.size());
    const Table items = items_of(points, rule);
    RowMap map{.what = "evaluating", .points = items, .block = points.size()};
    map.serve = one_by_one([&](std::size_t row) { result[row] = evaluate(problem, points[row], rule); });
    map.take = [&](RowMap::Rows rows, const Table& answer) {
        for (std::size_t i = 0; i < rows.size(); ++i) result[rows[i]] = answered(answer, i, points[rows[i]]);
    };
    if (const auto setup = packed(problem, "evaluate")) map.setup = to_bytes(*setup);
    run_rows(map, executor, {});
    return result;
}

}  // namespace

Evaluated outcome(const Simulation& simulation, std::vector<double> z) {
    Evaluated result;
    result.z = std::move(z);
    result.failed = simulation.failed();
    result.stopped = !simulation.finished();
    if (result.valid()) result.fitness = simulation.bound();
    result.stop = simulation.index();
    result.calls = simulation.calls();
    return result;
}

Evaluated evaluate(const FitProblem& problem, std::vector<double> z, const StopRule& rule) {
    if (rule.limit) return evaluate_below(problem, std::move(z), *rule.limit);
    Simulation simulation(problem, z);
    std::vector<double> running(problem.times(), nan);
    bool beyond = false;
    while (!simulation.finished() && !beyond) {
        simulation.advance();
        const std::size_t j = simulation.index();
        running[j - 1] = simulation.running();
        beyond = !simulation.failed() && !rule.boundary.empty() && j > rule.grace &&
                 running[j - 1] > rule.boundary[j - 1];
    }
    Evaluated result = outcome(simulation, std::move(z));
    result.running = std::move(running);
    if (beyond) {  // perhaps at the last time
        result.stopped = true;
        result.fitness = std::numeric_limits<double>::infinity();
    }
    return result;
}

std::vector<Evaluated> evaluate_all(const FitProblem& problem, const std::vector<std::vector<double>>& points,
                                    const Executor& executor, const StopRule& rule) {
    std::vector<Evaluated> result(points.size());
    if (executor.crew() && !points.empty()) {
        const auto begun = std::chrono::steady_clock::now();
        result[0] = evaluate(problem, points[0], rule);
        if (std::chrono::steady_clock::now() - begun > worth_sending)
            return evaluate_with_helpers(problem, points, executor, rule);
    }
    executor.map("evaluating", points.size(),
                 [&](int, std::size_t i) { result[i] = evaluate(problem, points[i], rule); });
    return result;
}

std::vector<Evaluated> kept_or(const RowKeeper& keeper, const std::vector<std::vector<double>>& points,
                               const std::function<std::vector<Evaluated>()>& make) {
    if (!keeper.find || !keeper.keep) return make();
    Table items;
    pack_rows(items, "z", points);
    if (const auto kept = keeper.find(items)) {
        std::vector<Evaluated> result;
        for (std::size_t i = 0; i < points.size(); ++i) result.push_back(answered(*kept, i, points[i]));
        return result;
    }
    const auto begun = std::chrono::steady_clock::now();
    std::vector<Evaluated> made = make();
    if (std::chrono::steady_clock::now() - begun > worth_keeping) {
        const RowKeeper::Block block{items, answer_of(made), true};
        keeper.keep(std::span(&block, 1));
    }
    return made;
}

std::function<Table(const Table&, const Executor&)> evaluate_part(const Table& setup) {
    const auto problem = problem_from(setup);
    return [problem](const Table& items, const Executor& executor) {
        return answer_of(evaluate_all(*problem, points_of(items), executor, rule_of(items)));
    };
}

}  // namespace rondo
