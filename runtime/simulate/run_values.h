// run_values.h: many runs' values and ends, in memory, in the store, and on their way between processes.
#pragma once
#include <vector>

#include "runtime/integrate/stream.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

// Values of some runs, each of `run_size`, and how the runs ended.
struct RunValues {
    std::size_t run_size;
    std::vector<double> values;
    std::vector<Outcome> outcomes;

    RunValues(std::size_t runs, std::size_t size) : run_size(size), values(runs * size), outcomes(runs) {}
    double* of(std::size_t run) { return values.data() + run * run_size; }
};

// Runs as they are kept and sent: a text holds the bytes of a run's values.
Table to_kept(RunValues& runs, RowMap::Rows rows);
void from_kept(const Table& table, RowMap::Rows rows, RunValues& runs);

// As many runs of so many values as are kept under one name.
std::size_t kept_runs(std::size_t run_size);

}  // namespace rondo
