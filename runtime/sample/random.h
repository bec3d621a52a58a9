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

// A point drawn within the unit circle: its first coordinate and its squared distance from the centre, in (0,
// 1).
struct Polar {
    double x, s;
    double normal() const;  // mean 0, deviation 1: Marsaglia's polar method
};

// How the stream derives: key = the first 64 bits of philox4x32(counter = (FNV-1a of verb, 0), key = seed);
// block j of the stream = philox4x32(counter = (j, item), that key), 64-bit halves low word first. Items of
// one seed and verb never share a block.
class Random {
  public:
    Random(std::uint64_t seed, std::string_view verb, std::uint64_t item = 0);
    std::uint64_t bits() {
        if (used_ == 4) next_block();
        const std::uint64_t low = block_[used_], high = block_[used_ + 1];
        used_ += 2;
        return low | high << 32;
    }
    double uniform() { return double(bits() >> 11) * 0x1p-53; }  // [0, 1), 53 bits
    Polar polar();
    double normal() { return polar().normal(); }
    std::uint64_t below(std::uint64_t n);  // [0, n), unbiased; n >= 1

  private:
    friend class RandomStream;
    Random(std::array<std::uint32_t, 2> key, std::uint64_t item);
    void next_block();

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    int used_ = 4;  // words of block_
};

// item(i) is Random(seed, verb, i), the key derived once for all items.
class RandomStream {
  public:
    RandomStream(std::uint64_t seed, std::string_view verb);
    Random item(std::uint64_t i) const { return {key_, i}; }

  private:
    std::array<std::uint32_t, 2> key_;
};

}  // namespace rondo
