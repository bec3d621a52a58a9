// fit_result.h: what a fit found, as tables that the store keeps and a record that studies read.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/estimate/fit.h"
#include "runtime/study/value.h"

namespace rondo {

struct FitTables {
    Table best;        // one row: the free parameters
    Table numbers;     // one row: fitness, calls by stage, evaluations, ...
    Table history;     // a row a generation
    Table stops;       // index, time, stopped
    Table groups;      // a row a value of the first whole parameter; no columns without one
    Table population;  // the free parameters, fitness; best first
    Table polished;    // a row a start; no columns without
    Table
        boundary;  // generation, index, time, quantile, boundary, at quarters of the way; no columns without
    std::vector<std::string> still;  // free parameters that change nothing
    double number(std::string_view name) const { return numbers.numbers(name)[0]; }
};

// truth: evaluated to its end, for the report of how often the boundary would have rejected it.
FitTables fit_tables(const FitProblem&, const GeneticFit&, const std::optional<Evaluated>& truth);

std::string to_bytes(const FitTables&);
FitTables fit_tables_from_bytes(std::string_view);

// {best, fitness, calls, evaluations, mean_stop, history, ..., settings}
Value fit_record(const FitTables&, const std::string& settings);

}  // namespace rondo
