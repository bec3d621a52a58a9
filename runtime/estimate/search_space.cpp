#include "runtime/estimate/search_space.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/sample/portable.h"
#include "runtime/table/csv.h"

namespace rondo {

double Coordinate::value(double z) const {
    switch (kind) {
        case Kind::linear: return z;
        case Kind::log: return portable_exp(z);
        case Kind::whole: return std::clamp(std::floor(z + 0.5), lower + 0.5, upper - 0.5);
    }
    return z;
}

double Coordinate::at(double v) const {
    return kind == Kind::log ? portable_log(v) : v;
}

bool SearchSpace::contains(std::span<const double> z) const {
    for (std::size_t i = 0; i < size(); ++i)
        if (!(z[i] >= coordinates[i].lower && z[i] <= coordinates[i].upper)) return false;
    return true;
}

void SearchSpace::clip(std::span<double> z) const {
    for (std::size_t i = 0; i < size(); ++i)
        z[i] = std::clamp(z[i], coordinates[i].lower, coordinates[i].upper);
}

std::vector<double> SearchSpace::values(std::span<const double> z) const {
    std::vector<double> result;
    for (std::size_t i = 0; i < size(); ++i) result.push_back(coordinates[i].value(z[i]));
    return result;
}

std::vector<double> SearchSpace::random(Random& random) const {
    std::vector<double> z;
    for (const auto& c : coordinates) z.push_back(c.lower + random.uniform() * (c.upper - c.lower));
    return z;
}

SearchSpace search_space(const Box& box, std::span<const std::string> whole) {
    check(box);
    for (const auto& name : whole)
        if (std::ranges::count(box.names(), name) == 0)
            throw Error(Fault::input, "'" + name + "' is to be whole, but it is no free parameter");
    SearchSpace space;
    for (const auto& axis : box.axes) {
        Coordinate coordinate{Coordinate::Kind::linear, axis.name, axis.lower, axis.upper};
        if (std::ranges::count(whole, axis.name)) {
            if (axis.lower != std::floor(axis.lower) || axis.upper != std::floor(axis.upper))
                throw Error(Fault::input, "'" + axis.name + "' is to be whole, but its range " +
                                              shortest(axis.lower) + ".." + shortest(axis.upper) +
                                              " has ends that are not");
            coordinate.kind = Coordinate::Kind::whole;
            coordinate.lower -= 0.5;
            coordinate.upper += 0.5;
        } else if (axis.scale == Scale::log) {
            coordinate.kind = Coordinate::Kind::log;
            coordinate.lower = portable_log(axis.lower);
            coordinate.upper = portable_log(axis.upper);
        }
        space.coordinates.push_back(std::move(coordinate));
    }
    return space;
}

}  // namespace rondo
