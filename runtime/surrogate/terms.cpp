// terms.cpp: channels, slots and operations of each residual, and the inputs of its rows.
#include "runtime/surrogate/terms.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/inputs.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

int as_int(std::size_t value) {
    return static_cast<int>(value);
}

template <class Item>
std::size_t place_of(const Item& item, std::vector<Item>& items) {
    const auto found = std::ranges::find(items, item);
    if (found == items.end()) items.push_back(item);
    return static_cast<std::size_t>(std::ranges::find(items, item) - items.begin());
}

void check_differentiable(const Surrogate& network) {
    const auto fail = [](const std::string& what) {
        throw Error(Fault::input, "a network that satisfies an equation " + what);
    };
    if (network.logs || !network.features.empty())
        fail("sees its coordinates alone, no logarithms or features");
    for (const Axis& axis : network.box.axes) {
        if (axis.scale == Scale::log) fail("needs a linear box; axis '" + axis.name + "' is logarithmic");
    }
    for (const DenseLayer& layer : network.layers) {
        if (layer.batch_norm) fail("has no batch norm; give mlp batch_norm = false");
        if (layer.activation == Activation::relu)
            fail("has a second derivative; give mlp activation = \"tanh\"");
    }
}

std::vector<std::size_t> needed_unknowns(const Residual& residual) {
    std::vector<std::size_t> needed;
    for (const NodeId id : reachable(residual.graph, residual.roots))
        if (residual.graph[id].op == Op::symbol) needed.push_back(residual.graph[id].symbol.index);
    return needed;
}

}  // namespace

// Channels: value, first derivatives, second ones, both in the order they come. What the formulas do not need
// is left out.
void Terms::lay_out(const Residual& residual, Store& store) {
    const std::vector<std::size_t> needed = needed_unknowns(residual);
    store.place.resize(residual.unknowns.size());
    for (const std::size_t i : needed)
        if (const auto* derivative = std::get_if<Derivative>(&residual.unknowns[i]))
            for (const std::size_t axis : derivative->by) (void)place_of(axis, store.axes);
    for (const std::size_t i : needed) {
        const auto* derivative = std::get_if<Derivative>(&residual.unknowns[i]);
        store.place[i] = derivative ? store.slots.size() : store.names.size();
        if (!derivative) {
            store.names.push_back(std::get<std::string>(residual.unknowns[i]));
            continue;
        }
        const auto& by = derivative->by;
        std::size_t channel = 0;
        if (by.size() == 1) channel = 1 + place_of(by[0], store.axes);
        if (by.size() == 2) channel = 1 + store.axes.size() + place_of(std::array{by[0], by[1]}, store.pairs);
        store.slots.push_back({as_int(channel), as_int(derivative->field)});
    }
    for (const auto& pair : store.pairs)
        for (const std::size_t axis : pair) store.seconds.push_back(as_int(1 + place_of(axis, store.axes)));
}

void Terms::write_operations(const Residual& residual, Store& store) {
    Graph graph = residual.graph;
    const auto is_column = [&](std::uint32_t unknown) {
        return std::holds_alternative<std::string>(residual.unknowns[unknown]);
    };
    std::vector<NodeId> wanted = residual.roots;
    const auto by_unknown = gradients(graph, residual.roots, By::parameters);
    const NodeId zero = graph.number(0);
    for (const Gradient& gradient : by_unknown) {
        std::vector<NodeId> row(store.slots.size(), zero);
        for (const auto& [unknown, node] : gradient)
            if (!is_column(unknown)) row[store.place[unknown]] = node;
        wanted.insert(wanted.end(), row.begin(), row.end());
    }
    std::vector<int> place(graph.size(), -1);
    for (const NodeId id : reachable(graph, wanted)) {
        const Node node = graph[id];
        std::vector<int> operands;
        for (const NodeId operand : graph.operands(id)) operands.push_back(place[operand]);
        place[id] = as_int(store.operations.size());
        plugin::Operation operation{static_cast<int>(node.op), node.value, 0, 0, nullptr,
                                    as_int(operands.size())};
        if (node.op == Op::symbol) {
            operation.is_column = is_column(node.symbol.index);
            operation.index = as_int(store.place[node.symbol.index]);
        }
        store.operations.push_back(operation);
        store.operands.push_back(std::move(operands));
    }
    for (std::size_t i = 0; i < store.operations.size(); ++i)
        store.operations[i].operands = store.operands[i].data();
    for (std::size_t i = 0; i < wanted.size(); ++i)
        (i < residual.roots.size() ? store.residuals : store.by_slot).push_back(place[wanted[i]]);
}

// Inputs of the first layer, by channel: as each comes from one axis alone, mixed derivatives are 0.
void Terms::read(const Table& rows, Store& store, plugin::Term& term) const {
    const std::size_t count = rows.rows(), width = input_width(network_), axes = network_.box.axes.size();
    store.inputs.assign((1 + store.axes.size() + store.pairs.size()) * count * width, 0);
    std::size_t at = 0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        const std::string& name = network_.box.axes[axis].name;
        const auto values = rows.numbers(name);
        if (const auto bad = std::ranges::find_if_not(values, [](double x) { return std::isfinite(x); });
            bad != values.end())
            throw Error(Fault::input, "column '" + name + "' has " + shortest(*bad) + " in row " +
                                          std::to_string(bad - values.begin() + 1));
        const auto write = [&](std::size_t channel, int order) {
            double* out = store.inputs.data() + channel * count * width + at;
            for (std::size_t row = 0; row < count; ++row)
                axis_inputs(network_, axis, values[row], order, out + row * width);
        };
        write(0, 0);
        for (std::size_t c = 0; c < store.axes.size(); ++c)
            if (store.axes[c] == axis) write(1 + c, 1);
        for (std::size_t c = 0; c < store.pairs.size(); ++c)
            if (store.pairs[c] == std::array{axis, axis}) write(1 + store.axes.size() + c, 2);
        at += axis_width(network_, axis);
    }
    store.columns.clear();
    for (const auto& name : store.names) {
        const auto values = rows.numbers(name);
        store.columns.insert(store.columns.end(), values.begin(), values.end());
    }
    term.inputs = store.inputs.data();
    term.columns = store.columns.data();
    term.count = count;
}

void Terms::add(const Residual& residual, const Table& rows, double weight) {
    Store& store = stores_.emplace_back();
    lay_out(residual, store);
    write_operations(residual, store);
    plugin::Term term{};
    term.operations = store.operations.data();
    term.operation_count = as_int(store.operations.size());
    term.residuals = store.residuals.data();
    term.by_slot = store.by_slot.data();
    term.residual_count = as_int(store.residuals.size());
    term.slots = store.slots.data();
    term.slot_count = as_int(store.slots.size());
    term.first_count = as_int(store.axes.size());
    term.seconds = store.seconds.data();
    term.second_count = as_int(store.pairs.size());
    term.column_count = as_int(store.names.size());
    term.weight = weight;
    read(rows, store, term);
    terms_.push_back(term);
}

Terms::Terms(const Surrogate& network, const Equation& equation, const Table& rows) : network_(network) {
    check_differentiable(network);
    add(equation.residual, rows, 1);
    for (const SideCondition& condition : equation.conditions)
        add(condition.residual, condition.points, condition.weight);
}

void Terms::redraw(const Table& rows) {
    read(rows, stores_.front(), terms_.front());
}

}  // namespace rondo
