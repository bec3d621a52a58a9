// unit.cpp: the table of base units (SBML Level 3, table 2; BIPM, The International System of Units, table
// 4).
#include "dsl/model/unit.h"

#include <algorithm>
#include <cmath>

namespace rondo {

namespace {

struct Base {
    std::string_view name;
    double scale;
    // powers of: metre kilogram second ampere kelvin mole candela item
    signed char powers[8];
};

constexpr const char* axes[] = {"metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela", "item"};

constexpr Base bases[] = {
    {"ampere", 1, {0, 0, 0, 1}},
    {"avogadro", 6.02214179e23, {}},
    {"becquerel", 1, {0, 0, -1}},
    {"candela", 1, {0, 0, 0, 0, 0, 0, 1}},
    {"coulomb", 1, {0, 0, 1, 1}},
    {"dimensionless", 1, {}},
    {"farad", 1, {-2, -1, 4, 2}},
    {"gram", 1e-3, {0, 1}},
    {"gray", 1, {2, 0, -2}},
    {"henry", 1, {2, 1, -2, -2}},
    {"hertz", 1, {0, 0, -1}},
    {"item", 1, {0, 0, 0, 0, 0, 0, 0, 1}},
    {"joule", 1, {2, 1, -2}},
    {"katal", 1, {0, 0, -1, 0, 0, 1}},
    {"kelvin", 1, {0, 0, 0, 0, 1}},
    {"kilogram", 1, {0, 1}},
    {"litre", 1e-3, {3}},
    {"lumen", 1, {0, 0, 0, 0, 0, 0, 1}},
    {"lux", 1, {-2, 0, 0, 0, 0, 0, 1}},
    {"metre", 1, {1}},
    {"mole", 1, {0, 0, 0, 0, 0, 1}},
    {"newton", 1, {1, 1, -2}},
    {"ohm", 1, {2, 1, -3, -2}},
    {"pascal", 1, {-1, 1, -2}},
    {"radian", 1, {}},
    {"second", 1, {0, 0, 1}},
    {"siemens", 1, {-2, -1, 3, 2}},
    {"sievert", 1, {2, 0, -2}},
    {"steradian", 1, {}},
    {"tesla", 1, {0, 1, -2, -1}},
    {"volt", 1, {2, 1, -3, -1}},
    {"watt", 1, {2, 1, -3}},
    {"weber", 1, {2, 1, -2, -1}},
};

const Base* base_named(std::string_view name) {
    const auto row =
        std::find_if(std::begin(bases), std::end(bases), [&](const Base& b) { return b.name == name; });
    return row == std::end(bases) ? nullptr : &*row;
}

}  // namespace

std::string unit_name(std::string_view written) {
    std::string name(written);
    const bool keeps =
        name.size() < 3 || name == "dimensionless" || name == "siemens" || name.ends_with("_s");
    if (name.ends_with('s') && !keeps) name.pop_back();
    if (name == "liter") return "litre";
    if (name == "meter") return "metre";
    return name;
}

bool is_base_unit(std::string_view name) {
    return base_named(name) != nullptr;
}

std::optional<Dimension> dimension(const std::vector<Unit>& units) {
    if (units.empty()) return {};
    Dimension result;
    for (const Unit& unit : units) {
        const Base* base = base_named(unit.kind);
        if (!base) return {};
        Dimension factor{.scale = unit.multiplier * std::pow(10.0, unit.scale) * base->scale};
        for (int axis = 0; axis < 8; ++axis)
            if (base->powers[axis] != 0) factor.powers[axes[axis]] = base->powers[axis];
        result = product(result, factor, unit.exponent);
    }
    return result;
}

Dimension product(const Dimension& a, const Dimension& b, double power_of_b) {
    Dimension result = a;
    result.scale *= std::pow(b.scale, power_of_b);
    for (const auto& [axis, power] : b.powers) {
        const double sum = result.powers[axis] += power * power_of_b;
        if (sum == 0) result.powers.erase(axis);
    }
    return result;
}

bool same(const Dimension& a, const Dimension& b) {
    return a.powers == b.powers && std::abs(a.scale - b.scale) <= 1e-9 * std::abs(a.scale);
}

}  // namespace rondo
