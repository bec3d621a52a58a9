// variation.h: a system together with how its solution answers to small changes: the variational equations.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "jit/graph/system.h"

namespace rondo {

// The states that `nodes` read, directly or through the right-hand sides of such states; ascending. Their
// equations stand alone.
struct Dependence {
    std::vector<std::uint32_t> states;
    bool on_time = false;
};
Dependence dependence(const OdeSystem&, std::span<const NodeId> nodes);

// y' = f(y, p), and of some states x with equations of their own:
//   V' = (df/dx) V              [directions][states] small changes of x at the start, followed
//   S' = (df/dx) S + df/dp      [parameters][states] derivatives of x by the entries of p that f reads
// (Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, section I.14.)
struct Variation {
    // States y, V, S; nothing but right-hand sides.
    OdeSystem system;
    std::vector<std::uint32_t> states;      // x among the states of the original
    std::vector<std::uint32_t> parameters;  // of S, among p; empty if not asked for
    std::size_t directions = 0;
    std::size_t first_direction = 0;  // where V begins; V[d][i] is at first_direction + d * states.size() + i
    std::size_t first_parameter = 0;  // where S begins
};
Variation variation(const OdeSystem&, std::vector<std::uint32_t> states, std::size_t directions,
                    bool by_parameters);

}  // namespace rondo
