// over.cpp: one run a row of a table of points.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "runtime/ensemble/record.h"
#include "runtime/simulate/points.h"
#include "runtime/simulate/run_values.h"
#include "runtime/simulate/simulate.h"
#include "runtime/simulate/travel.h"
#include "runtime/table/bytes.h"

namespace rondo {
namespace {

constexpr std::size_t block_values = 8'000'000;  // held at once
constexpr std::size_t most_runs = 8192;          // of a block

std::shared_ptr<const CompiledModel> compiled(const Selection& selection) {
    return compile(selection.system, {.outputs = selection.outputs});
}

EnsembleOptions ensemble_options(const SimulateOptions& options) {
    EnsembleOptions result;
    result.method = options.method;
    if (!options.changes.empty() && result.method != EnsembleMethod::adams)
        result.method = EnsembleMethod::bdf;
    result.rtol = options.integrate.rtol;
    result.atol = options.integrate.atol;
    result.max_steps = options.integrate.max_steps;
    return result;
}

// Many runs of one model, by the inputs that differ.
class OverRuns {
  public:
    OverRuns(Model model, std::vector<std::string> varying, SimulateOptions options)
        : model_(std::move(model)),
          varying_(std::move(varying)),
          options_(std::move(options)),
          names_(selected(model_, options_)),
          times_(output_times(options_)),
          code_(compiled(model_.select_over(names_, varying_))),
          ensemble_(code_, ensemble_options(options_)) {}

    const std::vector<std::string>& names() const { return names_; }
    const std::vector<double>& times() const { return times_; }
    std::string method() const { return ensemble_.describe(); }

    // settings: columns that name inputs, one run a row.
    RunValues run(const Table& settings, const std::vector<std::vector<double>>& inputs,
                  const Executor& executor, const RowKeeper& keeper, bool shared) const {
        RunValues runs(inputs.size(), names_.size() * times_.size());  // of a run: [names][times]
        Ensemble::Task task;
        task.t0 = options_.start;
        task.t1 = options_.end;
        task.inputs = [&](std::size_t run) { return std::span<const double>(inputs[run]); };
        if (!options_.changes.empty()) task.changes = interventions(*code_, options_);
        RowMap map{
            .what = "simulating", .points = settings, .block = kept_runs(names_.size() * times_.size())};
        map.give = [&](RowMap::Rows rows) { return to_kept(runs, rows); };
        map.take = [&](RowMap::Rows rows, const Table& kept) { from_kept(kept, rows, runs); };
        map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
            Ensemble::Task own = task;
            own.observe = [&](int lanes) {
                return std::make_unique<LaneRecorder>(
                    *code_, times_, lanes,
                    [&](std::size_t run, std::size_t k) { return runs.of(run) + k * times_.size(); },
                    [&](std::size_t run, const Outcome& outcome) {
                        runs.outcomes[run] = outcome;
                        done(run);
                    });
            };
            ensemble_.serve(rows, own);
        };
        if (shared && executor.crew()) map.setup = setup();
        RowKeeper::Account account = run_rows(map, executor, keeper);
        account.method = method();
        for (const auto& outcome : runs.outcomes) account.rhs_calls += outcome.rhs_calls;
        if (keeper.account) keeper.account(account);
        return runs;
    }

    // As a helper does it.
    Table run_part(const Table& settings, const Executor& executor) const {
        const auto inputs =
            point_inputs(model_, settings, match_columns(model_.system(), settings, "points"), "points");
        RunValues runs = run(settings, inputs, executor, {}, false);
        std::vector<std::size_t> all(inputs.size());
        std::iota(all.begin(), all.end(), 0);
        return to_kept(runs, all);
    }

    // What a helper must know; empty if the model cannot travel.
    std::string setup() const;
    static OverRuns from_setup(const Table& setup);

  private:
    Model model_;
    std::vector<std::string> varying_;
    SimulateOptions options_;
    std::vector<std::string> names_;
    std::vector<double> times_;
    std::shared_ptr<const CompiledModel> code_;
    Ensemble ensemble_;
};

std::string OverRuns::setup() const {
    auto row = packed(model_);
    if (!row) return {};
    pack(*row, "task", "simulate");
    pack(*row, "varying", varying_);
    SimulateOptions options = options_;
    options.select = names_;
    pack(*row, options);
    return to_bytes(*row);
}

OverRuns OverRuns::from_setup(const Table& setup) {
    return {unpacked_model(setup), unpacked_texts(setup, "varying"), unpacked_options(setup)};
}

// A table of points, and the runs of its rows as tables.
class OverPoints {
  public:
    OverPoints(const Model& model, const Table& points, const std::string& source,
               const SimulateOptions& options)
        : columns_(match_columns(model.system(), points, source)),
          settings_(points.columns(columns_.matched)),
          inputs_(point_inputs(model, points, columns_, source)),
          runs_(model, columns_.matched, options) {
        repeated_ = beside_runs(points, runs_.names());
    }

    std::size_t block() const {
        const std::size_t values = runs_.times().size() * (runs_.names().size() + repeated_.width() + 2);
        return std::clamp<std::size_t>(block_values / values, 1, most_runs);
    }
    std::size_t count() const { return inputs_.size(); }

    Runs run(std::size_t first, std::size_t last, const Executor& executor, const RowKeeper& keeper) const {
        const std::vector<std::vector<double>> inputs(inputs_.begin() + static_cast<std::ptrdiff_t>(first),
                                                      inputs_.begin() + static_cast<std::ptrdiff_t>(last));
        RunValues made = runs_.run(settings_.slice(first, last), inputs, executor, keeper, true);
        Runs runs;
        runs.outcomes = std::move(made.outcomes);
        runs.method = runs_.method();
        runs.table = table(first, last, made);
        return runs;
    }

  private:
    Table table(std::size_t first, std::size_t last, RunValues& made) const {
        const auto& times = runs_.times();
        Table result = runs_table(first, last, times, repeated_);
        for (std::size_t k = 0; k < runs_.names().size(); ++k) {
            std::vector<double> values;
            values.reserve((last - first) * times.size());
            for (std::size_t run = 0; run < last - first; ++run) {
                const double* const begin = made.of(run) + k * times.size();
                values.insert(values.end(), begin, begin + times.size());
            }
            result.set(runs_.names()[k], std::move(values));
        }
        return result;
    }

    PointColumns columns_;
    Table settings_;
    std::vector<std::vector<double>> inputs_;
    OverRuns runs_;
    Table repeated_;
};

}  // namespace

void simulate_in_blocks(const Model& model, const Table& points, const std::string& source,
                        const SimulateOptions& options, const Executor& executor,
                        const std::function<void(Runs)>& take) {
    check_options(model, options);
    const OverPoints over(model, points, source, options);
    std::size_t first = 0;
    do {
        const std::size_t last = std::min(first + over.block(), over.count());
        take(over.run(first, last, executor, {}));
        first = last;
    } while (first < over.count());
}

Runs simulate_over(const Model& model, const Table& points, const std::string& source,
                   const SimulateOptions& options, const Executor& executor, const RowKeeper& keeper) {
    check_options(model, options);
    const OverPoints over(model, points, source, options);
    return over.run(0, over.count(), executor, keeper);
}

std::function<Table(const Table&, const Executor&)> simulate_part(const Table& setup) {
    return
        [runs = std::shared_ptr<const OverRuns>(new OverRuns(OverRuns::from_setup(setup)))](
            const Table& settings, const Executor& executor) { return runs->run_part(settings, executor); };
}

}  // namespace rondo
