// plan.cpp: cutting functions into pieces.
#include "jit/emit/plan.h"

#include <algorithm>

namespace rondo {

Plan plan(const Graph& graph, const std::vector<Destination>& stores) {
    std::vector<NodeId> roots;
    for (const Destination& store : stores) roots.push_back(store.node);
    std::vector<NodeId> nodes = reachable(graph, roots);
    std::erase_if(nodes, [&](NodeId id) { return graph.is_leaf(id); });

    Plan result;
    const std::size_t count = std::max<std::size_t>(1, (nodes.size() + largest_piece - 1) / largest_piece);
    result.pieces.resize(count);
    std::unordered_map<NodeId, std::size_t> piece_of;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::size_t here = i * count / nodes.size();
        piece_of.emplace(nodes[i], here);
        result.pieces[here].nodes.push_back(nodes[i]);
        for (const NodeId operand : graph.operands(nodes[i])) {
            if (graph.is_leaf(operand) || piece_of.at(operand) == here) continue;
            result.scratch.emplace(operand, static_cast<std::uint32_t>(result.scratch.size()));
        }
    }
    // What a piece has no room for (a derivative that a thousand entries share) follows in pieces of its own.
    for (const Destination& store : stores) {
        const bool leaf = graph.is_leaf(store.node);
        std::size_t piece = leaf ? 0 : piece_of.at(store.node);
        if (result.pieces[piece].stores.size() == largest_piece) {
            if (!leaf) result.scratch.emplace(store.node, static_cast<std::uint32_t>(result.scratch.size()));
            if (result.pieces.size() == count || result.pieces.back().stores.size() == largest_piece)
                result.pieces.emplace_back();
            piece = result.pieces.size() - 1;
        }
        result.pieces[piece].stores.push_back(store);
    }
    return result;
}

}  // namespace rondo
