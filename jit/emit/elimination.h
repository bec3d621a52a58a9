// elimination.h: the order in which a sparse matrix is eliminated when the code for it is generated.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace rondo {

using Entry = std::pair<std::uint32_t, std::uint32_t>;  // row, column

// Pivots on the diagonal, those first that fill in least (Markowitz's count, by index where it is equal).
// places: the non-zeros, the whole diagonal included. Fit for matrices like 1 / (h gamma) - J: there is no
// search for larger pivots, a bad one shows in the error estimate of the step.
std::vector<std::uint32_t> elimination_order(std::uint32_t n, const std::vector<Entry>& places);

}  // namespace rondo
