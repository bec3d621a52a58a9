// fold.cpp: the graph of a system, made anew with some symbols replaced.
#include "jit/graph/fold.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace rondo {
namespace {

std::set<std::uint32_t> parameters_in_exponents(const Graph& graph, std::span<const NodeId> roots) {
    std::vector<NodeId> exponents;
    for (const NodeId id : reachable(graph, roots))
        if (graph[id].op == Op::power) exponents.push_back(graph.operands(id)[1]);
    std::set<std::uint32_t> found;
    for (const NodeId id : reachable(graph, exponents))
        if (graph[id].op == Op::symbol && graph[id].symbol.kind == Symbol::Kind::parameter)
            found.insert(graph[id].symbol.index);
    return found;
}

}  // namespace

OdeSystem fold_exponents(const OdeSystem& system, std::span<const double> values,
                         std::span<const std::string> varying) {
    std::map<std::uint32_t, double> fixed;
    for (const std::uint32_t index : parameters_in_exponents(system.graph, system.rhs)) {
        if (index >= system.inputs.size() || !std::isfinite(values[index])) continue;
        if (std::ranges::count(varying, system.inputs[index].id) == 0) fixed[index] = values[index];
    }
    OdeSystem result = system;
    if (fixed.empty()) return result;
    Graph& graph = result.graph;
    // New nodes follow the old ones, which the equations of the start go on using.
    const std::size_t count = graph.size();
    std::vector<NodeId> now(count);
    for (NodeId id = 0; id < count; ++id) {
        const Node node = graph[id];
        now[id] = id;
        if (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::parameter) {
            const auto value = fixed.find(node.symbol.index);
            if (value != fixed.end()) now[id] = graph.number(value->second);
        } else if (node.count > 0) {
            std::vector<NodeId> operands;
            for (const NodeId operand : graph.operands(id)) operands.push_back(now[operand]);
            now[id] = graph.apply(node.op, operands);
        }
    }
    for (auto* nodes : {&result.rhs, &result.jacobian})
        for (NodeId& id : *nodes) id = now[id];
    for (Output& output : result.outputs) output.node = now[output.node];
    for (auto& [name, id] : result.output_index) id = now[id];
    return result;
}

}  // namespace rondo
