#include "runtime/integrate/slopes.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/error.h"

namespace rondo {
namespace {

// A system of nothing but the graph, to compile further functions of t, y and p with.
std::shared_ptr<OdeSystem> bare(const OdeSystem& system) {
    auto part = std::make_shared<OdeSystem>();
    part->id = system.id;
    part->graph = system.graph;
    part->states = system.states;
    part->inputs = system.inputs;
    part->derived = system.derived;
    return part;
}

std::shared_ptr<const CompiledModel> compiled(std::shared_ptr<OdeSystem> system,
                                              std::vector<NodeId> outputs) {
    CompileOptions options;
    options.outputs = std::move(outputs);
    return compile(std::move(system), options);
}

}  // namespace

std::string SlopeCode::why_not(const OdeSystem& system) {
    if (!system.delays.empty()) return "the model has delays";
    if (!system.constraints.empty()) return "the model has algebraic rules or fast reactions";
    if (!system.concentrations.empty()) return "the model has events and compartments that change";
    for (const auto& event : system.events)
        if (event.delay) return "event '" + event.id + "' has a delay";
    return "";
}

SlopeCode::SlopeCode(std::shared_ptr<const CompiledModel> model) : model_(std::move(model)) {
    if (const auto why = why_not(model_->system()); !why.empty())
        throw Error(Fault::unsupported, "sensitivities are not supported: " + why);
    add_matrix();
    add_start();
    add_jumps();
    reads_.assign(model_->parameter_count(), false);
    for (const std::uint32_t column : matrix_.columns) reads_[column] = true;
    for (const auto* changes : {&modes_, &event_values_})
        for (const Change& change : *changes)
            for (const auto& [parameter, node] : change.by_parameter) reads_[parameter] = true;
}

void SlopeCode::add_matrix() {
    auto part = bare(model_->system());
    const auto rows = gradients(part->graph, model_->system().rhs, By::parameters);
    std::vector<std::vector<std::pair<std::uint32_t, NodeId>>> columns(model_->parameter_count());
    for (std::uint32_t row = 0; row < rows.size(); ++row)
        for (const auto& [parameter, node] : rows[row])
            if (!part->graph.is_number(node, 0)) columns[parameter].emplace_back(row, node);
    std::vector<NodeId> outputs;
    matrix_.column_start.push_back(0);
    for (std::uint32_t parameter = 0; parameter < columns.size(); ++parameter) {
        if (columns[parameter].empty()) continue;
        matrix_.columns.push_back(parameter);
        for (const auto& [row, node] : columns[parameter]) {
            matrix_.row_index.push_back(row);
            outputs.push_back(node);
        }
        matrix_.column_start.push_back(static_cast<std::uint32_t>(outputs.size()));
    }
    values_ = compiled(std::move(part), std::move(outputs));
}

void SlopeCode::add_start() {
    const OdeSystem& system = model_->system();
    auto part = bare(system);
    std::vector<NodeId> rows = system.completed, outputs;
    rows.insert(rows.end(), system.derived_values.begin(), system.derived_values.end());
    rows.insert(rows.end(), system.initial.begin(), system.initial.end());
    const auto slopes = gradients(part->graph, rows, By::parameters);
    for (std::uint32_t row = 0; row < rows.size(); ++row)
        for (const auto& [input, node] : slopes[row]) {
            entries_.push_back({row, input});
            outputs.push_back(node);
        }
    start_ = compiled(std::move(part), std::move(outputs));
}

void SlopeCode::add_jumps() {
    const OdeSystem& system = model_->system();
    graph_ = system.graph;
    std::vector<NodeId> nodes;
    for (const NodeId mode : system.modes) {
        // a < b, -1 where a < b (see OdeSystem::modes), floor(a), quotient(a, b)
        NodeId node = mode;
        if (graph_[node].op == Op::piecewise) node = graph_.operands(node)[1];
        const Op op = graph_[node].op;
        const std::vector<NodeId> operands(graph_.operands(node).begin(), graph_.operands(node).end());
        if (op == Op::lt || op == Op::leq)
            node = graph_.apply(Op::minus, operands);
        else if (op == Op::quotient)
            node = graph_.apply(Op::divide, operands);
        else
            node = operands[0];
        nodes.push_back(node);
    }
    nodes.insert(nodes.end(), system.event_values.begin(), system.event_values.end());
    auto by_state = gradients(graph_, nodes, By::states_and_time);
    auto by_parameter = gradients(graph_, nodes, By::parameters);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        (i < system.modes.size() ? modes_ : event_values_)
            .push_back({std::move(by_state[i]), std::move(by_parameter[i])});
}

Slopes SlopeCode::start(std::span<const double> inputs, double t0, std::span<const double> directions) const {
    const std::size_t P = model_->parameter_count(), n = model_->state_count();
    Slopes slopes{directions.size() / inputs.size(), {}, {}};
    slopes.p.assign(slopes.count * P, 0);
    slopes.y.assign(slopes.count * n, 0);
    std::vector<double> p(inputs.begin(), inputs.end()), values(entries_.size());
    p.resize(P);
    start_->code().outputs(&t0, nullptr, p.data(), values.data());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto [row, input] = entries_[i];
        for (std::size_t k = 0; k < slopes.count; ++k) {
            const double change = directions[k * inputs.size() + input];
            if (change == 0) continue;
            (row < P ? slopes.p[k * P + row] : slopes.y[k * n + row - P]) += change * values[i];
        }
    }
    return slopes;
}

