// formula.h: a formula of a network as nodes of a graph, function definitions inlined.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/model/network.h"
#include "jit/graph/graph.h"

namespace rondo {

// What a name means where it stands.
using Names = std::function<NodeId(const std::string&)>;

class NodeReader {
  public:
    NodeReader(Graph& graph, const std::vector<FunctionDefinition>& functions);
    // rateOf(x) is looked up as the name `rateOf(x)`. Throws Error(input) for an unknown function or a wrong
    // number of arguments, Error(unsupported) for a random draw; `names` throws for names.
    NodeId read(const Math& math, const Names& names);
    // What delay(value, lag) means; without it, delays are refused.
    void set_delay(std::function<NodeId(NodeId value, NodeId lag)> delay) { delay_ = std::move(delay); }

  private:
    NodeId call(const Math& math, std::span<const NodeId> arguments);
    Graph& graph_;
    std::unordered_map<std::string_view, const FunctionDefinition*> functions_;
    std::function<NodeId(NodeId, NodeId)> delay_;
    int depth_ = 0;  // of calls inside calls
};

// Adds the names that `math` mentions, again and again where it does so. Functions see only their arguments.
void add_names(const Math& math, std::vector<std::string_view>& names);

}  // namespace rondo
