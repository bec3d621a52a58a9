// stability.h: what a model's own equations say of a point before any run: where it can rest, and whether it
// would stay.
#pragma once
#include <string>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/simulate/model.h"
#include "runtime/table/table.h"

namespace rondo {

// The columns that with_stability adds, in this order, 0 where there is no such fixed point:
//
//   rests_stable, rests_unstable   how many fixed points of each kind were found
//
// Of the least stable one that is no saddle (least_stable_...) and the most stable such (most_stable_...), by
// the leading eigenvalue L, the one of largest real part:
//
//   damping   Re L / |L|, -1 to 1: its sign decides
//   rate      ln |L|
//   turning   root of |Im L| / 2 pi: the root of the frequency of small swings
//   NAME      ln of what each state is there
//
// Of the saddle (an odd number of real modes grows; saddle_...), of several the one of largest L:
//
//   rate      ln L
//   side      on which side of the border between two basins the initial state is, to first order:
//             -1 to 0 on that of the most stable fixed point, 0 to 1 across
//   NAME      as above
std::vector<std::string> stability_columns(const Model&);

// `points` (see match_columns) with those columns. Newton's iteration starts from the initial state and from
// 31 others around it, a thousand times less to a thousand times more; where the indices of what was found do
// not sum up to 1, from as many again, by deflation. Fixed points with a negative state do not count, nor
// those that a pole parts from the initial state. Time must not enter the equations. Independent of
// executor.jobs(). About a fifth of a millisecond a point of the four oscillators.
Table with_stability(const Model&, const Table& points, const std::string& source, const Executor&);

// The same for a model as text of Antimony, as surrogates carry it.
Table with_stability(const std::string& antimony, const Table& points, const std::string& source,
                     const Executor&);

}  // namespace rondo
