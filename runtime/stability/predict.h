// predict.h: a surrogate on points as users bring them.
#pragma once
#include <functional>
#include <string>

#include "runtime/parallel/executor.h"
#include "runtime/surrogate/surrogate.h"

namespace rondo {

// predict(), with the features it needs computed from its own model; those that it does not tell are columns
// of the points. A column of the points that bears the name of one that is added becomes given_NAME. Points
// outside the box: a column `outside`, 1 there, else 0, and a warning; without any there is no such column.
// Points with a coordinate that is no finite number: NaN, and a warning. `source` is what messages call the
// points. Throws Error(input): a column of a coordinate or of such a feature missing, or text.
Table predict_points(const Surrogate&, const Table& points, const std::string& source, const Executor&,
                     const std::function<void(const std::string&)>& warn);

}  // namespace rondo
