// equation.h: differential equations, as what a network has to satisfy where there are no targets to learn.
#pragma once
#include <compare>
#include <string>
#include <variant>
#include <vector>

#include "jit/graph/graph.h"
#include "runtime/table/table.h"

namespace rondo {

// d^n field / (d axis ...), n = 0, 1, 2.
struct Derivative {
    std::size_t field;            // place in Equation::fields
    std::vector<std::size_t> by;  // axes of the box, ascending
    auto operator<=>(const Derivative&) const = default;
};

// Formulas that are 0 where the equation holds. Parameter i of the graph is unknowns[i] at a point: a field
// or a derivative of one, or the point's column of that name, such as a coordinate.
struct Residual {
    Graph graph;
    std::vector<NodeId> roots;
    std::vector<std::variant<Derivative, std::string>> unknowns;
};

// Holds at given points: initial and boundary values, measurements.
struct SideCondition {
    Residual residual;
    Table points;
    double weight = 1;
};

// Raissi, Perdikaris, Karniadakis (2019): the loss is the mean over the training's rows of the sum of squared
// residuals, and of each condition its weight times the same over its points.
struct Equation {
    std::vector<std::string> fields;  // the network's outputs
    Residual residual;
    std::vector<SideCondition> conditions;
};

}  // namespace rondo
