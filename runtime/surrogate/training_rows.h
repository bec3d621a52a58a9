// training_rows.h: rows of tables as the training plugins take them. Private to runtime/surrogate.
#pragma once
#include <optional>
#include <vector>

#include "runtime/surrogate/plugin_abi.h"
#include "runtime/surrogate/surrogate.h"
#include "runtime/surrogate/terms.h"

namespace rondo {

// A network's inputs and targets, row-major.
struct Samples {
    std::vector<double> inputs, targets;
    std::size_t count = 0;
    plugin::Rows rows() const { return {inputs.data(), targets.data(), count}; }
};
// Throws Error(input): a column missing, a value that is not finite.
Samples samples_of(const Table&, const Surrogate& network);

// The rows to train on: inputs and targets, or the terms of an equation.
class TrainingRows {
  public:
    // equation: null for columns to learn. Throws Error(input) as samples_of and Terms; fewer than 2 rows.
    TrainingRows(Table rows, const Surrogate& network, const Equation* equation);
    const Table& table() const { return table_; }
    void replace(Table rows);
    void lend(plugin::Training&) const;

  private:
    const Surrogate& network_;
    Table table_;
    Samples samples_;
    std::optional<Terms> terms_;
};

}  // namespace rondo
