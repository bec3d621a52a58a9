// exponential.h: waiting times.
#pragma once
#include "runtime/sample/portable.h"
#include "runtime/sample/random.h"

namespace rondo {

// Mean 1; > 0.
inline double exponential(Random& random) {
    return -portable_log(1 - random.uniform());  // of (0, 1]: 0 comes once in 2^53, and does no harm
}

}  // namespace rondo
