// catalog.h: who has a store open, and what may go. Of this room alone.
#pragma once
#include <cstdint>

#include "runtime/store/sqlite.h"

namespace rondo {

// This process is at work with the store, until it says otherwise or has died.
void start_running(Database&);
void stop_running(Database&);

// Bytes in use: of the file without its free pages.
std::uint64_t used_bytes(Database&);

struct Shrunk {
    std::uint64_t results = 0, bytes = 0;
};
// Removes results, least recently used first, until used_bytes() <= bound or all that is left was used by
// studies at work.
Shrunk shrink(Database&, std::uint64_t bound);

}  // namespace rondo
