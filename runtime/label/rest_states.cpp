#include <algorithm>
#include <vector>

#include "runtime/label/rest.h"

namespace rondo {
namespace {

// What a set of expressions reads.
struct Reads {
    std::vector<bool> states;
    bool time = false;
};

void collect(const Graph& graph, NodeId node, std::vector<bool>& seen, Reads& reads) {
    std::vector<NodeId> open{node};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (seen[id]) continue;
        seen[id] = true;
        if (graph[id].op == Op::time) reads.time = true;
        if (graph[id].op == Op::symbol && graph[id].symbol.kind == Symbol::Kind::state)
            reads.states[graph[id].symbol.index] = true;
        for (NodeId operand : graph.operands(id)) open.push_back(operand);
    }
}

}  // namespace

RestFinder::RestFinder(const CompiledModel& model) : model_(&model) {
    const OdeSystem& system = model.system();
    Reads reads{std::vector<bool>(system.states.size())};
    std::vector<bool> seen(system.graph.size()), followed(system.states.size());
    for (NodeId output : model.outputs()) collect(system.graph, output, seen, reads);
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < followed.size(); ++i) {
            if (!reads.states[i] || followed[i]) continue;
            followed[i] = more = true;
            collect(system.graph, system.rhs[i], seen, reads);
        }
    }
    driven_ = reads.time;
    for (std::uint32_t i = 0; i < followed.size(); ++i)
        if (followed[i]) states_.push_back(i);
}

}  // namespace rondo
