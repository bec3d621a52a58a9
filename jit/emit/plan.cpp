// plan.cpp: cutting functions into pieces.
#include "jit/emit/plan.h"

namespace rondo {

Plan plan(const Graph& graph, const std::vector<Store>& stores, std::size_t piece_size) {
    std::vector<NodeId> roots;
    for (const Store& store : stores) roots.push_back(store.node);
    Plan result;
    result.pieces.emplace_back();
    std::unordered_map<NodeId, std::size_t> piece_of;
    for (const NodeId id : reachable(graph, roots)) {
        if (graph.is_leaf(id)) continue;
        if (result.pieces.back().nodes.size() == piece_size) result.pieces.emplace_back();
        const std::size_t here = result.pieces.size() - 1;
        piece_of.emplace(id, here);
        result.pieces.back().nodes.push_back(id);
        for (const NodeId operand : graph.operands(id)) {
            if (graph.is_leaf(operand) || piece_of.at(operand) == here) continue;
            result.scratch.emplace(operand, static_cast<std::uint32_t>(result.scratch.size()));
        }
    }
    for (const Store& store : stores) {
        const std::size_t piece = graph.is_leaf(store.node) ? 0 : piece_of.at(store.node);
        result.pieces[piece].stores.push_back(store);
    }
    return result;
}

}  // namespace rondo
