// jumps.cpp: what is not smooth. Events as values to compute, and the modes in which a run is smooth.
#include <algorithm>
#include <array>

#include "jit/graph/lower.h"

namespace rondo {

// ---- events ----

std::size_t Lowering::add_event_value(const Math& math) {
    system_.event_values.push_back(read(math, run_));
    return system_.event_values.size() - 1;
}

EventCode::Assignment Lowering::assignment(const EventAssignment& from) {
    EventCode::Assignment to{{}, add_event_value(*from.math), {}};
    const std::string_view id = from.variable;
    const auto keep_size = [&](const Species& s) {
        to.size = system_.event_values.size();
        system_.event_values.push_back(run_[s.compartment]);
    };
    if (const auto state = state_index_.find(id); state != state_index_.end()) {
        to.target = {Symbol::Kind::state, state->second};
        const Species* s = amount_states_[state->second];
        if (s && !means_amount(*s)) keep_size(*s);
    } else if (const auto held = held_index_.find(id); held != held_index_.end()) {
        to.target = {Symbol::Kind::parameter,
                     static_cast<std::uint32_t>(system_.inputs.size()) + held->second};
        keep_size(*held_[held->second]);
    } else {
        to.target = {Symbol::Kind::parameter, static_cast<std::uint32_t>(*system_.input(id))};
    }
    return to;
}

void Lowering::read_events() {
    for (const Event& from : network_.events) {
        if (!from.trigger) continue;
        EventCode to{from.id,         add_event_value(*from.trigger),    {}, {}, from.initial_value,
                     from.persistent, from.use_values_from_trigger_time, {}};
        NodeId& trigger = system_.event_values[to.trigger];
        constexpr std::array logic{Op::lt, Op::leq, Op::eq, Op::neq, Op::and_, Op::or_, Op::xor_, Op::not_};
        if (std::ranges::find(logic, graph_[trigger].op) == logic.end())
            trigger = graph_.apply(Op::neq, {trigger, graph_.number(0)});
        if (from.delay) to.delay = add_event_value(*from.delay);
        if (from.priority) to.priority = add_event_value(*from.priority);
        for (const EventAssignment& a : from.assignments) {
            const bool is_ruled = rule(a.variable, RuleKind::assignment) || solved_.contains(a.variable);
            if (a.math && !is_ruled) to.assignments.push_back(assignment(a));
        }
        system_.events.push_back(std::move(to));
    }
    if (!system_.events.empty()) read_concentrations();
}

void Lowering::read_concentrations() {
    for (std::uint32_t i = 0; i < system_.states.size(); ++i) {
        const auto species = species_.find(system_.states[i]);
        if (species == species_.end() || amount_states_[i] || means_amount(*species->second)) continue;
        if (!varies(species->second->compartment)) continue;
        system_.concentrations.emplace_back(i, system_.event_values.size());
        system_.event_values.push_back(run_[species->second->compartment]);
    }
}

// ---- modes ----

namespace {

bool jumps(Op op) {
    constexpr std::array ops{Op::lt, Op::leq, Op::eq, Op::neq, Op::floor, Op::ceil, Op::quotient};
    return std::ranges::find(ops, op) != ops.end();
}

// What a mode keeps of the node.
NodeId mode_of(Graph& graph, NodeId node) {
    const Op op = graph[node].op;
    if (op != Op::eq && op != Op::neq) return node;
    const NodeId a = graph.operands(node)[0], b = graph.operands(node)[1];
    const NodeId less = graph.apply(Op::lt, {a, b}), more = graph.apply(Op::lt, {b, a});
    return graph.apply(Op::piecewise, {graph.number(-1), less, graph.number(1), more, graph.number(0)});
}

// The node where `kept` holds its mode; the node itself where that is NaN.
NodeId by_mode(Graph& graph, NodeId node, NodeId kept) {
    const Op op = graph[node].op;
    const bool by_sign = op == Op::eq || op == Op::neq;
    const NodeId value = by_sign ? graph.apply(op, {kept, graph.number(0)}) : kept;
    return graph.apply(Op::piecewise, {value, graph.apply(Op::eq, {kept, kept}), node});
}

}  // namespace

void Lowering::add_frequencies() {
    std::vector<NodeId> arguments;
    for (const NodeId id : reachable(graph_, system_.modes)) {
        const Op op = graph_[id].op;
        if (op == Op::sin || op == Op::cos || op == Op::tan) arguments.push_back(graph_.operands(id)[0]);
    }
    for (const Gradient& gradient : gradients(graph_, arguments, By::states_and_time)) {
        if (!gradient.empty() && gradient.back().first == time_state)
            system_.frequencies.push_back(gradient.back().second);
    }
}

// Rewrites everything that is computed along the run. Nodes that only parameters reach jump with events
// alone.
void Lowering::keep_modes() {
    add_constraints();
    std::vector<NodeId> roots = run_.values();
    roots.insert(roots.end(), system_.event_values.begin(), system_.event_values.end());
    for (const auto& [state, node] : rate_rules_) roots.push_back(node);
    for (const auto& constraint : system_.constraints) {
        roots.push_back(constraint.residual);
        for (const auto& [state, coefficient] : constraint.direction) roots.push_back(coefficient);
    }
    for (const auto& delay : system_.delays) roots.insert(roots.end(), {delay.value, delay.lag});
    const auto first_delay = static_cast<std::uint32_t>(system_.inputs.size() + held_.size());
    const auto first_mode = first_delay + static_cast<std::uint32_t>(system_.delays.size());
    const auto moves = [&](const Node& leaf) {
        return leaf.op == Op::time || (leaf.op == Op::symbol && (leaf.symbol.kind == Symbol::Kind::state ||
                                                                 leaf.symbol.index >= first_delay));
    };
    std::vector<NodeId> now(graph_.size());
    std::vector<bool> moving(graph_.size());
    std::vector<NodeId> operands;
    for (const NodeId id : reachable(graph_, roots)) {
        now[id] = id;
        moving[id] = graph_.is_leaf(id) && moves(graph_[id]);
        bool changed = false;
        operands.assign(graph_.operands(id).begin(), graph_.operands(id).end());
        for (NodeId& operand : operands) {
            moving[id] = moving[id] || moving[operand];
            changed = changed || now[operand] != operand;
            operand = now[operand];
        }
        if (changed) now[id] = graph_.apply(graph_[id].op, operands);
        if (!moving[id] || !jumps(graph_[now[id]].op)) continue;
        const NodeId kept = graph_.parameter(first_mode + static_cast<std::uint32_t>(system_.modes.size()));
        system_.modes.push_back(mode_of(graph_, now[id]));
        now[id] = by_mode(graph_, now[id], kept);
    }
    const auto change = [&](NodeId& node) { node = now[node]; };
    run_.replace([&](NodeId node) { return now[node]; });
    add_frequencies();
    for (NodeId& node : system_.event_values) change(node);
    for (auto& [state, node] : rate_rules_) change(node);
    for (auto& constraint : system_.constraints) {
        change(constraint.residual);
        for (auto& [state, coefficient] : constraint.direction) change(coefficient);
    }
    for (auto& delay : system_.delays) {
        change(delay.value);
        change(delay.lag);
    }
}

}  // namespace rondo
