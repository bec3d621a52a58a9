// unit.h: names of units and products of them.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/model/network.h"

namespace rondo {

// libAntimony's spelling of a unit's name: without a plural's `s`, "litre" and "metre".
std::string unit_name(std::string_view written);

// SBML's units that need no definition.
bool is_base_unit(std::string_view name);

// Units as one number and powers of SI units and of `item`. Radian, steradian and avogadro are numbers.
struct Dimension {
    double scale = 1;
    std::map<std::string, double> powers;  // without zeros
};

// None if a unit is unknown.
std::optional<Dimension> dimension(const std::vector<Unit>& units);
Dimension product(const Dimension& a, const Dimension& b, double power_of_b = 1);
// Scales may differ by rounding.
bool same(const Dimension& a, const Dimension& b);

}  // namespace rondo
