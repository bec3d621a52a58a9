// random.cpp: Philox4x32-10 and the distributions that samplers need.
#include "runtime/sample/random.h"

#include <cassert>
#include <cmath>

#include "runtime/sample/portable.h"

namespace rondo {

namespace {

using Counter = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

std::uint32_t low(std::uint64_t x) {
    return std::uint32_t(x);
}
std::uint32_t high(std::uint64_t x) {
    return std::uint32_t(x >> 32);
}

Counter philox_round(const Counter& c, const Key& k) {
    const std::uint64_t a = std::uint64_t(0xD2511F53) * c[0];
    const std::uint64_t b = std::uint64_t(0xCD9E8D57) * c[2];
    return {high(b) ^ c[1] ^ k[0], low(b), high(a) ^ c[3] ^ k[1], low(a)};
}

// FNV-1a, 64 bits: spreads a verb's name; Philox does the mixing.
std::uint64_t hash(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return h;
}

Key stream_key(std::uint64_t seed, std::string_view verb) {
    const std::uint64_t name = hash(verb);
    const Counter mixed = philox4x32({low(name), high(name), 0, 0}, {low(seed), high(seed)});
    return {mixed[0], mixed[1]};
}

}  // namespace

Counter philox4x32(Counter counter, Key key) {
    constexpr int rounds = 10;
    for (int round = 0; round < rounds; ++round) {
        counter = philox_round(counter, key);
        key[0] += 0x9E3779B9;  // golden ratio
        key[1] += 0xBB67AE85;  // sqrt(3) - 1
    }
    return counter;
}

Random::Random(std::uint64_t seed, std::string_view verb, std::uint64_t item)
    : Random(stream_key(seed, verb), item) {}

Random::Random(Key key, std::uint64_t item) : key_(key), counter_{0, 0, low(item), high(item)} {}

RandomStream::RandomStream(std::uint64_t seed, std::string_view verb) : key_(stream_key(seed, verb)) {}

void Random::next_block() {
    block_ = philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
}

// The method's second number is thrown away, so that a draw depends on its place alone.
double Polar::normal() const {
    return x * std::sqrt(-2 * portable_log(s) / s);
}

Polar Random::polar() {
    for (;;) {
        const double x = 2 * uniform() - 1, y = 2 * uniform() - 1;
        const double s = x * x + y * y;
        if (s > 0 && s < 1) return {x, s};
    }
}

std::uint64_t Random::below(std::uint64_t n) {
    assert(n >= 1);
    const std::uint64_t uneven = -n % n;  // 2^64 mod n: that many values would make the first ones too likely
    std::uint64_t draw = bits();
    while (draw < uneven) draw = bits();
    return draw % n;
}

}  // namespace rondo
