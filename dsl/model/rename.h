// rename.h: other ids for a network's elements.
#pragma once
#include "dsl/model/network.h"

namespace rondo {

// For languages whose ids are ASCII: Greek letters spelled out, others as numbers (see ascii_id), a `_` where
// that is taken. What has no display name keeps its id as one.
Network in_ascii(Network network);

}  // namespace rondo
