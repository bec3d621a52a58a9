// graph.cpp: storage and hash-consing.
#include "jit/graph/graph.h"

#include <algorithm>
#include <bit>

namespace rondo {
namespace {

constexpr NodeId empty = 0xffffffff;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 32);
}

// Numbers are equal by their bits: 0 and -0 differ, NaN equals itself.
std::uint64_t hash_of(const Node& node, std::span<const NodeId> operands) {
    std::uint64_t hash = mix(static_cast<std::uint64_t>(node.op), std::bit_cast<std::uint64_t>(node.value));
    hash = mix(hash, static_cast<std::uint64_t>(node.symbol.kind) << 32 | node.symbol.index);
    for (const NodeId id : operands) hash = mix(hash, id);
    return hash;
}

}  // namespace

NodeId Graph::number(double value) {
    return intern({.op = Op::number, .value = value}, {});
}

NodeId Graph::time() {
    return intern({.op = Op::time}, {});
}

NodeId Graph::state(std::uint32_t index) {
    return intern({.op = Op::symbol, .symbol = {Symbol::Kind::state, index}}, {});
}

NodeId Graph::parameter(std::uint32_t index) {
    return intern({.op = Op::symbol, .symbol = {Symbol::Kind::parameter, index}}, {});
}

NodeId Graph::intern(Node node, std::span<const NodeId> operands) {
    if (2 * (nodes_.size() + 1) > index_.size()) grow_index();
    const auto same = [&](NodeId id) {
        const Node& other = nodes_[id];
        return other.op == node.op && other.symbol == node.symbol &&
               std::bit_cast<std::uint64_t>(other.value) == std::bit_cast<std::uint64_t>(node.value) &&
               std::ranges::equal(this->operands(id), operands);
    };
    const std::size_t mask = index_.size() - 1;
    std::size_t slot = hash_of(node, operands) & mask;
    for (; index_[slot] != empty; slot = (slot + 1) & mask) {
        if (same(index_[slot])) return index_[slot];
    }
    node.first = static_cast<std::uint32_t>(operands_.size());
    node.count = static_cast<std::uint32_t>(operands.size());
    operands_.insert(operands_.end(), operands.begin(), operands.end());
    nodes_.push_back(node);
    return index_[slot] = static_cast<NodeId>(nodes_.size() - 1);
}

void Graph::grow_index() {
    index_.assign(std::max<std::size_t>(64, 2 * index_.size()), empty);
    const std::size_t mask = index_.size() - 1;
    for (NodeId id = 0; id < nodes_.size(); ++id) {
        std::size_t slot = hash_of(nodes_[id], operands(id)) & mask;
        while (index_[slot] != empty) slot = (slot + 1) & mask;
        index_[slot] = id;
    }
}

std::vector<NodeId> reachable(const Graph& graph, std::span<const NodeId> roots) {
    NodeId last = 0;
    for (const NodeId root : roots) last = std::max(last, root);
    std::vector<bool> needed(roots.empty() ? 0 : last + 1);
    for (const NodeId root : roots) needed[root] = true;
    std::vector<NodeId> found;
    for (NodeId id = static_cast<NodeId>(needed.size()); id-- > 0;) {
        if (!needed[id]) continue;
        found.push_back(id);
        for (const NodeId operand : graph.operands(id)) needed[operand] = true;
    }
    std::ranges::reverse(found);
    return found;
}

}  // namespace rondo
