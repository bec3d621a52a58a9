#include "runtime/estimate/evaluate.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "runtime/estimate/lane_runs.h"
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

// What a score has come to.
Evaluated outcome_of(const RunningObjective& score) {
    Evaluated result;
    result.failed = score.failed();
    result.stopped = !score.finished();
    if (result.valid()) result.fitness = score.bound();
    result.stop = score.index();
    return result;
}

Evaluated evaluate_alone(const FitProblem& problem, const std::vector<double>& z, const StopRule& rule) {
    Simulation simulation(problem, z);
    Evaluated result = follow(
        simulation, [&] { simulation.advance(); }, rule);
    result.z = z;
    result.calls = simulation.calls();
    return result;
}

using Points = std::vector<std::vector<double>>;

// Points whose numbers come from the feed, by the problem's solver; one call a worker.
void evaluate_fed(const FitProblem& problem, const Points& points, const StopRule& rule, Feed& numbers,
                  const std::function<void(std::size_t point, Evaluated)>& take) {
    if (problem.ensemble()) return evaluate_in_lanes(problem, points, rule, numbers, take);
    while (const auto point = numbers.next()) {
        take(*point, evaluate_alone(problem, points[*point], rule));
        numbers.done();
    }
}

class FeedOfOne final : public Feed {
  public:
    std::optional<std::size_t> next() override {
        if (handed_out_) return std::nullopt;
        handed_out_ = true;
        return 0;
    }
    void done() override {}
    bool stopping() const override { return false; }

  private:
    bool handed_out_ = false;
};

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

std::vector<Evaluated> evaluate_with_helpers(const FitProblem& problem, const Points& points,
                                             const Executor& executor, const StopRule& rule) {
    std::vector<Evaluated> result(points.size());
    const Table items = items_of(points, rule);
    RowMap map{.what = "evaluating", .points = items, .block = points.size()};
    map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
        evaluate_fed(problem, points, rule, rows, [&](std::size_t row, Evaluated evaluated) {
            result[row] = std::move(evaluated);
            done(row);
        });
    };
    map.take = [&](RowMap::Rows rows, const Table& answer) {
        for (std::size_t i = 0; i < rows.size(); ++i) result[rows[i]] = answered(answer, i, points[rows[i]]);
    };
    if (const auto setup = packed(problem, "evaluate")) map.setup = to_bytes(*setup);
    run_rows(map, executor, {});
    return result;
}

}  // namespace

Evaluated outcome(const Simulation& simulation, std::vector<double> z) {
    Evaluated result = outcome_of(simulation);
    result.z = std::move(z);
    result.calls = simulation.calls();
    return result;
}

Evaluated follow(RunningObjective& score, const std::function<void()>& advance, const StopRule& rule) {
    if (rule.limit) {
        do {
            advance();
        } while (!score.finished() && score.bound() <= *rule.limit);
        return outcome_of(score);
    }
    std::vector<double> running(score.times(), nan);
    bool beyond = false;
    while (!score.finished() && !beyond) {
        advance();
        const std::size_t j = score.index();
        running[j - 1] = score.running();
        beyond = !score.failed() && !rule.boundary.empty() && j > rule.grace &&
                 running[j - 1] > rule.boundary[j - 1];
    }
    Evaluated result = outcome_of(score);
    result.running = std::move(running);
    if (beyond) {  // perhaps at the last time
        result.stopped = true;
        result.fitness = std::numeric_limits<double>::infinity();
    }
    return result;
}

Evaluated evaluate(const FitProblem& problem, std::vector<double> z, const StopRule& rule) {
    const Points points{std::move(z)};
    FeedOfOne feed;
    Evaluated result;
    evaluate_fed(problem, points, rule, feed,
                 [&](std::size_t, Evaluated found) { result = std::move(found); });
    return result;
}

std::vector<Evaluated> evaluate_all(const FitProblem& problem, const Points& points, const Executor& executor,
                                    const StopRule& rule) {
    std::vector<Evaluated> result(points.size());
    if (executor.crew() && !points.empty()) {
        const auto begun = std::chrono::steady_clock::now();
        result[0] = evaluate(problem, points[0], rule);
        if (std::chrono::steady_clock::now() - begun > worth_sending)
            return evaluate_with_helpers(problem, points, executor, rule);
    }
    // Whoever works in lanes takes many points at once.
    const std::size_t at_once =
        problem.ensemble() ? static_cast<std::size_t>(problem.ensemble()->lanes()) : 1;
    const Executor workers = executor.at_most((points.size() + at_once - 1) / at_once);
    workers.feed("evaluating", points.size(), [&](int, Feed& numbers) {
        evaluate_fed(problem, points, rule, numbers,
                     [&](std::size_t i, Evaluated found) { result[i] = std::move(found); });
    });
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
