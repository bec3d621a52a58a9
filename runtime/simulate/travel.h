// travel.h: models and what is to be done with them on their way to other processes.
#pragma once
#include <optional>

#include "runtime/simulate/simulate.h"
#include "runtime/table/packed.h"

namespace rondo {

// The model as text and the values of its inputs. Nothing where its text does not bring back the very same
// equations: then runs are made here alone.
std::optional<Table> packed(const Model& model);
Model unpacked_model(const Table& packed);

void pack(Table& row, const SimulateOptions&);
SimulateOptions unpacked_options(const Table& row);

}  // namespace rondo
