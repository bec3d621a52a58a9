#include "runtime/stochastic/stochastic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/simulate/points.h"
#include "runtime/simulate/run_values.h"
#include "runtime/simulate/travel.h"
#include "runtime/stochastic/moments.h"
#include "runtime/table/bytes.h"

namespace rondo {
namespace {

constexpr std::size_t most_blocks = 256;  // of runs whose moments are found side by side

// Columns of the items of a map: which stream of random numbers a run takes; where a block of runs begins and
// ends. No input has such a name.
const std::string stream = "#stream", block_begin = "#begin", block_end = "#end";

// What all runs share.
class JumpRuns {
  public:
    JumpRuns(Model model, SimulateOptions options, const StochasticOptions& stochastic)
        : model_(std::move(model)),
          options_(std::move(options)),
          stochastic_(stochastic),
          names_(selected(model_, options_)),
          times_(output_times(options_)),
          process_(model_, names_),
          changes_(interventions(process_.code(), options_)) {}

    const Model& model() const { return model_; }
    const std::vector<std::string>& names() const { return names_; }
    const std::vector<double>& times() const { return times_; }
    std::size_t width() const { return times_.size() * names_.size(); }

    std::unique_ptr<Walk> walk(const Executor& executor) const {
        return make_walk(process_, stochastic_.method, executor);
    }
    // rows: [times][names]
    Outcome run(Walk& walk, std::size_t item, std::span<const double> inputs, std::span<double> rows) const {
        return walk.run(inputs, times_, changes_, Random(stochastic_.seed, "ssa", item), rows);
    }

    // Empty if the model cannot travel, or nobody would hear of it.
    std::string setup(const std::string& task, const Executor& executor) const {
        if (!executor.crew()) return {};
        auto row = packed(model_);
        if (!row) return {};
        SimulateOptions options = options_;
        options.select = names_;
        pack(*row, options);
        pack(*row, "task", task);
        pack(*row, "seed", std::to_string(stochastic_.seed));
        pack(*row, "method", std::vector<double>{static_cast<double>(stochastic_.method)});
        return to_bytes(*row);
    }
    static JumpRuns from_setup(const Table& row) {
        StochasticOptions stochastic;
        stochastic.seed = std::stoull(unpacked_text(row, "seed"));
        stochastic.method = static_cast<JumpMethod>(unpacked_numbers(row, "method")[0]);
        return {unpacked_model(row), unpacked_options(row), stochastic};
    }

