// box.h: the domain of a study: named coordinates with bounds, linear or logarithmic; and point sets in it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/table/table.h"

namespace rondo {

enum class Scale : std::uint8_t { linear, log };

struct Axis {
    std::string name;
    double lower, upper;
    Scale scale = Scale::linear;
    // u in [0, 1] to a value in [lower, upper] and back. The bounds come out exactly, and the same bits on
    // every machine.
    double value(double u) const;
    double unit(double x) const;  // outside of [0, 1] where x is outside of the bounds; log: x > 0
};

struct Box {
    std::vector<Axis> axes;
    std::vector<std::string> names() const;
};

// Throws Error(input) naming the axis: no axes, duplicate or empty names, lower >= upper, non-finite, wider
// than a double can tell, log with lower <= 0.
void check(const Box&);

// n points as a table with the box's columns. Throw Error(input) for n < 1, a faulty box, or more numbers
// than memory could hold. An axis keeps its values when axes are added behind it.

// Latin hypercube: one point a stratum of every axis. Item: the axis.
Table lhs(const Box&, std::size_t n, std::uint64_t seed);
// Independent points: the first ones of a longer table. Item: the point.
Table uniform(const Box&, std::size_t n, std::uint64_t seed);
// Sobol's sequence from its start (the zero included), Joe and Kuo's direction numbers, with a digital shift
// by `seed`: the first ones of a longer table; even in every dyadic interval for n = 2^k. At most 3667 axes.
Table sobol(const Box&, std::size_t n, std::uint64_t seed);
// Both ends included, so at least 2 points an axis; first axis slowest.
Table grid(const Box&, std::size_t points_per_axis);

}  // namespace rondo
