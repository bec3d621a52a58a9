// formula.cpp: formulas to nodes.
#include "jit/graph/formula.h"

#include "dsl/syntax/error.h"

namespace rondo {
namespace {

constexpr int deepest_call = 1000;  // a chain of functions longer than this calls itself

}  // namespace

NodeReader::NodeReader(Graph& graph, const std::vector<FunctionDefinition>& functions) : graph_(graph) {
    for (const FunctionDefinition& function : functions) functions_.emplace(function.id, &function);
}

NodeId NodeReader::read(const Math& math, const Names& names) {
    if (math.op == Op::number) return graph_.number(math.value);
    if (math.op == Op::symbol) return names(math.name);
    if (math.op == Op::rate_of) return names(to_text(math));
    if (math.op == Op::draw || (math.op == Op::delay && !delay_)) {
        throw Error(Fault::unsupported, "'" + to_text(math) + "' has no place in equations");
    }
    std::vector<NodeId> operands;
    for (const MathPtr& argument : math.args) operands.push_back(read(*argument, names));
    if (math.op == Op::delay) return delay_(operands[0], operands[1]);
    return math.op == Op::call ? call(math, operands) : graph_.apply(math.op, operands);
}

NodeId NodeReader::call(const Math& math, std::span<const NodeId> arguments) {
    const auto found = functions_.find(math.name);
    if (found == functions_.end()) throw Error(Fault::input, "unknown function '" + math.name + "'");
    const FunctionDefinition& function = *found->second;
    if (arguments.size() != function.arguments.size()) {
        throw Error(Fault::input, "function '" + function.id + "' takes " +
                                      std::to_string(function.arguments.size()) + " arguments; it is given " +
                                      std::to_string(arguments.size()));
    }
    if (depth_ == deepest_call) throw Error(Fault::input, "function '" + function.id + "' calls itself");
    const auto argument = [&](const std::string& name) {
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            if (function.arguments[i] == name) return arguments[i];
        }
        throw Error(Fault::input,
                    "function '" + function.id + "' uses '" + name + "', which is none of its arguments");
    };
    ++depth_;
    const NodeId result = read(*function.body, argument);
    --depth_;
    return result;
}

void add_names(const Math& math, std::vector<std::string_view>& names) {
    if (math.op == Op::symbol) names.push_back(math.name);
    for (const MathPtr& argument : math.args) add_names(*argument, names);
}

}  // namespace rondo
