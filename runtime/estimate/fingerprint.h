// fingerprint.h: a number that tells two searches apart as soon as one bit of what they met differs.
#pragma once
#include <bit>
#include <cstdint>

namespace rondo {

// FNV-1a over whole doubles.
class Fingerprint {
  public:
    void add(double x) { hash_ = (hash_ ^ std::bit_cast<std::uint64_t>(x)) * 0x100000001b3; }
    std::uint64_t value() const { return hash_; }

  private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace rondo
