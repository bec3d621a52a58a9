#include "runtime/integrate/stream.h"

#include <cstdio>

namespace rondo {

std::string describe(const Outcome& outcome, double end) {
    char place[80];
    std::snprintf(place, sizeof place, "stopped at t = %.6g of %.6g", outcome.t, end);
    switch (outcome.kind) {
        case Outcome::Kind::finished: return "finished" + std::string(place + 7);
        case Outcome::Kind::stopped: return std::string(place) + ": nothing more was asked for";
        case Outcome::Kind::failed: break;
    }
    return std::string(place) + ": " + outcome.reason;
}

}  // namespace rondo
