// simulate.h: whole runs as tables.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "runtime/ensemble/ensemble.h"
#include "runtime/parallel/executor.h"
#include "runtime/simulate/model.h"
#include "runtime/simulate/row_map.h"
#include "runtime/table/table.h"

namespace rondo {

// Inputs changed at a time: dosing, clamping. A species' amount or concentration changes too, not only its
// initial value.
struct Change {
    double t;
    std::vector<Setting> settings;
};

struct SimulateOptions {
    double start = 0, end = 100;
    std::size_t points = 201;         // rows, both ends included; >= 2
    std::vector<std::string> select;  // quantities after `time`; empty: Model::default_outputs()
    std::vector<Change> changes;      // in order of time, within [start, end]
    // automatic: one run by CVODE's bdf, many side by side in lanes (see ensemble.h).
    EnsembleMethod method = EnsembleMethod::automatic;
    IntegrateOptions integrate;  // its method is not looked at
};

struct Run {
    Table table;  // time, then the quantities; NaN after a failure
    Outcome outcome;
};

// ---- what all ways to simulate share ----

// Throws Error(input) for options that make no sense, and changes that name no inputs.
void check_options(const Model&, const SimulateOptions&);
std::vector<double> output_times(const SimulateOptions&);  // [points]
// The quantities after `time`.
std::vector<std::string> selected(const Model&, const SimulateOptions&);
// Options::changes, each made by `code`'s own equations of the start. Both must outlive the result.
std::vector<Intervention> interventions(const CompiledModel& code, const SimulateOptions&);

// The columns of points that stand beside their runs' `names`; what bears a name of those is set aside.
Table beside_runs(const Table& points, std::vector<std::string> names);
// The frame of runs first to last - 1, below each other: `run` (from 1), the columns of `beside` (one row a
// run), `time`.
Table runs_table(std::size_t first, std::size_t last, std::span<const double> times, const Table& beside);

// ---- by integration ----

// By CVODE, adams if that is the method, else bdf. Throws Error(input) for options that make no sense and for
// unknown quantities.
Run simulate(const Model&, const SimulateOptions&);

// One run a row of `points`: columns `run` (from 1), the point's own columns, time and quantities; rows of
// run 1 first.
struct Runs {
    Table table;
    std::vector<Outcome> outcomes;  // one a row of `points`
    std::string method;             // "dop853 or rodas5p, 4 lanes", "CVODE bdf: it has events"
};
Runs simulate_over(const Model&, const Table& points, const std::string& source, const SimulateOptions&,
                   const Executor&, const RowKeeper& = {});
// The same for tables too large to be held: some rows at a time, in order; at least one table, if of no rows.
void simulate_in_blocks(const Model&, const Table& points, const std::string& source, const SimulateOptions&,
                        const Executor&, const std::function<void(Runs)>& take);

// What a helper does for either: from its setup, a function from rows of inputs to kept runs.
std::function<Table(const Table& settings, const Executor&)> simulate_part(const Table& setup);

}  // namespace rondo