  private:
    Model model_;
    SimulateOptions options_;
    StochasticOptions stochastic_;
    std::vector<std::string> names_;
    std::vector<double> times_;
    JumpProcess process_;
    std::vector<Intervention> changes_;
};

void check(const Model& model, const SimulateOptions& options, const StochasticOptions& stochastic) {
    check_options(model, options);
    if (stochastic.runs < 1) throw Error(Fault::input, "simulate: runs must be at least 1");
}

std::string work(const JumpRuns& ensemble) {
    return "simulating " + ensemble.model().network().id;
}

// ---- runs as they are ----

// 0, 1, ..., as many as there are runs.
std::vector<double> streams(std::size_t runs) {
    std::vector<double> numbers(runs);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

// [rows][inputs], or one for all rows where the items say nothing of inputs.
std::vector<std::vector<double>> inputs_of(const JumpRuns& ensemble, const Table& items) {
    const Model& model = ensemble.model();
    const Table settings = items.without(stream);
    if (settings.width() == 0) {
        model.check_inputs(model.inputs());
        return {{model.inputs().begin(), model.inputs().end()}};
    }
    return point_inputs(model, settings, match_columns(model.system(), settings, "points"), "points");
}

RunValues run_all(const JumpRuns& ensemble, const Table& items, const Executor& executor,
                  const RowKeeper& keeper) {
    const auto inputs = inputs_of(ensemble, items);
    const auto numbers = items.numbers(stream);
    RunValues runs(items.rows(), ensemble.width());
    RowMap map{.what = work(ensemble), .points = items, .block = kept_runs(ensemble.width())};
    map.give = [&](RowMap::Rows rows) { return to_kept(runs, rows); };
    map.take = [&](RowMap::Rows rows, const Table& kept) { from_kept(kept, rows, runs); };
    map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
        const auto walk = ensemble.walk(executor);
        while (const auto row = rows.next()) {
            runs.outcomes[*row] =
                ensemble.run(*walk, static_cast<std::size_t>(numbers[*row]),
                             inputs[inputs.size() == 1 ? 0 : *row], {runs.of(*row), runs.run_size});
            done(*row);
            rows.done();
        }
    };
    map.setup = ensemble.setup("jump", executor);
    const auto account = run_rows(map, executor, keeper);
    if (keeper.account) keeper.account(account);
    return runs;
}

// The quantities' columns, below each other by run.
void add_columns(Table& table, const JumpRuns& ensemble, const RunValues& runs) {
    const std::size_t width = ensemble.names().size();
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> column(table.rows());
        for (std::size_t i = 0; i < column.size(); ++i) column[i] = runs.values[i * width + k];
        table.set(ensemble.names()[k], std::move(column));
    }
}

// ---- runs as their moments ----

// A block of runs, added up in order.
struct Block {
    Moments moments;
    std::vector<std::pair<std::size_t, Outcome>> failures;  // by run
};

Block run_block(const JumpRuns& ensemble, Walk& walk, std::size_t begin, std::size_t end,
                const Executor& executor) {
    Block block{Moments(ensemble.width()), {}};
    std::vector<double> rows(ensemble.width());
    for (std::size_t run = begin; run < end; ++run) {
        executor.throw_if_stopping();
        Outcome outcome = ensemble.run(walk, run, ensemble.model().inputs(), rows);
        if (outcome.kind == Outcome::Kind::finished)
            block.moments.add(rows);
        else
            block.failures.emplace_back(run, std::move(outcome));
    }
    return block;
}

Table to_kept(const std::vector<std::optional<Block>>& blocks, RowMap::Rows rows) {
    std::vector<std::string> moments, failures;
    for (const std::size_t row : rows) {
        moments.push_back(to_bytes(blocks[row]->moments.packed()));
        std::vector<double> run, t;
        std::vector<std::string> reason;
        for (const auto& [number, outcome] : blocks[row]->failures) {
            run.push_back(static_cast<double>(number));
            t.push_back(outcome.t);
            reason.push_back(outcome.reason);
        }
        Table failed;
        failed.set("run", std::move(run));
        failed.set("t", std::move(t));
        failed.set("reason", std::move(reason));
        failures.push_back(to_bytes(failed));
    }
    Table table;
    table.set("moments", std::move(moments));
    table.set("failures", std::move(failures));
    return table;
}

void from_kept(const Table& table, RowMap::Rows rows, std::vector<std::optional<Block>>& blocks) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Block block{Moments::from(table_from_bytes(table.at("moments").texts()[i])), {}};
        const Table failed = table_from_bytes(table.at("failures").texts()[i]);
        for (std::size_t k = 0; k < failed.rows(); ++k) {
            Outcome outcome;
            outcome.kind = Outcome::Kind::failed;
            outcome.t = failed.numbers("t")[k];
            outcome.reason = failed.at("reason").texts()[k];
            block.failures.emplace_back(static_cast<std::size_t>(failed.numbers("run")[k]),
                                        std::move(outcome));
        }
        blocks[rows[i]] = std::move(block);
    }
}

std::vector<std::optional<Block>> run_blocks(const JumpRuns& ensemble, const Table& items,
                                             const Executor& executor, const RowKeeper& keeper) {
    std::vector<std::optional<Block>> blocks(items.rows());
    const auto begin = items.numbers(block_begin), end = items.numbers(block_end);
    RowMap map{.what = work(ensemble), .points = items, .block = 1};
    map.give = [&](RowMap::Rows rows) { return to_kept(blocks, rows); };
    map.take = [&](RowMap::Rows rows, const Table& kept) { from_kept(kept, rows, blocks); };
    map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
        const auto walk = ensemble.walk(executor);
        while (const auto row = rows.next()) {
            blocks[*row] = run_block(ensemble, *walk, static_cast<std::size_t>(begin[*row]),
                                     static_cast<std::size_t>(end[*row]), executor);
            done(*row);
            rows.done();
        }
    };
    map.setup = ensemble.setup("moments", executor);
    const auto account = run_rows(map, executor, keeper);
    if (keeper.account) keeper.account(account);
    return blocks;
}

