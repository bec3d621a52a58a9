// graph.h: hash-consed expressions. Equal expressions are one node, so common subexpressions cost nothing to
// find; nodes are simplified as they are made, so no pass has to come back.
//
// Nodes only refer to earlier nodes: ascending NodeId is a topological order.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dsl/model/math.h"

namespace rondo {

using NodeId = std::uint32_t;

// Symbols are numbered within their kind.
struct Symbol {
    enum class Kind : std::uint8_t { state, parameter } kind = Kind::state;
    std::uint32_t index = 0;
    bool operator==(const Symbol&) const = default;
};

// What is left of Op once apply() has rewritten the rest (pi to a number, sec to 1 / cos, gt to lt, ...):
//   leaves     number (value), symbol, time
//   unary      negate abs ceil floor exp ln log10 sqrt factorial not_, sin cos tan and their inverses, each
//              also hyperbolic
//   binary     plus minus times divide power quotient min max eq neq lt leq and_ or_ xor_
//   piecewise  value, condition, ..., otherwise: always an odd number of operands
struct Node {
    Op op;
    Symbol symbol{};                     // Op::symbol
    double value = 0;                    // Op::number
    std::uint32_t first = 0, count = 0;  // its operands, in Graph::operands()
};

class Graph {
  public:
    NodeId number(double value);
    NodeId time();
    NodeId state(std::uint32_t index);
    NodeId parameter(std::uint32_t index);
    // Simplifies: folds constants, drops neutral elements, orders commuting operands, and so on
    // (simplify.cpp). Never assumes a value finite or non-zero unless the rewrite keeps the value wherever
    // both sides are defined, and never folds x == x (NaN marks absent inputs, see system.h). Sums and
    // products of many operands become chains from the left, so products share their prefixes.
    NodeId apply(Op op, std::span<const NodeId> operands);
    NodeId apply(Op op, std::initializer_list<NodeId> operands) {
        return apply(op, std::span(operands.begin(), operands.size()));
    }

    Node operator[](NodeId id) const { return nodes_[id]; }  // a copy: nodes move when the graph grows
    // Valid until the graph grows.
    std::span<const NodeId> operands(NodeId id) const {
        return std::span(operands_).subspan(nodes_[id].first, nodes_[id].count);
    }
    std::size_t size() const { return nodes_.size(); }
    bool is_number(NodeId id) const { return nodes_[id].op == Op::number; }
    bool is_number(NodeId id, double value) const { return is_number(id) && nodes_[id].value == value; }
    bool is_leaf(NodeId id) const { return nodes_[id].count == 0; }

  private:
    NodeId intern(Node node, std::span<const NodeId> operands);
    void grow_index();
    std::vector<Node> nodes_;
    std::vector<NodeId> operands_;
    std::vector<NodeId> index_;  // open addressing by hash; a power of two, at most half full
};

// x^n with a whole n up to this is computed by multiplications; pow beyond.
inline constexpr double largest_whole_power = 64;

// The nodes that `roots` need, themselves included, ascending.
std::vector<NodeId> reachable(const Graph&, std::span<const NodeId> roots);

// The value of one operation, as evaluate() and constant folding have it. Conditions are 1 or 0; any value
// but 0 holds, NaN too. min and max of NaN are NaN.
double apply_to_numbers(Op op, std::span<const double> operands);

// The oracle of every compiled form: operation by operation, no caching, no cleverness.
double evaluate(const Graph&, NodeId, double t, std::span<const double> y, std::span<const double> p);
// The same of several nodes. out: [nodes]
void evaluate(const Graph&, std::span<const NodeId> nodes, double t, std::span<const double> y,
              std::span<const double> p, std::span<double> out);

// d node / d state[i], as nodes added to the graph. Piecewise differentiates branch by branch; comparisons,
// floor and ceil have derivative 0.
NodeId differentiate(Graph&, NodeId node, std::uint32_t state);

// All structurally non-zero derivatives of several nodes, in one pass whose cost is linear in their number.
// Result: [nodes], each (index of state or parameter, derivative) by ascending index; the derivative by time
// comes last, as that of state `time_state`.
enum class By : std::uint8_t { states, states_and_time, parameters };
using Gradient = std::vector<std::pair<std::uint32_t, NodeId>>;
inline constexpr std::uint32_t time_state = 0xffffffff;
std::vector<Gradient> gradients(Graph&, std::span<const NodeId> nodes, By by = By::states);

std::string to_text(const Graph&, NodeId, std::span<const std::string> states,
                    std::span<const std::string> parameters);

}  // namespace rondo
