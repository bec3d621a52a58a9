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
    // u in [0, 1] to a value and back.
    double value(double u) const;
    double unit(double x) const;
};

struct Box {
    std::vector<Axis> axes;
    std::vector<std::string> names() const;
};

// Throws Error(input) naming the axis: no axes, duplicate names, lower >= upper, non-finite, log with lower
// <= 0.
void check(const Box&);

// n points as a table with the box's columns. Throw Error(input) for n < 1.
Table lhs(const Box&, std::size_t n,
          std::uint64_t seed);  // Latin hypercube: one point a stratum of every axis
Table uniform(const Box&, std::size_t n, std::uint64_t seed);
Table sobol(const Box&, std::size_t n, std::uint64_t seed);  // scrambled (digital shift by `seed`)
Table grid(const Box&, std::size_t points_per_axis);         // both ends included; first axis slowest

}  // namespace rondo
