// plan.h: which values a native function stores, and the order and pieces in which it computes them.
//
// A large function is cut into even pieces of bounded size, because both the compiler's time and the
// registers it spills grow faster than the size of a function; the scheduler's time with the square of its
// stores. A value that later pieces need goes through a
// scratch array; leaves are read again.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "jit/graph/system.h"

namespace rondo {

// Nodes in a piece, and stores. Of 40 to 2000, around this both the instructions of 200 reactions and the
// time to compile 2000 are least.
inline constexpr std::size_t largest_piece = 150;

// Where a value goes.
struct Destination {
    enum class Target : std::uint8_t { out, p } target;
    std::uint32_t index;
    NodeId node;
};

struct Plan {
    struct Piece {
        std::vector<NodeId> nodes;  // ascending, no leaves
        std::vector<Destination> stores;
    };
    std::vector<Piece> pieces;                          // at least one
    std::unordered_map<NodeId, std::uint32_t> scratch;  // places of the values that cross pieces
};

Plan plan(const Graph&, const std::vector<Destination>& stores);

}  // namespace rondo