void SlopeCode::along(const Change& change, const Situation& at, const Slopes& slopes,
                      std::span<const double> shift, std::span<double> out) const {
    const std::size_t P = model_->parameter_count(), n = model_->state_count();
    std::ranges::fill(out, 0);
    for (const auto& [state, node] : change.by_state) {
        const double slope = evaluate(graph_, node, at.t, at.y, at.p);
        for (std::size_t k = 0; k < slopes.count; ++k)
            out[k] += slope * (state == time_state ? shift[k] : slopes.y[k * n + state]);
    }
    for (const auto& [parameter, node] : change.by_parameter) {
        const double slope = evaluate(graph_, node, at.t, at.y, at.p);
        for (std::size_t k = 0; k < slopes.count; ++k) out[k] += slope * slopes.p[k * P + parameter];
    }
}

double SlopeCode::in_time(const Change& change, const Situation& at, std::span<const double> rate) const {
    double sum = 0;
    for (const auto& [state, node] : change.by_state)
        sum += evaluate(graph_, node, at.t, at.y, at.p) * (state == time_state ? 1 : rate[state]);
    return sum;
}

// ---- jumps ----

SlopeJump::SlopeJump(const SlopeCode& code, const Situation& at, Slopes& slopes, bool crossing)
    : code_(code), slopes_(slopes), shift_(slopes.count, 0.0) {
    if (!crossing) return;
    std::vector<double> rate(at.y.size());
    code_.model().code().rhs(&at.t, at.y.data(), at.p.data(), rate.data());
    find_shift(at, rate);
    move(at, 1);
}

// The jump is where the first mode that changes does: there its g(t, y, p) is 0 along all directions.
void SlopeJump::find_shift(const Situation& at, std::span<const double> rate) {
    const OdeSystem& system = code_.model().system();
    if (system.modes.empty()) return;
    std::vector<double> now(system.modes.size());
    code_.model().code().modes(&at.t, at.y.data(), at.p.data(), now.data());
    const std::vector<double> still(slopes_.count, 0.0);
    for (std::size_t i = 0; i < now.size(); ++i) {
        const double kept = at.p[system.first_mode + i];
        if (std::isnan(kept) || kept == now[i]) continue;
        const double speed = code_.in_time(code_.of_mode(i), at, rate);
        if (speed == 0 || !std::isfinite(speed)) continue;
        code_.along(code_.of_mode(i), at, slopes_, still, shift_);
        for (double& shift : shift_) shift /= -speed;
        return;
    }
}

void SlopeJump::move(const Situation& at, double sign) {
    std::vector<double> rate(at.y.size());
    code_.model().code().rhs(&at.t, at.y.data(), at.p.data(), rate.data());
    for (std::size_t k = 0; k < slopes_.count; ++k)
        if (shift_[k] != 0)
            for (std::size_t i = 0; i < rate.size(); ++i)
                slopes_.y[k * rate.size() + i] += sign * rate[i] * shift_[k];
}

std::vector<double> SlopeJump::values_of(const EventCode& event, const Situation& at) const {
    std::vector<double> result(event.assignments.size() * slopes_.count);
    for (std::size_t i = 0; i < event.assignments.size(); ++i)
        code_.along(code_.of_event_value(event.assignments[i].value), at, slopes_, shift_,
                    std::span(result).subspan(i * slopes_.count, slopes_.count));
    return result;
}

void SlopeJump::assign(const EventCode::Assignment& assignment, double value, double size,
                       std::span<const double> slopes, const Situation& at) {
    std::vector<double> of_size(slopes_.count, 0.0);
    if (assignment.size) code_.along(code_.of_event_value(*assignment.size), at, slopes_, shift_, of_size);
    const bool is_state = assignment.target.kind == Symbol::Kind::state;
    auto& all = is_state ? slopes_.y : slopes_.p;
    const std::size_t stride = is_state ? at.y.size() : at.p.size();
    for (std::size_t k = 0; k < slopes_.count; ++k)
        all[k * stride + assignment.target.index] = slopes[k] * size + value * of_size[k];
}

void SlopeJump::finish(const Situation& at) {
    move(at, -1);
}

}  // namespace rondo
