// factors.cpp: chains of products taken apart and put together again.
#include "jit/graph/factors.h"

#include <unordered_map>

namespace rondo {
namespace {

// above / below * rest
struct Product {
    NodeId above, below;  // read neither states nor time
    NodeId rest;          // the number 1 where nothing does
};

class Gatherer {
  public:
    explicit Gatherer(Graph& graph) : graph_(graph), one_(graph.number(1)) {}

    // Operands must have been taken before.
    void take(NodeId id) {
        const Node node = graph_[id];
        std::vector<NodeId> x;
        for (const NodeId operand : graph_.operands(id)) x.push_back(operand);
        products_.emplace(id, product_of(id, node, x));
    }

    NodeId value(NodeId id) {
        const Product& product = products_.at(id);
        return times(divide(product.above, product.below), product.rest);
    }

  private:
    NodeId times(NodeId a, NodeId b) { return graph_.apply(Op::times, {a, b}); }
    NodeId divide(NodeId a, NodeId b) { return graph_.apply(Op::divide, {a, b}); }
    bool is_fixed(NodeId id) const { return graph_.is_number(products_.at(id).rest, 1); }

    Product product_of(NodeId id, const Node& node, const std::vector<NodeId>& x) {
        if (node.op == Op::times || node.op == Op::divide) {
            const Product &a = products_.at(x[0]), &b = products_.at(x[1]);
            if (node.op == Op::times)
                return {times(a.above, b.above), times(a.below, b.below), times(a.rest, b.rest)};
            return {times(a.above, b.below), times(a.below, b.above), divide(a.rest, b.rest)};
        }
        const bool varies =
            node.op == Op::time || (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::state);
        bool fixed = !varies;
        std::vector<NodeId> now;
        for (const NodeId operand : x) {
            fixed &= is_fixed(operand);
            now.push_back(value(operand));
        }
        const NodeId same = x.empty() ? id : graph_.apply(node.op, now);
        return fixed ? Product{same, one_, one_} : Product{one_, one_, same};
    }

    Graph& graph_;
    const NodeId one_;
    std::unordered_map<NodeId, Product> products_;
};

}  // namespace

std::vector<NodeId> gather_fixed_factors(Graph& graph, std::span<const NodeId> roots) {
    Gatherer gatherer(graph);
    for (const NodeId id : reachable(graph, roots)) gatherer.take(id);
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(gatherer.value(root));
    return result;
}

}  // namespace rondo
