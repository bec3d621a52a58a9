// travel.h: fits on their way to other processes.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "runtime/estimate/problem.h"
#include "runtime/table/packed.h"

namespace rondo {

// The problem, and what is to be done with points of it. Nothing where the model cannot travel.
std::optional<Table> packed(const FitProblem&, const std::string& task);
std::shared_ptr<const FitProblem> problem_from(const Table& packed);

// Of columns z.0, z.1, ...: [rows][coordinates]
std::vector<std::vector<double>> points_of(const Table&);

}  // namespace rondo
