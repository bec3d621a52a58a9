// offspring.h: new points made from points there are. Tables with the box's columns.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/sample/box.h"
#include "runtime/table/table.h"

namespace rondo {

// Points uniform in the box that two random parents span, each coordinate by itself (on a log axis, of the
// logarithms). Item of the random stream: the point. Source: spec/oscillators.md, section 3 (HGGS, step 3).

// Both parents from one table, two distinct rows: at least 2 rows.
Table crossover(const Box&, const Table& parents, std::size_t n, std::uint64_t seed);
// One parent from each table.
Table mutate(const Box&, const Table& high, const Table& medium, std::size_t n, std::uint64_t seed);

// On the line between a random row and one of its k nearest (in units of the box): every column of numbers is
// interpolated alike, labels too, so nothing is simulated. At least k + 1 rows.
// Source: Chawla, Bowyer, Hall, Kegelmeyer, "SMOTE" (JAIR 2002); with labels, Torgo et al., "SMOTE for
// regression" (EPIA 2013), whose label is weighted by distance: the same on a line.
Table smote(const Box&, const Table& minority, std::size_t n, std::size_t k, std::uint64_t seed);

// counts[i] points around row i of `parents`: normal with variance `variance` in every coordinate, in raw
// units or in those of the box. A point outside the box is drawn again, up to ten times, then set to the
// border. Source: spec/breed.md, sections 2 and 7.
enum class Spread : std::uint8_t { raw, scaled };
Table children(const Box&, const Table& parents, std::span<const std::size_t> counts, double variance, Spread,
               std::uint64_t seed);

// How many times denser such children lie at each point than uniform ones, their parents drawn by weight: the
// mean over parents of the normal law cut to the box. weights: >= 0, not all 0; one a parent. (Children that
// ten draws leave outside are counted as if they had been drawn on.) Cost: points times parents.
std::vector<double> children_density(const Box&, const Table& points, const Table& parents,
                                     std::span<const double> weights, double variance, Spread);

}  // namespace rondo
