// formula.cpp: unknown numbers as values, and their derivatives.
#include "runtime/study/formula.h"

#include <algorithm>
#include <array>
#include <map>

#include "runtime/study/mistake.h"
#include "runtime/study/objects.h"
#include "runtime/study/operators.h"

namespace rondo {

std::uint32_t Tracing::add_parameter(std::string name) {
    names.push_back(std::move(name));
    return procedure.parameters++;
}

std::string FormulaValue::print() const {
    return to_text(tracing->procedure.graph, node, {}, tracing->names);
}

void FormulaValue::identify(Identity& identity) const {
    identity.add(print());
}

Value from_node(const TracingPtr& tracing, NodeId node, bool truth) {
    const Graph& graph = tracing->procedure.graph;
    if (!graph.is_number(node)) return make_object(FormulaValue(tracing, node, truth));
    const double value = graph[node].value;
    return truth ? Value(value != 0) : Value(value);
}

Value unknown(const TracingPtr& tracing, const std::string& name) {
    const std::uint32_t index = tracing->add_parameter(name);
    return from_node(tracing, tracing->procedure.graph.parameter(index));
}

NodeId to_node(Tracing& tracing, const Value& value) {
    if (const auto* number = value.get_if<double>()) return tracing.procedure.graph.number(*number);
    if (const auto* truth = value.get_if<bool>()) return tracing.procedure.graph.number(*truth ? 1 : 0);
    const auto* formula = object_if<FormulaValue>(value);
    if (!formula) throw Mistake("a formula needs a number here, not " + with_article(value.type()));
    if (formula->tracing.get() != &tracing) throw Mistake("the formulas of two functions cannot be mixed");
    return formula->node;
}

// ---- formulas inside values ----

TracingPtr tracing_of(const Value& value) {
    if (const auto* formula = object_if<FormulaValue>(value)) return formula->tracing;
    if (const auto* list = value.get_if<List>()) return tracing_of_any(std::span(*list));
    const auto* record = value.get_if<Record>();
    const auto* function = value.get_if<Function>();
    if (!record && !function) return nullptr;
    for (const auto& [name, field] : record ? *record : function->captured)
        if (auto found = tracing_of(field)) return found;
    return nullptr;
}

TracingPtr tracing_of_any(std::span<const Value> values) {
    for (const Value& value : values)
        if (auto found = tracing_of(value)) return found;
    return nullptr;
}

namespace {

bool is_number(const Value& value) {
    const auto* formula = object_if<FormulaValue>(value);
    return value.get_if<double>() || (formula && !formula->truth);
}

bool is_truth(const Value& value) {
    const auto* formula = object_if<FormulaValue>(value);
    return value.get_if<bool>() || (formula && formula->truth);
}

// The value with each of its numbers, in order, changed.
template <class Change>
Value map_numbers(const Value& value, const Change& change) {
    if (is_number(value)) return change(value);
    if (const auto items = value.get_if<Range>() ? std::nullopt : list_of_values(value)) {
        List changed;
        for (const Value& item : *items) changed.push_back(map_numbers(item, change));
        return changed;
    }
    const auto* record = value.get_if<Record>();
    if (!record) return value;
    Record changed;
    for (const auto& [name, field] : *record) changed.emplace_back(name, map_numbers(field, change));
    return changed;
}

bool same(const Value& a, const Value& b) {
    if (a.data().index() != b.data().index()) return false;
    return std::visit(
        [&]<class T>(const T& x) {
            if constexpr (std::is_same_v<T, Range>) {
                const auto& y = std::get<Range>(b.data());
                return x.first == y.first && x.last == y.last;
            } else {
                return x == std::get<T>(b.data());
            }
        },
        a.data());
}

[[noreturn]] void fail_either(const Value& value, const Value& otherwise) {
    throw Mistake(
        "a formula decides between " + with_article(value.type()) + " and " + with_article(otherwise.type()),
        "it can choose between numbers, and between lists or records of numbers that are alike");
}

}  // namespace

void collect_numbers(const Value& value, std::vector<Value>& numbers) {
    map_numbers(value, [&](const Value& number) {
        numbers.push_back(number);
        return number;
    });
}

Value with_numbers(const Value& value, std::span<const Value> numbers) {
    std::size_t next = 0;
    return map_numbers(value, [&](const Value&) { return numbers[next++]; });
}

Value either(const Value& condition, const Value& value, const Value& otherwise) {
    if (const auto* known = condition.get_if<bool>()) return *known ? value : otherwise;
    if (same(value, otherwise)) return value;
    if ((is_number(value) && is_number(otherwise)) || (is_truth(value) && is_truth(otherwise))) {
        const auto tracing = tracing_of(condition);
        Graph& graph = tracing->procedure.graph;
        const std::array nodes{to_node(*tracing, value), to_node(*tracing, condition),
                               to_node(*tracing, otherwise)};
        return from_node(tracing, graph.apply(Op::piecewise, nodes), is_truth(value));
    }
    const auto list = list_of_values(value), other_list = list_of_values(otherwise);
    if (list && other_list && list->size() == other_list->size()) {
        List chosen;
        for (std::size_t i = 0; i < list->size(); ++i)
            chosen.push_back(either(condition, (*list)[i], (*other_list)[i]));
        return chosen;
    }
    const auto *record = value.get_if<Record>(), *other_record = otherwise.get_if<Record>();
    if (!record || !other_record || record->size() != other_record->size()) fail_either(value, otherwise);
    Record chosen;
    for (const auto& [name, field_value] : *record)
        chosen.emplace_back(name, either(condition, field_value, field(otherwise, name)));
    return chosen;
}

// ---- derivatives ----

namespace {

constexpr std::string_view no_loop = "the derivative of what a long loop computes is not known";

// `root` with the parameters in `known` replaced by nodes.
NodeId substitute(Graph& graph, NodeId root, const std::map<NodeId, NodeId>& known) {
    std::map<NodeId, NodeId> now = known;
    for (const NodeId id : reachable(graph, std::span(&root, 1))) {
        if (now.contains(id)) continue;
        std::vector<NodeId> operands;
        for (const NodeId operand : graph.operands(id)) operands.push_back(now.at(operand));
        now[id] = operands.empty() ? id : graph.apply(graph[id].op, operands);
    }
    return now.at(root);
}

// d node / d each of the parameters.
std::vector<NodeId> derivatives(Graph& graph, NodeId node, std::span<const NodeId> parameters) {
    const Gradient gradient = gradients(graph, std::span(&node, 1), By::parameters)[0];
    std::vector<NodeId> result;
    for (const NodeId parameter : parameters) {
        const auto found = std::ranges::find(gradient, graph[parameter].symbol.index,
                                             &std::pair<std::uint32_t, NodeId>::first);
        result.push_back(found == gradient.end() ? graph.number(0) : found->second);
    }
    return result;
}

std::size_t count_loops(const std::vector<Procedure::Loop>& loops) {
    std::size_t count = loops.size();
    for (const auto& loop : loops) count += count_loops(loop.inner);
    return count;
}

// gradient(f, x, y, ...), a list: the partial derivatives of f at these arguments, formulas or numbers.
// f is traced with unknowns of its own, so that it does not matter how the arguments came about.
Value run_gradient(Call& call) {
    const auto given = call.rest();
    std::vector<Value> at;
    for (const auto& each : given) at.push_back(each.value);
    if (at.empty()) call.fail("gradient needs the arguments of the function, as gradient(f, x, y)");
    TracingPtr tracing = tracing_of_any(std::span(at));
    if (!tracing) tracing = std::make_shared<Tracing>();
    std::vector<Value> unknowns;
    for (std::size_t i = 0; i < at.size(); ++i)
        unknowns.push_back(unknown(tracing, "x" + std::to_string(i + 1)));
    const std::size_t loops = count_loops(tracing->procedure.loops) + count_loops(*tracing->open);
    const Value value = call.apply(call.value("function"), unknowns);
    if (count_loops(tracing->procedure.loops) + count_loops(*tracing->open) != loops)
        call.fail_at("function", std::string(no_loop));
    if (!is_number(value))
        call.fail_at("function",
                     "the gradient of a function that gives " + with_article(value.type()) + " is not known",
                     "it must give a number");
    Graph& graph = tracing->procedure.graph;
    std::vector<NodeId> parameters;
    std::map<NodeId, NodeId> actual;
    for (std::size_t i = 0; i < at.size(); ++i) {
        parameters.push_back(to_node(*tracing, unknowns[i]));
        actual[parameters[i]] = to_node(*tracing, at[i]);
    }
    List slopes;
    for (const NodeId slope : derivatives(graph, to_node(*tracing, value), parameters))
        slopes.push_back(from_node(tracing, substitute(graph, slope, actual)));
    return slopes;
}

NodeId derivative(Tracing& tracing, NodeId of, NodeId by) {
    if (tracing.derivative) return tracing.derivative(of, by);
    Graph& graph = tracing.procedure.graph;
    if (graph[by].op != Op::symbol)
        throw Mistake("d takes the derivative by an argument; this one has been computed",
                      "gradient(f, x, y) is the gradient of a function at any place");
    if (!tracing.procedure.loops.empty() || tracing.open != &tracing.procedure.loops)
        throw Mistake(std::string(no_loop));
    return derivatives(graph, of, std::span(&by, 1))[0];
}

// d(of, x, x): the second derivative of a formula by an argument.
Value run_d(Call& call) {
    const auto by = call.rest();
    std::vector<Value> all{call.value("of")};
    for (const auto& each : by) all.push_back(each.value);
    const TracingPtr tracing = tracing_of_any(std::span(all));
    if (by.empty()) call.fail("d needs what to differentiate by, as d(u, x)");
    if (!tracing)
        call.fail("d(u, x) has a meaning in formulas alone",
                  "gradient(f, x, y) is the gradient of a function at a place");
    NodeId node = to_node(*tracing, all[0]);
    for (const auto& each : by) {
        if (!object_if<FormulaValue>(each.value))
            throw Mistake("d takes the derivative by an argument, not by " + with_article(each.value.type()));
        node = derivative(*tracing, node, to_node(*tracing, each.value));
    }
    return from_node(tracing, node);
}

}  // namespace

void add_formula_verbs(Verbs& verbs) {
    verbs["gradient"] = {"gradient", {"function", "..."}, run_gradient};
    verbs["d"] = {"d", {"of", "..."}, run_d};
}

}  // namespace rondo
