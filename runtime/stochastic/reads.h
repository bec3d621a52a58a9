// reads.h: what the value of an expression depends on, modes (see OdeSystem::modes) looked through or not.
#pragma once
#include <cstdint>
#include <set>
#include <span>

#include "jit/graph/system.h"

namespace rondo {

struct Reads {
    std::set<std::uint32_t> states, parameters, modes;
    bool time = false;  // beside what modes read of it: the value changes with time, not only in jumps
};

// Of the nodes as they are while the modes stay; the modes themselves are listed.
Reads direct_reads(const OdeSystem&, std::span<const NodeId> nodes);

// The same, and what the modes read, and theirs; `time` is that of the nodes alone.
Reads all_reads(const OdeSystem&, std::span<const NodeId> nodes);

}  // namespace rondo
