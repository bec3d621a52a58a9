// least_squares.h: the mean squared deviation made small, from many starts.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/estimate/descent.h"
#include "runtime/estimate/sensitivity.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

// The mean squared deviation, in the weights of the objective, to descend. A trial is stopped once it is
// known to be worse. The sensitivities must outlive it.
std::unique_ptr<Valley> sum_of_squares(const Sensitivities&);

// From points drawn evenly: Random(seed, "fit starts", start). Helpers of executor.crew() take part.
std::vector<Descent> descend_from_many(const Sensitivities&, std::size_t starts, const DescentOptions&,
                                       std::uint64_t seed, const Executor&, const RowKeeper& = {});

// What a helper makes of a setup of the task "descend".
std::function<Table(const Table& points, const Executor&)> descend_part(const Table& setup);

}  // namespace rondo