Table moments_table(const JumpRuns& ensemble, const Moments& moments) {
    Table table;
    table.set("time", ensemble.times());
    const std::size_t width = ensemble.names().size();
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> mean, deviation;
        for (std::size_t row = 0; row < ensemble.times().size(); ++row) {
            mean.push_back(moments.mean(row * width + k));
            deviation.push_back(std::sqrt(moments.variance(row * width + k)));
        }
        table.set(ensemble.names()[k] + "_mean", std::move(mean));
        table.set(ensemble.names()[k] + "_sd", std::move(deviation));
    }
    return table;
}

}  // namespace

Runs simulate_stochastic(const Model& model, const SimulateOptions& options,
                         const StochasticOptions& stochastic, const Executor& executor,
                         const RowKeeper& keeper) {
    check(model, options, stochastic);
    const JumpRuns ensemble(model, options, stochastic);
    Table items;
    items.set(stream, streams(stochastic.runs));
    RunValues runs = run_all(ensemble, items, executor, keeper);
    Runs result;
    result.outcomes = std::move(runs.outcomes);
    if (stochastic.runs > 1) {
        result.table = runs_table(0, stochastic.runs, ensemble.times(), {});
    } else {
        result.table.set("time", ensemble.times());
    }
    add_columns(result.table, ensemble, runs);
    return result;
}

Runs simulate_stochastic_over(const Model& model, const Table& points, const std::string& source,
                              const SimulateOptions& options, const StochasticOptions& stochastic,
                              const Executor& executor, const RowKeeper& keeper) {
    check(model, options, stochastic);
    const auto columns = match_columns(model.system(), points, source);
    (void)point_inputs(model, points, columns, source);  // faults are told in the table's own name
    const JumpRuns ensemble(model, options, stochastic);
    Table items = points.columns(columns.matched);
    items.set(stream, streams(points.rows()));
    RunValues runs = run_all(ensemble, items, executor, keeper);
    Runs result;
    result.outcomes = std::move(runs.outcomes);
    result.table = runs_table(0, points.rows(), ensemble.times(), beside_runs(points, ensemble.names()));
    add_columns(result.table, ensemble, runs);
    return result;
}

// Runs are added up in blocks, and blocks in order, so that the result is the same for any number of workers.
Runs stochastic_moments(const Model& model, const SimulateOptions& options,
                        const StochasticOptions& stochastic, const Executor& executor,
                        const RowKeeper& keeper) {
    check(model, options, stochastic);
    model.check_inputs(model.inputs());
    if (stochastic.runs < 2) throw Error(Fault::input, "simulate: moments need at least 2 runs");
    const JumpRuns ensemble(model, options, stochastic);
    const std::size_t count = std::min(stochastic.runs, most_blocks);
    std::vector<double> bounds;
    for (std::size_t b = 0; b <= count; ++b)
        bounds.push_back(static_cast<double>(b * stochastic.runs / count));
    Table items;
    items.set(block_begin, std::vector<double>(bounds.begin(), bounds.end() - 1));
    items.set(block_end, std::vector<double>(bounds.begin() + 1, bounds.end()));
    const auto blocks = run_blocks(ensemble, items, executor, keeper);
    Moments all(ensemble.width());
    Runs result;
    result.outcomes.resize(stochastic.runs);
    for (const auto& block : blocks) {
        all.merge(block->moments);
        for (const auto& [run, outcome] : block->failures) result.outcomes[run] = outcome;
    }
    result.table = moments_table(ensemble, all);
    return result;
}

std::function<Table(const Table&, const Executor&)> jump_part(const Table& setup) {
    const auto ensemble = std::make_shared<const JumpRuns>(JumpRuns::from_setup(setup));
    return [ensemble](const Table& items, const Executor& executor) {
        RunValues runs = run_all(*ensemble, items, executor, {});
        std::vector<std::size_t> all(items.rows());
        std::iota(all.begin(), all.end(), 0);
        return to_kept(runs, all);
    };
}

std::function<Table(const Table&, const Executor&)> moments_part(const Table& setup) {
    const auto ensemble = std::make_shared<const JumpRuns>(JumpRuns::from_setup(setup));
    return [ensemble](const Table& items, const Executor& executor) {
        const auto blocks = run_blocks(*ensemble, items, executor, {});
        std::vector<std::size_t> all(items.rows());
        std::iota(all.begin(), all.end(), 0);
        return to_kept(blocks, all);
    };
}

}  // namespace rondo
