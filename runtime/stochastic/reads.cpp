#include "runtime/stochastic/reads.h"

#include <optional>
#include <unordered_set>
#include <vector>

namespace rondo {
namespace {

// The mode that lowering has put in the place of `id`: piecewise(value, kept == kept, node).
std::optional<std::uint32_t> mode_at(const OdeSystem& system, NodeId id) {
    const Graph& graph = system.graph;
    if (graph[id].op != Op::piecewise || graph[id].count != 3) return std::nullopt;
    const NodeId condition = graph.operands(id)[1];
    if (graph[condition].op != Op::eq) return std::nullopt;
    const NodeId kept = graph.operands(condition)[0];
    const Symbol symbol = graph[kept].symbol;
    const bool itself = kept == graph.operands(condition)[1] && graph[kept].op == Op::symbol;
    if (!itself || symbol.kind != Symbol::Kind::parameter) return std::nullopt;
    const std::size_t mode = symbol.index - system.first_mode;
    if (symbol.index < system.first_mode || mode >= system.modes.size()) return std::nullopt;
    return static_cast<std::uint32_t>(mode);
}

void read_leaf(const Node& leaf, Reads& reads) {
    if (leaf.op == Op::time) reads.time = true;
    if (leaf.op != Op::symbol) return;
    (leaf.symbol.kind == Symbol::Kind::state ? reads.states : reads.parameters).insert(leaf.symbol.index);
}

}  // namespace

Reads direct_reads(const OdeSystem& system, std::span<const NodeId> nodes) {
    Reads reads;
    std::unordered_set<NodeId> seen;
    std::vector<NodeId> open(nodes.begin(), nodes.end());
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (!seen.insert(id).second) continue;
        if (const auto mode = mode_at(system, id)) {
            reads.modes.insert(*mode);
            continue;
        }
        read_leaf(system.graph[id], reads);
        for (const NodeId operand : system.graph.operands(id)) open.push_back(operand);
    }
    return reads;
}

Reads all_reads(const OdeSystem& system, std::span<const NodeId> nodes) {
    Reads reads = direct_reads(system, nodes);
    std::vector<std::uint32_t> open(reads.modes.begin(), reads.modes.end());
    while (!open.empty()) {
        const Reads inner = direct_reads(system, std::span(&system.modes[open.back()], 1));
        open.pop_back();
        reads.states.insert(inner.states.begin(), inner.states.end());
        reads.parameters.insert(inner.parameters.begin(), inner.parameters.end());
        for (const std::uint32_t mode : inner.modes) {
            if (reads.modes.insert(mode).second) open.push_back(mode);
        }
    }
    return reads;
}

}  // namespace rondo
