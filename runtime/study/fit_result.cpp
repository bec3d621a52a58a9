#include "runtime/study/fit_result.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <span>

#include "dsl/syntax/error.h"
#include "runtime/table/bytes.h"
#include "runtime/table/columns.h"

namespace rondo {
namespace {

using Numbers = std::vector<double>;

Table one_row(const std::vector<std::pair<std::string, double>>& cells) {
    Table table;
    for (const auto& [name, value] : cells) table.set(name, Numbers{value});
    return table;
}

// A column of values for each coordinate of the points' z.
template <class Points>
Table points(const FitProblem& problem, const Points& all) {
    Table table;
    for (std::size_t i = 0; i < problem.space().size(); ++i) {
        const Coordinate& coordinate = problem.space().coordinates[i];
        set_column(table, coordinate.name, all,
                   [&](const auto& each) { return coordinate.value(each.z[i]); });
    }
    return table;
}

std::string hexadecimal(std::uint64_t hash) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

Table history_table(const std::vector<Generation>& history) {
    Numbers generation;
    for (std::size_t i = 0; i < history.size(); ++i) generation.push_back(static_cast<double>(i));
    Table table;
    table.set("generation", std::move(generation));
    set_column(table, "calls", history, &Generation::calls);
    set_column(table, "best", history, &Generation::best);
    set_column(table, "median", history, &Generation::median);
    set_column(table, "finished", history, &Generation::valid);
    set_column(table, "expansion", history, &Generation::expansion);
    set_column(table, "hash", history, [](const Generation& g) { return hexadecimal(g.hash); });
    return table;
}

Table stops_table(const FitProblem& problem, const Tally& tally) {
    Numbers index, time, stopped;
    for (std::size_t j = 1; j <= problem.times(); ++j) {
        index.push_back(static_cast<double>(j));
        time.push_back(problem.data().times[j - 1]);
        stopped.push_back(static_cast<double>(tally.stops()[j]));
    }
    Table table;
    table.set("index", std::move(index));
    table.set("time", std::move(time));
    table.set("stopped", std::move(stopped));
    return table;
}

Table groups_table(const Tally& tally) {
    Table table;
    if (tally.groups().empty()) return table;
    Numbers value, evaluated, stopped, mean_stop;
    for (const auto& [number, group] : tally.groups()) {
        value.push_back(number);
        evaluated.push_back(static_cast<double>(group.evaluated));
        stopped.push_back(static_cast<double>(group.stopped));
        mean_stop.push_back(group.stop_sum / static_cast<double>(group.stopped));
    }
    table.set("value", std::move(value));
    table.set("evaluated", std::move(evaluated));
    table.set("stopped", std::move(stopped));
    table.set("mean_stop", std::move(mean_stop));
    return table;
}

Table population_table(const FitProblem& problem, std::vector<Evaluated> members) {
    std::ranges::stable_sort(members, {}, &Evaluated::fitness);
    Table table = points(problem, members);
    set_column(table, "fitness", members, &Evaluated::fitness);
    return table;
}

Table polished_table(const FitProblem& problem, const std::vector<Polished>& polished) {
    if (polished.empty()) return {};
    Table table = points(problem, polished);
    set_column(table, "start", polished, [](const Polished& one) { return one.start.fitness; });
    set_column(table, "fitness", polished, &Polished::fitness);
    set_column(table, "asked", polished, &Polished::asked);
    set_column(table, "calls", polished, [](const Polished& one) { return one.tally.calls(); });
    set_column(table, "hash", polished, [](const Polished& one) { return hexadecimal(one.hash); });
    return table;
}

Table boundary_table(const FitProblem& problem, const std::vector<Generation>& history) {
    if (history.back().boundary.empty()) return {};
    Numbers generation, index, time, quantile, boundary;
    for (const std::size_t quarter : {1, 2, 3, 4}) {
        const std::size_t g = (history.size() - 1) * quarter / 4;
        for (std::size_t j = 0; j < problem.times(); ++j) {
            generation.push_back(static_cast<double>(g));
            index.push_back(static_cast<double>(j + 1));
            time.push_back(problem.data().times[j]);
            quantile.push_back(history[g].quantiles[j]);
            boundary.push_back(history[g].boundary[j]);
        }
    }
    Table table;
    table.set("generation", std::move(generation));
    table.set("index", std::move(index));
    table.set("time", std::move(time));
    table.set("quantile", std::move(quantile));
    table.set("boundary", std::move(boundary));
    return table;
}

bool rejects(const Generation& generation, const Evaluated& truth) {
    for (std::size_t j = 0; j < generation.boundary.size(); ++j)
        if (truth.running[j] > generation.boundary[j]) return true;
    return false;
}

// A table's row as a record.
Record row(const Table& table) {
    Record record;
    for (const auto& column : table.columns()) record.emplace_back(column.name, column.numbers()[0]);
    return record;
}

std::array<Table FitTables::*, 8> parts() {
    return {&FitTables::best,   &FitTables::numbers,    &FitTables::history,  &FitTables::stops,
            &FitTables::groups, &FitTables::population, &FitTables::polished, &FitTables::boundary};
}

}  // namespace

FitTables fit_tables(const FitProblem& problem, const GeneticFit& fit,
                     const std::optional<Evaluated>& truth) {
    FitTables tables;
    tables.best = points(problem, std::span(&fit, 1));
    Tally polishing(problem);
    for (const auto& one : fit.polished) polishing.add(one.tally);
    const auto number = [](long value) { return static_cast<double>(value); };
    tables.numbers = one_row({{"fitness", fit.fitness},
                              {"initial", number(fit.evolved.initial.calls())},
                              {"search", number(fit.evolved.offspring.calls())},
                              {"polish", number(polishing.calls())},
                              {"total", number(fit.all.calls())},
                              {"evaluations", number(fit.all.evaluations())},
                              {"stopped", number(fit.all.stopped())},
                              {"failed", number(fit.all.failed())},
                              {"mean_stop", fit.all.mean_stop()}});
    if (truth) {
        const auto rejected =
            std::ranges::count_if(fit.evolved.history, [&](const auto& g) { return rejects(g, *truth); });
        tables.numbers.set("truth_fitness", Numbers{truth->fitness});
        tables.numbers.set("truth_rejected", Numbers{number(rejected)});
        tables.numbers.set("truth_rejected_at_end",
                           Numbers{rejects(fit.evolved.history.back(), *truth) ? 1.0 : 0.0});
    }
    tables.history = history_table(fit.evolved.history);
    tables.stops = stops_table(problem, fit.all);
    tables.groups = groups_table(fit.all);
    tables.population = population_table(problem, fit.evolved.population);
    tables.polished = polished_table(problem, fit.polished);
    tables.boundary = boundary_table(problem, fit.evolved.history);
    return tables;
}

FitTables fit_tables(const FitProblem& problem, const std::vector<Descent>& descents) {
    FitTables tables;
    std::vector<Evaluated> ends;
    Numbers start, calls, best, fitness, squares, trials, converged;
    double total = 0, evaluations = 0, failed = 0, least = std::numeric_limits<double>::infinity();
    for (const Descent& descent : descents) {
        Evaluated end = evaluate(problem, descent.z);
        total += static_cast<double>(descent.calls + end.calls);
        evaluations += static_cast<double>(descent.trials + 1);
        failed += end.failed;
        least = std::min(least, end.fitness);
        start.push_back(static_cast<double>(start.size() + 1));
        calls.push_back(total);
        best.push_back(least);
        fitness.push_back(end.fitness);
        squares.push_back(descent.value);
        trials.push_back(static_cast<double>(descent.trials));
        converged.push_back(descent.converged);
        ends.push_back(std::move(end));
    }
    if (!std::isfinite(least))
        throw Error(Fault::numerics,
                    "no start can be simulated to the end of the data; narrow the box of free parameters");
    tables.best = points(problem, std::span(&*std::ranges::min_element(ends, {}, &Evaluated::fitness), 1));
    tables.numbers = one_row({{"fitness", least},
                              {"search", total},
                              {"total", total},
                              {"evaluations", evaluations},
                              {"stopped", 0},
                              {"failed", failed}});
    tables.history.set("start", std::move(start));
    tables.history.set("calls", std::move(calls));
    tables.history.set("best", std::move(best));
    tables.history.set("fitness", std::move(fitness));
    tables.history.set("squares", std::move(squares));
    tables.history.set("trials", std::move(trials));
    tables.history.set("converged", std::move(converged));
    tables.population = population_table(problem, std::move(ends));
    return tables;
}

FitTables fit_tables(const FitProblem& problem, const StrategyFit& fit) {
    FitTables tables;
    tables.best = points(problem, std::span(&fit, 1));
    const auto number = [](long value) { return static_cast<double>(value); };
    tables.numbers = one_row({{"fitness", fit.fitness},
                              {"search", number(fit.tally.calls())},
                              {"total", number(fit.tally.calls())},
                              {"evaluations", number(fit.tally.evaluations())},
                              {"stopped", number(fit.tally.stopped())},
                              {"failed", number(fit.tally.failed())},
                              {"mean_stop", fit.tally.mean_stop()}});
    Numbers restart, evaluations, calls, best, step;
    for (const auto& generation : fit.history) {
        restart.push_back(number(static_cast<long>(generation.restart)));
        evaluations.push_back(number(generation.evaluations));
        calls.push_back(number(generation.calls));
        best.push_back(generation.best);
        step.push_back(generation.step);
    }
    tables.history.set("restart", std::move(restart));
    tables.history.set("evaluations", std::move(evaluations));
    tables.history.set("calls", std::move(calls));
    tables.history.set("best", std::move(best));
    tables.history.set("step", std::move(step));
    tables.stops = stops_table(problem, fit.tally);
    tables.groups = groups_table(fit.tally);
    return tables;
}

std::vector<double> best_point(const FitProblem& problem, const FitTables& tables) {
    std::vector<double> z;
    for (const auto& coordinate : problem.space().coordinates)
        z.push_back(coordinate.at(tables.best.numbers(coordinate.name)[0]));
    return z;
}

std::string to_bytes(const FitTables& tables) {
    std::string bytes;
    const auto add = [&](const Table& table) {
        const std::string part = to_bytes(table);
        const auto size = static_cast<std::uint64_t>(part.size());
        bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
        bytes += part;
    };
    for (const auto part : parts()) add(tables.*part);
    Table still;
    still.set("name", tables.still);
    add(still);
    return bytes;
}

FitTables fit_tables_from_bytes(std::string_view bytes) {
    const auto next = [&] {
        std::uint64_t size = 0;
        if (bytes.size() < sizeof size) throw Error(Fault::input, "the stored fit is cut off");
        std::memcpy(&size, bytes.data(), sizeof size);
        const Table table = table_from_bytes(bytes.substr(sizeof size, size));
        bytes.remove_prefix(sizeof size + size);
        return table;
    };
    FitTables tables;
    for (const auto part : parts()) tables.*part = next();
    tables.still = next().at("name").texts();
    return tables;
}

Value fit_record(const FitTables& tables, const std::string& settings) {
    const auto some = [&](std::initializer_list<const char*> names) {
        Record record;
        for (const char* name : names)
            if (tables.numbers.find(name)) record.emplace_back(name, tables.number(name));
        return record;
    };
    Record record{{"best", row(tables.best)},
                  {"fitness", tables.number("fitness")},
                  {"calls", some({"initial", "search", "polish", "total"})},
                  {"evaluations", some({"evaluations", "stopped", "failed"})}};
    if (tables.numbers.find("mean_stop")) record.emplace_back("mean_stop", tables.number("mean_stop"));
    record.emplace_back("history", tables.history);
    if (tables.stops.width()) record.emplace_back("stops", tables.stops);
    if (tables.population.width()) record.emplace_back("population", tables.population);
    if (tables.groups.width()) record.emplace_back("groups", tables.groups);
    if (tables.polished.width()) record.emplace_back("polished", tables.polished);
    if (tables.boundary.width()) record.emplace_back("boundary", tables.boundary);
    if (tables.numbers.find("truth_fitness"))
        record.emplace_back("truth", Record{{"fitness", tables.number("truth_fitness")},
                                            {"rejected", tables.number("truth_rejected")},
                                            {"rejected_at_end", tables.number("truth_rejected_at_end") > 0}});
    record.emplace_back("settings", settings);
    return record;
}

}  // namespace rondo
