// text.cpp: graphs for people to read.
#include <unordered_map>

#include "jit/graph/graph.h"
#include "jit/graph/system.h"

namespace rondo {
namespace {

MathPtr leaf(const Node& node, std::span<const std::string> states, std::span<const std::string> parameters) {
    if (node.op == Op::number) return make_number(node.value);
    if (node.op == Op::time) return make_math(Op::time, {});
    return make_symbol((node.symbol.kind == Symbol::Kind::state ? states : parameters)[node.symbol.index]);
}

// Named expressions as lines; what is used again is a line of its own, `%7 = ...`, before its first use.
class Listing {
  public:
    explicit Listing(const OdeSystem& system) : system_(system), parameters_(system.parameter_names()) {}

    void section(const std::string& title, std::span<const std::string> names,
                 std::span<const NodeId> nodes) {
        text_ += title + "\n";
        const std::vector<NodeId> needed = reachable(system_.graph, nodes);
        std::unordered_map<NodeId, int> uses;
        for (const NodeId id : needed) {
            for (const NodeId operand : system_.graph.operands(id)) ++uses[operand];
        }
        for (const NodeId id : needed) show(id, uses[id] > 1);
        for (std::size_t i = 0; i < nodes.size(); ++i) line(names[i], *shown_.at(nodes[i]));
    }

    std::string take() { return std::move(text_); }

  private:
    void show(NodeId id, bool used_again) {
        const Graph& graph = system_.graph;
        if (graph.is_leaf(id)) {
            shown_[id] = leaf(graph[id], system_.states, parameters_);
            return;
        }
        std::vector<MathPtr> operands;
        for (const NodeId operand : graph.operands(id)) operands.push_back(shown_.at(operand));
        const MathPtr math = make_math(graph[id].op, std::move(operands));
        std::string name = "%";
        name += std::to_string(id);
        if (used_again) line(name, *math);
        shown_[id] = used_again ? make_symbol(name) : math;
    }

    void line(const std::string& name, const Math& math) {
        text_ += "  " + name + " = " + to_text(math) + "\n";
    }

    const OdeSystem& system_;
    std::vector<std::string> parameters_;
    std::unordered_map<NodeId, MathPtr> shown_;
    std::string text_;
};

}  // namespace

std::string to_text(const Graph& graph, NodeId root, std::span<const std::string> states,
                    std::span<const std::string> parameters) {
    std::unordered_map<NodeId, MathPtr> known;
    for (const NodeId id : reachable(graph, std::span(&root, 1))) {
        std::vector<MathPtr> operands;
        for (const NodeId operand : graph.operands(id)) operands.push_back(known.at(operand));
        known[id] = graph.is_leaf(id) ? leaf(graph[id], states, parameters)
                                      : make_math(graph[id].op, std::move(operands));
    }
    return to_text(*known.at(root));
}

std::string dump(const OdeSystem& system) {
    Listing listing(system);
    const std::vector<std::string> parameters = system.parameter_names();
    std::vector<NodeId> at_start = system.completed;
    at_start.insert(at_start.end(), system.derived_values.begin(), system.derived_values.end());
    listing.section("parameters at the start", parameters, at_start);
    listing.section("states at the start", system.states, system.initial);
    std::vector<std::string> rates, entries;
    for (const std::string& state : system.states) rates.push_back(state + "'");
    listing.section("derivatives", rates, system.rhs);
    for (std::size_t column = 0; column < system.states.size(); ++column) {
        for (std::uint32_t i = system.column_start[column]; i < system.column_start[column + 1]; ++i) {
            entries.push_back("d " + rates[system.row_index[i]] + " / d " + system.states[column]);
        }
    }
    listing.section("jacobian", entries, system.jacobian);
    return listing.take();
}

}  // namespace rondo
