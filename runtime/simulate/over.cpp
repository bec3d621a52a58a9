// over.cpp: one run a row of a table of points.
#include <algorithm>
#include <cmath>
#include <memory>

#include "runtime/ensemble/record.h"
#include "runtime/simulate/points.h"
#include "runtime/simulate/simulate.h"

namespace rondo {
namespace {

constexpr std::size_t block_values = 8'000'000;  // held at once
constexpr std::size_t most_runs = 8192;          // of a block

std::shared_ptr<const CompiledModel> compiled(const Selection& selection) {
    return compile(selection.system, {.outputs = selection.outputs});
}

class OverRuns {
  public:
    OverRuns(const Model& model, const Table& points, const std::string& source,
             const SimulateOptions& options)
        : options_(options),
          points_(points),
          columns_(match_columns(model.system(), points, source)),
          inputs_(point_inputs(model, points, columns_, source)),
          names_(selected(model, options)),
          times_(output_times(options)),
          code_(compiled(model.select_over(names_, columns_.matched))),
          ensemble_(code_, ensemble_options(options)) {
        repeated_ = beside_runs(points, names_);
    }

    std::size_t block() const {
        const std::size_t values = times_.size() * (names_.size() + points_.width() + 2);
        return std::clamp<std::size_t>(block_values / values, 1, most_runs);
    }
    std::size_t count() const { return inputs_.size(); }
    std::string method() const { return ensemble_.describe(); }

    Runs run(std::size_t first, std::size_t last, const Executor& executor) const {
        const std::size_t rows = (last - first) * times_.size();
        std::vector<std::vector<double>> columns(names_.size(), std::vector<double>(rows));
        Runs runs;
        runs.outcomes.resize(last - first);
        Ensemble::Task task;
        task.t0 = options_.start;
        task.t1 = options_.end;
        task.inputs = [&](std::size_t run) { return std::span<const double>(inputs_[first + run]); };
        if (!options_.changes.empty()) task.changes = interventions(*code_, options_);
        task.observe = [&](int lanes) {
            return std::make_unique<LaneRecorder>(
                *code_, times_, lanes,
                [&](std::size_t run, std::size_t k) { return columns[k].data() + run * times_.size(); },
                [&](std::size_t run, const Outcome& outcome) { runs.outcomes[run] = outcome; });
        };
        executor.feed("simulating", last - first, [&](int, Feed& feed) { ensemble_.serve(feed, task); });
        runs.table = runs_table(first, last, times_, repeated_);
        for (std::size_t k = 0; k < names_.size(); ++k) runs.table.set(names_[k], std::move(columns[k]));
        runs.method = method();
        return runs;
    }

  private:
    static EnsembleOptions ensemble_options(const SimulateOptions& options) {
        EnsembleOptions result;
        result.method = options.method;
        if (!options.changes.empty() && result.method != EnsembleMethod::adams)
            result.method = EnsembleMethod::bdf;
        result.rtol = options.integrate.rtol;
        result.atol = options.integrate.atol;
        result.max_steps = options.integrate.max_steps;
        return result;
    }

    const SimulateOptions& options_;
    const Table& points_;
    PointColumns columns_;
    std::vector<std::vector<double>> inputs_;
    std::vector<std::string> names_;
    std::vector<double> times_;
    std::shared_ptr<const CompiledModel> code_;
    Ensemble ensemble_;
    Table repeated_;
};

}  // namespace

void simulate_in_blocks(const Model& model, const Table& points, const std::string& source,
                        const SimulateOptions& options, const Executor& executor,
                        const std::function<void(Runs)>& take) {
    check_options(model, options);
    const OverRuns runs(model, points, source, options);
    std::size_t first = 0;
    do {
        const std::size_t last = std::min(first + runs.block(), runs.count());
        take(runs.run(first, last, executor));
        first = last;
    } while (first < runs.count());
}

Runs simulate_over(const Model& model, const Table& points, const std::string& source,
                   const SimulateOptions& options, const Executor& executor) {
    check_options(model, options);
    const OverRuns runs(model, points, source, options);
    return runs.run(0, runs.count(), executor);
}

}  // namespace rondo
