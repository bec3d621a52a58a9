// system.cpp: reading and walking an OdeSystem.
#include "jit/graph/system.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"
#include "jit/graph/formula.h"

namespace rondo {
std::vector<std::string> OdeSystem::parameter_names() const {
    std::vector<std::string> names;
    for (const Input& input : inputs) names.push_back(input.id);
    names.insert(names.end(), derived.begin(), derived.end());
    return names;
}

std::optional<NodeId> OdeSystem::output(std::string_view name) const {
    const auto found = output_index.find(std::string(name));
    return found == output_index.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> OdeSystem::input(std::string_view name) const {
    const auto found = input_index.find(std::string(name));
    return found == input_index.end() ? std::nullopt : std::optional(found->second);
}

NodeId add_expression(OdeSystem& system, const Network& network, const Math& math) {
    const auto symbol = [&](const std::string& name) {
        const auto found = system.output(name);
        if (!found) throw Error(Fault::input, "unknown name '" + name + "'");
        return *found;
    };
    return NodeReader(system.graph, network.functions).read(math, symbol);
}

std::vector<std::string> missing_inputs(const OdeSystem& system, std::span<const double> inputs) {
    std::vector<std::string> missing;
    for (std::size_t i = 0; i < system.inputs.size(); ++i) {
        if (system.inputs[i].required && std::isnan(inputs[i])) missing.push_back(system.inputs[i].id);
    }
    return missing;
}

void TreeWalker::initialize(double t0, std::span<double> p, std::span<double> y) const {
    const OdeSystem& s = *system;
    std::vector<NodeId> nodes = s.completed;
    nodes.insert(nodes.end(), s.derived_values.begin(), s.derived_values.end());
    nodes.insert(nodes.end(), s.initial.begin(), s.initial.end());
    std::vector<double> values(nodes.size());
    evaluate(s.graph, nodes, t0, {}, p, values);
    const auto first_state = values.begin() + static_cast<std::ptrdiff_t>(s.parameter_count());
    std::copy(values.begin(), first_state, p.begin());
    std::copy(first_state, values.end(), y.begin());
}

void TreeWalker::rhs(double t, std::span<const double> y, std::span<const double> p,
                     std::span<double> dydt) const {
    evaluate(system->graph, system->rhs, t, y, p, dydt);
}

void TreeWalker::jacobian(double t, std::span<const double> y, std::span<const double> p,
                          std::span<double> values) const {
    evaluate(system->graph, system->jacobian, t, y, p, values);
}

bool reads_time(const OdeSystem& system) {
    const auto nodes = reachable(system.graph, system.rhs);
    return std::ranges::any_of(nodes, [&](NodeId id) { return system.graph[id].op == Op::time; });
}

}  // namespace rondo
