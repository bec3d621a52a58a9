// travel.h: models on their way to other processes.
#pragma once
#include <optional>

#include "runtime/simulate/model.h"
#include "runtime/table/packed.h"

namespace rondo {

// The model as text and the values of its inputs. Nothing where its text does not bring back the very same
// equations: then runs are made here alone.
std::optional<Table> packed(const Model& model);
Model unpacked_model(const Table& packed);

}  // namespace rondo
