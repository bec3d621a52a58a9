// graph.h: hash-consed expressions. Equal expressions are one node, so common subexpressions cost nothing to
// find; nodes are simplified as they are made, so no pass has to come back.
//
// Nodes only refer to earlier nodes: ascending NodeId is a topological order.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/model/math.h"

namespace rondo {

using NodeId = std::uint32_t;

// Leaves: number (value), time, and symbols, which are numbered: states first, then parameters.
struct Symbol {
    enum class Kind : std::uint8_t { state, parameter } kind;
    std::uint32_t index;
};

struct Node {
    Op op;             // constants such as pi arrive as number; call, root, log, sec, ... are rewritten away
    Symbol symbol{};   // Op::symbol
    double value = 0;  // Op::number
    std::uint32_t first = 0, count = 0;  // its operands, in operands()
};

class Graph {
  public:
    NodeId number(double value);
    NodeId time();
    NodeId state(std::uint32_t index);
    NodeId parameter(std::uint32_t index);
    // Simplifies: folds constants, drops neutral elements, x^2 -> x*x by emit's policy, ... Never assumes
    // a value finite or non-zero unless the rewrite keeps the value wherever both sides are defined, and
    // never folds x == x (NaN marks absent inputs, see system.h).
    NodeId apply(Op op, std::span<const NodeId> operands);
    NodeId apply(Op op, std::initializer_list<NodeId> operands) {
        return apply(op, std::span(operands.begin(), operands.size()));
    }

    const Node& operator[](NodeId id) const { return nodes_[id]; }
    std::span<const NodeId> operands(NodeId id) const {
        return std::span(operands_).subspan(nodes_[id].first, nodes_[id].count);
    }
    std::size_t size() const { return nodes_.size(); }

  private:
    NodeId intern(Node node, std::span<const NodeId> operands);
    std::vector<Node> nodes_;
    std::vector<NodeId> operands_;
    std::unordered_multimap<std::uint64_t, NodeId> index_;
};

// The oracle of every compiled form: walks the tree, no caching, no cleverness.
double evaluate(const Graph&, NodeId, double t, std::span<const double> y, std::span<const double> p);

// d node / d state[i], as nodes added to the graph. Piecewise differentiates branch by branch; comparisons,
// floor and ceil have derivative 0.
NodeId differentiate(Graph&, NodeId node, std::uint32_t state);

std::string to_text(const Graph&, NodeId, std::span<const std::string> states,
                    std::span<const std::string> parameters);

}  // namespace rondo
