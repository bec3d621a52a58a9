// random.h: counter-based random numbers: draw k of item i of a stream is a function of (seed, verb, i, k),
// so results do not depend on the number of threads or on who computed what, nor on the machine: only
// integers and IEEE arithmetic are used, no function of the C library.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): Philox4x32-10.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace rondo {

// The bare bijection, for tests against the published vectors.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// How the stream derives: key = the first 64 bits of philox4x32(counter = (FNV-1a of verb, 0), key = seed);
// block j of the stream = philox4x32(counter = (j, item), that key), 64-bit halves low word first. Items of
// one seed and verb never share a block.
class Random {
  public:
    Random(std::uint64_t seed, std::string_view verb, std::uint64_t item = 0);
    std::uint64_t bits();
    double uniform();                      // [0, 1), 53 bits
    double normal();                       // mean 0, deviation 1
    std::uint64_t below(std::uint64_t n);  // [0, n), unbiased; n >= 1

  private:
    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    int used_ = 4;  // words of block_
};

}  // namespace rondo
