// fit_result.h: what a fit found, as tables that the store keeps and a record that studies read.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/estimate/evolution_strategy.h"
#include "runtime/estimate/fit.h"
#include "runtime/estimate/least_squares.h"
#include "runtime/study/value.h"

namespace rondo {

struct FitTables {
    Table best;        // one row: the free parameters
    Table numbers;     // one row: fitness, calls by stage, evaluations, ...
    Table history;     // a row a generation, or a start
    Table stops;       // index, time, stopped; no columns where nothing can be stopped by itself
    Table groups;      // a row a value of the first whole parameter; no columns without one
    Table population;  // the free parameters, fitness; best first; no columns without one
    Table polished;    // a row a start; no columns without
    Table
        boundary;  // generation, index, time, quantile, boundary, at quarters of the way; no columns without
    std::vector<std::string> still;  // free parameters that change nothing
    double number(std::string_view name) const { return numbers.numbers(name)[0]; }
};

// truth: evaluated to its end, for the report of how often the boundary would have rejected it.
FitTables fit_tables(const FitProblem&, const GeneticFit&, const std::optional<Evaluated>& truth);

// Of the descents' ends the objective is evaluated; the best is the fit.
FitTables fit_tables(const FitProblem&, const std::vector<Descent>&);
FitTables fit_tables(const FitProblem&, const StrategyFit&);
// The point in `best`, as coordinates.
std::vector<double> best_point(const FitProblem&, const FitTables&);

std::string to_bytes(const FitTables&);
FitTables fit_tables_from_bytes(std::string_view);

// {best, fitness, calls, evaluations, mean_stop, history, ..., settings}
Value fit_record(const FitTables&, const std::string& settings);

}  // namespace rondo
