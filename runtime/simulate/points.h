// points.h: a table of points against a model: which columns set which inputs.
#pragma once
#include <string>
#include <vector>

#include "runtime/simulate/model.h"
#include "runtime/table/table.h"

namespace rondo {

struct PointColumns {
    std::vector<std::string> matched;  // columns that name an input
    std::vector<std::string> passed;   // the others, carried through
};

// Throws Error(input): a column that nearly names an input, no column that does, a column that names the
// target of a rule, or a matched column that is text. `source` is what messages call the table.
PointColumns match_columns(const OdeSystem&, const Table& points, const std::string& source);

// [rows][system().inputs]: the model's inputs with each row's values. Throws Error(input) naming source, row
// and column for a value that is not finite, and for inputs still missing.
std::vector<std::vector<double>> point_inputs(const Model&, const Table& points, const PointColumns&,
                                              const std::string& source);

// `points` with room made for results: a column that bears one of `names` becomes given_NAME.
Table set_aside(const Table& points, const std::vector<std::string>& names);

}  // namespace rondo
