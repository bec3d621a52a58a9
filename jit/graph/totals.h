// totals.h: what never changes along a run: weighted sums of states, such as ATP + ADP.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "jit/graph/system.h"

namespace rondo {

// sum of weight * state; whole numbers without a common factor, states ascending, at least
// half of the weights positive.
using Total = std::vector<std::pair<std::uint32_t, std::int64_t>>;

// A basis of the totals that the right-hand sides keep between events, whatever the rates are worth: the left
// null space of their stoichiometry, in exact arithmetic. Rate rules take part: a' = -v, b' = v keeps a + b.
// Each total has few terms, not provably the fewest.
//
// Nothing if the elimination grows beyond `most_work` (sums of two terms) or 64 bits.
std::optional<std::vector<Total>> conserved_totals(const OdeSystem&, std::size_t most_work = 20'000'000);

}  // namespace rondo
