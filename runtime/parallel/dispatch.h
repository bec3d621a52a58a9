// dispatch.h: hands parts of a map to helpers. Of this room alone.
#pragma once
#include <functional>
#include <optional>
#include <utility>

#include "runtime/parallel/crew.h"

namespace rondo {

// What a map lets its dispatcher do.
struct Share {
    std::function<std::size_t()> left;  // items not yet handed out
    // Takes up to that many of the next items; empty if there are none.
    std::function<std::optional<std::pair<std::size_t, std::size_t>>(std::size_t most)> take;
    std::function<void(std::size_t count)> done;
    std::function<bool()> stopping;
};

// Until nothing is left, or the map stops. workers: of this process, for a fair end. Throws what a helper
// met.
void dispatch(Crew& crew, const Parcels& parcels, const Share& share, int workers);

}  // namespace rondo
