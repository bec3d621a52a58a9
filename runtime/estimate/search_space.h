// search_space.h: the free parameters of a fit as coordinates z, in which every search moves.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/sample/random.h"

namespace rondo {

// log: z is the logarithm of the value. whole: z is real, the value the nearest whole number; each number has
// a stretch of length 1.
struct Coordinate {
    enum class Kind : std::uint8_t { linear, log, whole } kind = Kind::linear;
    std::string name;
    double lower, upper;  // of z
    double value(double z) const;
    double at(double value) const;  // its inverse
};

struct SearchSpace {
    std::vector<Coordinate> coordinates;
    std::size_t size() const { return coordinates.size(); }
    bool contains(std::span<const double> z) const;
    void clip(std::span<double> z) const;
    std::vector<double> values(std::span<const double> z) const;
    std::vector<double> random(Random&) const;  // uniform in z
};

// whole: names of axes whose values are whole numbers. Throws Error(input): one that names no axis, or whose
// bounds are no whole numbers.
SearchSpace search_space(const Box&, std::span<const std::string> whole);

}  // namespace rondo
