#include "runtime/stochastic/stochastic.h"

#include <algorithm>
#include <cmath>

#include "runtime/simulate/points.h"
#include "runtime/stochastic/moments.h"

namespace rondo {
namespace {

constexpr std::size_t most_blocks = 256;  // of runs whose moments are found side by side

// What all runs share, and a walk for each worker.
class JumpRuns {
  public:
    JumpRuns(const Model& model, const SimulateOptions& options, const StochasticOptions& stochastic,
             const Executor& executor)
        : names(selected(model, options)),
          times(output_times(options)),
          process_(model, names),
          changes_(interventions(process_.code(), options)),
          seed_(stochastic.seed),
          method_(stochastic.method),
          executor_(executor),
          walks_(static_cast<std::size_t>(executor.jobs())) {}

    std::size_t width() const { return times.size() * names.size(); }

    // rows: [times][names]
    Outcome run(int worker, std::size_t item, std::span<const double> inputs, std::span<double> rows) {
        auto& walk = walks_[static_cast<std::size_t>(worker)];
        if (!walk) walk = make_walk(process_, method_, executor_);
        return walk->run(inputs, times, changes_, Random(seed_, "ssa", item), rows);
    }

    const std::vector<std::string> names;
    const std::vector<double> times;

  private:
    JumpProcess process_;
    std::vector<Intervention> changes_;
    std::uint64_t seed_;
    JumpMethod method_;
    const Executor& executor_;
    std::vector<std::unique_ptr<Walk>> walks_;
};

void check(const Model& model, const SimulateOptions& options, const StochasticOptions& stochastic) {
    check_options(model, options);
    if (stochastic.runs < 1) throw Error(Fault::input, "simulate: runs must be at least 1");
}

std::string work(const Model& model) {
    return "simulating " + model.network().id;
}

// The quantities' columns, below each other by run. rows: [runs][times][names]
void add_columns(Table& table, const JumpRuns& ensemble, std::span<const double> rows) {
    const std::size_t width = ensemble.names.size();
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> column(table.rows());
        for (std::size_t i = 0; i < column.size(); ++i) column[i] = rows[i * width + k];
        table.set(ensemble.names[k], std::move(column));
    }
}

Table moments_table(const JumpRuns& ensemble, const Moments& moments) {
    Table table;
    table.set("time", ensemble.times);
    const std::size_t width = ensemble.names.size();
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> mean, deviation;
        for (std::size_t row = 0; row < ensemble.times.size(); ++row) {
            mean.push_back(moments.mean(row * width + k));
            deviation.push_back(std::sqrt(moments.variance(row * width + k)));
        }
        table.set(ensemble.names[k] + "_mean", std::move(mean));
        table.set(ensemble.names[k] + "_sd", std::move(deviation));
    }
    return table;
}

}  // namespace

Runs simulate_stochastic(const Model& model, const SimulateOptions& options,
                         const StochasticOptions& stochastic, const Executor& executor) {
    check(model, options, stochastic);
    model.check_inputs(model.inputs());
    JumpRuns ensemble(model, options, stochastic, executor);
    Runs result;
    result.outcomes.resize(stochastic.runs);
    std::vector<double> rows(stochastic.runs * ensemble.width());
    executor.map(work(model), stochastic.runs, [&](int worker, std::size_t run) {
        result.outcomes[run] = ensemble.run(
            worker, run, model.inputs(), std::span(rows).subspan(run * ensemble.width(), ensemble.width()));
    });
    if (stochastic.runs > 1) {
        result.table = runs_table(0, stochastic.runs, ensemble.times, {});
    } else {
        result.table.set("time", ensemble.times);
    }
    add_columns(result.table, ensemble, rows);
    return result;
}

Runs simulate_stochastic_over(const Model& model, const Table& points, const std::string& source,
                              const SimulateOptions& options, const StochasticOptions& stochastic,
                              const Executor& executor) {
    check(model, options, stochastic);
    const auto columns = match_columns(model.system(), points, source);
    const auto inputs = point_inputs(model, points, columns, source);
    JumpRuns ensemble(model, options, stochastic, executor);
    Runs result;
    result.outcomes.resize(inputs.size());
    std::vector<double> rows(inputs.size() * ensemble.width());
    executor.map(work(model), inputs.size(), [&](int worker, std::size_t run) {
        result.outcomes[run] = ensemble.run(
            worker, run, inputs[run], std::span(rows).subspan(run * ensemble.width(), ensemble.width()));
    });
    result.table = runs_table(0, inputs.size(), ensemble.times, beside_runs(points, ensemble.names));
    add_columns(result.table, ensemble, rows);
    return result;
}

// Runs are added up in blocks, and blocks in order, so that the result is the same for any number of workers.
Runs stochastic_moments(const Model& model, const SimulateOptions& options,
                        const StochasticOptions& stochastic, const Executor& executor) {
    check(model, options, stochastic);
    model.check_inputs(model.inputs());
    if (stochastic.runs < 2) throw Error(Fault::input, "simulate: moments need at least 2 runs");
    JumpRuns ensemble(model, options, stochastic, executor);
    Runs result;
    result.outcomes.resize(stochastic.runs);
    const std::size_t blocks = std::min(stochastic.runs, most_blocks);
    std::vector<Moments> moments(blocks, Moments(ensemble.width()));
    executor.map(work(model), blocks, [&](int worker, std::size_t block) {
        std::vector<double> rows(ensemble.width());
        const auto first = [&](std::size_t b) { return b * stochastic.runs / blocks; };
        for (std::size_t run = first(block); run < first(block + 1); ++run) {
            executor.throw_if_stopping();
            result.outcomes[run] = ensemble.run(worker, run, model.inputs(), rows);
            if (result.outcomes[run].kind == Outcome::Kind::finished) moments[block].add(rows);
        }
    });
    for (std::size_t block = 1; block < blocks; ++block) moments[0].merge(moments[block]);
    result.table = moments_table(ensemble, moments[0]);
    return result;
}

}  // namespace rondo
