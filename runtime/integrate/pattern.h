// pattern.h: where the matrix I - gamma J of a stiff method keeps the entries of the model's Jacobian.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "jit/graph/system.h"

namespace rondo {

// Dense: column-major [n][n]. Sparse: compressed by column, the whole diagonal included.
struct JacobianPattern {
    bool sparse = false;
    bool iterative = false;                             // sparse, but its factors are not
    std::vector<std::int64_t> column_start, row_index;  // of the sparse form
    std::vector<std::size_t> slot;                      // of each non-zero of OdeSystem::jacobian
};

JacobianPattern dense_pattern(const OdeSystem&);
JacobianPattern sparse_pattern(const OdeSystem&);
// Multiplications and additions that KLU needs for one factorisation.
double factorisation_work(const JacobianPattern& sparse);
// The one whose factorisation is faster.
JacobianPattern choose_pattern(const OdeSystem&);

}  // namespace rondo
