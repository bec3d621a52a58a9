#include "jit/graph/variation.h"

#include <set>

namespace rondo {
namespace {

// df/dx as (column among x, derivative) a row.
std::vector<Gradient> jacobian_of(Graph& graph, std::span<const NodeId> rhs,
                                  std::span<const std::uint32_t> states, std::size_t all_states) {
    std::vector<std::uint32_t> place(all_states, time_state);
    for (std::uint32_t i = 0; i < states.size(); ++i) place[states[i]] = i;
    std::vector<Gradient> rows = gradients(graph, rhs);
    for (Gradient& row : rows)
        for (auto& [state, derivative] : row) state = place[state];
    return rows;
}

}  // namespace

Dependence dependence(const OdeSystem& system, std::span<const NodeId> nodes) {
    Dependence result;
    std::set<std::uint32_t> found;
    std::vector<NodeId> roots(nodes.begin(), nodes.end());
    for (std::size_t known = 0; !roots.empty(); known = found.size()) {
        for (const NodeId id : reachable(system.graph, roots)) {
            const Node node = system.graph[id];
            result.on_time |= node.op == Op::time;
            if (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::state)
                found.insert(node.symbol.index);
        }
        if (found.size() == known) break;
        roots.clear();
        for (const std::uint32_t state : found) roots.push_back(system.rhs[state]);
    }
    result.states.assign(found.begin(), found.end());
    return result;
}

Variation variation(const OdeSystem& original, std::vector<std::uint32_t> states, std::size_t directions,
                    bool by_parameters) {
    Variation result;
    OdeSystem& system = result.system;
    system.id = original.id;
    system.graph = original.graph;
    system.inputs = original.inputs;
    system.derived = original.derived;
    system.states = original.states;
    system.rhs = original.rhs;
    Graph& graph = system.graph;
    std::vector<NodeId> rhs;
    for (const std::uint32_t state : states) rhs.push_back(original.rhs[state]);
    const auto jacobian = jacobian_of(graph, rhs, states, original.states.size());

    const auto follow = [&](std::span<const NodeId> sources, const std::string& name) {
        const auto first = static_cast<std::uint32_t>(system.states.size());
        for (std::size_t i = 0; i < states.size(); ++i) {
            NodeId sum = sources.empty() ? graph.number(0) : sources[i];
            for (const auto& [column, derivative] : jacobian[i])
                sum = graph.apply(Op::plus,
                                  {sum, graph.apply(Op::times, {derivative, graph.state(first + column)})});
            system.rhs.push_back(sum);
        }
        for (const std::uint32_t state : states)
            system.states.push_back("d " + original.states[state] + " / d " + name);
    };

    result.directions = directions;
    result.first_direction = system.states.size();
    for (std::size_t d = 0; d < directions; ++d) follow({}, std::to_string(d));
    result.first_parameter = system.states.size();
    if (by_parameters) {
        const auto derivatives = gradients(graph, rhs, By::parameters);
        std::set<std::uint32_t> read;
        for (const Gradient& row : derivatives)
            for (const auto& [parameter, derivative] : row) read.insert(parameter);
        result.parameters.assign(read.begin(), read.end());
        for (const std::uint32_t parameter : result.parameters) {
            std::vector<NodeId> sources;
            for (const Gradient& row : derivatives) {
                NodeId source = graph.number(0);
                for (const auto& [index, derivative] : row)
                    if (index == parameter) source = derivative;
                sources.push_back(source);
            }
            follow(sources, "p" + std::to_string(parameter));
        }
    }
    result.states = std::move(states);
    return result;
}

}  // namespace rondo
