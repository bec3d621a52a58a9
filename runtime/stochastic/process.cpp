#include "runtime/stochastic/process.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "dsl/syntax/error.h"
#include "runtime/stochastic/reads.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw Error(Fault::unsupported, "stochastic simulation does not support " + what);
}

// ---- what is refused ----

bool mentions_rate_of(const Math& math) {
    return math.op == Op::rate_of || std::ranges::any_of(math.args, [](const MathPtr& part) {
               return part && mentions_rate_of(*part);
           });
}

void refuse_rates_of_change(const Network& network) {
    const auto check = [](const MathPtr& math, const std::string& where) {
        if (math && mentions_rate_of(*math)) refuse("rateOf(), which " + where + " reads: amounts jump");
    };
    for (const Rule& rule : network.rules) check(rule.math, "the rule of '" + rule.variable + "'");
    for (const Reaction& reaction : network.reactions)
        check(reaction.kinetic_law, "the rate of reaction '" + reaction.id + "'");
    for (const Event& event : network.events) {
        for (const MathPtr& math : {event.trigger, event.delay, event.priority})
            check(math, "event '" + event.id + "'");
        for (const EventAssignment& part : event.assignments) check(part.math, "event '" + event.id + "'");
    }
}

void refuse_rules(const Network& network) {
    for (const Rule& rule : network.rules) {
        if (rule.kind == RuleKind::rate) refuse("the rate rule of '" + rule.variable + "'");
        if (rule.kind == RuleKind::algebraic) refuse("algebraic rules");
        if (find_compartment(network, rule.variable))
            refuse("a compartment that varies: a rule computes '" + rule.variable + "'");
    }
    for (const Event& event : network.events) {
        for (const EventAssignment& part : event.assignments) {
            if (find_compartment(network, part.variable))
                refuse("a compartment that varies: event '" + event.id + "' sets '" + part.variable + "'");
        }
    }
}

void refuse_parts(const Network& network, const OdeSystem& system) {
    refuse_rules(network);
    refuse_rates_of_change(network);
    for (const Reaction& reaction : network.reactions) {
        if (reaction.fast) refuse("the fast reaction '" + reaction.id + "'");
    }
    if (!system.delays.empty()) refuse("delay()");
}

// ---- stoichiometries ----

// Parameters that stay as they are at the start.
bool stays(const OdeSystem& system, NodeId node) {
    const Reads reads = all_reads(system, std::span(&node, 1));
    const auto is_set = [&](std::uint32_t parameter) {
        return std::ranges::any_of(system.events, [&](const EventCode& event) {
            return std::ranges::any_of(event.assignments, [&](const EventCode::Assignment& part) {
                return part.target == Symbol{Symbol::Kind::parameter, parameter};
            });
        });
    };
    return !reads.time && reads.states.empty() && reads.modes.empty() &&
           std::ranges::none_of(reads.parameters, is_set);
}

// By state: what one firing adds to its amount. NaN stoichiometries are symbols.
using Net = std::vector<std::pair<std::uint32_t, NodeId>>;

class NetReader {
  public:
    NetReader(const Network& network, OdeSystem& system) : network_(network), system_(system) {
        for (std::uint32_t i = 0; i < system.states.size(); ++i) states_.emplace(system.states[i], i);
        for (const Species& species : network.species) species_.emplace(species.id, &species);
    }

    Net read(const Reaction& reaction) {
        Net net;
        for (const auto& part : reaction.reactants) add(net, part, Op::minus);
        for (const auto& part : reaction.products) add(net, part, Op::plus);
        std::erase_if(net, [&](const auto& change) { return system_.graph.is_number(change.second, 0); });
        for (const auto& [state, by] : net) {
            if (!stays(system_, by))
                refuse("stoichiometries that vary, as that of '" + system_.states[state] + "' in reaction '" +
                       reaction.id + "' does");
        }
        return net;
    }

  private:
    void add(Net& net, const SpeciesReference& part, Op sign) {
        const Species& species = *species_.at(part.species);
        const auto state = states_.find(part.species);
        if (state == states_.end() || species.boundary || species.constant) return;
        Graph& graph = system_.graph;
        NodeId by = part.id.empty() ? graph.number(part.stoichiometry) : *system_.output(part.id);
        const std::string& factor =
            species.conversion_factor.empty() ? network_.conversion_factor : species.conversion_factor;
        if (!factor.empty()) by = graph.apply(Op::times, {by, *system_.output(factor)});
        auto place = std::ranges::find(net, state->second, &Net::value_type::first);
        if (place == net.end()) place = net.insert(net.end(), {state->second, graph.number(0)});
        place->second = graph.apply(sign, {place->second, by});
    }

    const Network& network_;
    OdeSystem& system_;
    std::unordered_map<std::string_view, std::uint32_t> states_;
    std::unordered_map<std::string_view, const Species*> species_;
};

// ---- modes that time changes ----

// The function of time that decides, and what of it.
struct Decision {
    NodeId distance;
    TimedMode::At at;
    bool by_sign;
};

Decision decision(Graph& graph, NodeId mode) {
    const auto x = [&](NodeId node, int i) { return graph.operands(node)[i]; };
    switch (graph[mode].op) {
        case Op::piecewise: {  // -1 where a < b, 1 where b < a, 0
            const NodeId less = x(mode, 1);
            return {graph.apply(Op::minus, {x(less, 0), x(less, 1)}), TimedMode::At::zero, true};
        }
        case Op::floor:
        case Op::ceil: return {x(mode, 0), TimedMode::At::whole, false};
        case Op::quotient:
            return {graph.apply(Op::divide, {x(mode, 0), x(mode, 1)}), TimedMode::At::whole, false};
        default: return {graph.apply(Op::minus, {x(mode, 0), x(mode, 1)}), TimedMode::At::zero, false};
    }
}

NodeId slope_in_time(Graph& graph, NodeId node) {
    const auto gradient = gradients(graph, std::span(&node, 1), By::states_and_time).front();
    const bool moves = !gradient.empty() && gradient.back().first == time_state;
    return moves ? gradient.back().second : graph.number(0);
}

}  // namespace

std::vector<JumpProcess::Watched> JumpProcess::find_rates(const Network& network, OdeSystem& system) {
    std::vector<Watched> rates;
    NetReader reader(network, system);
    for (const Reaction& reaction : network.reactions) {
        const Net net = reader.read(reaction);
        if (net.empty() || !reaction.kinetic_law) continue;
        for (const auto& [state, by] : net) effects_.push_back({reactions_.size(), state, by});
        reactions_.push_back(reaction.id);
        rates.push_back({"the rate of reaction '" + reaction.id + "'", *system.output(reaction.id)});
    }
    return rates;
}

void JumpProcess::find_timed_modes(OdeSystem& system, std::span<const Watched> watched,
                                   CompileOptions& options) {
    std::set<std::uint32_t> known;
    for (const auto& [name, node] : watched) {
        const Reads reads = all_reads(system, std::span(&node, 1));
        if (reads.time)
            refuse(name +
                   ", which changes in time between the firings; make it constant in pieces, by events");
        for (const std::uint32_t mode : reads.modes) {
            if (!known.insert(mode).second) continue;
            if (!direct_reads(system, std::span(&system.modes[mode], 1)).time) continue;
            const auto [distance, at, by_sign] = decision(system.graph, system.modes[mode]);
            const NodeId slope = slope_in_time(system.graph, distance);
            if (direct_reads(system, std::span(&slope, 1)).time)
                refuse(name + ", which jumps at times that do not follow from a linear equation");
            timed_.push_back({mode, at, by_sign});
            options.apart.insert(options.apart.end(), {distance, slope});
        }
    }
}

void JumpProcess::find_dependencies(const OdeSystem& system, std::span<const Watched> rates,
                                    std::span<const NodeId> triggers) {
    std::vector<std::vector<std::uint32_t>> readers(system.states.size());
    for (std::uint32_t i = 0; i < rates.size(); ++i) {
        for (const std::uint32_t state : all_reads(system, std::span(&rates[i].node, 1)).states)
            readers[state].push_back(i);
    }
    std::set<std::uint32_t> disturbing = all_reads(system, triggers).states;
    for (const TimedMode& timed : timed_) {
        disturbing.merge(all_reads(system, std::span(&system.modes[timed.mode], 1)).states);
    }
    affected_.resize(size());
    disturbs_.resize(size());
    for (const Effect& effect : effects_) {
        auto& list = affected_[effect.reaction];
        list.insert(list.end(), readers[effect.state].begin(), readers[effect.state].end());
        if (disturbing.contains(effect.state)) disturbs_[effect.reaction] = true;
    }
    for (auto& list : affected_) {
        std::ranges::sort(list);
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
}

JumpProcess::JumpProcess(const Model& model, std::span<const std::string> outputs) {
    refuse_parts(model.network(), model.system());
    auto system = std::make_shared<OdeSystem>(model.system());
    system->rhs.clear();  // nothing integrates it
    system->jacobian.clear();
    CompileOptions options;
    options.outputs = model.output_nodes(outputs);
    const auto rates = find_rates(model.network(), *system);
    for (const Watched& rate : rates) options.apart.push_back(rate.node);
    std::vector<Watched> watched = rates;
    std::vector<NodeId> triggers;
    for (const EventCode& event : system->events) {
        triggers.push_back(system->event_values[event.trigger]);
        watched.push_back({"the trigger of event '" + event.id + "'", triggers.back()});
    }
    find_timed_modes(*system, watched, options);
    find_dependencies(*system, rates, triggers);
    code_ = compile(system, options);
}

std::vector<std::vector<AmountChange>> JumpProcess::changes(double t, std::span<const double> p) const {
    std::vector<NodeId> nodes;
    for (const Effect& effect : effects_) nodes.push_back(effect.by);
    std::vector<double> values(nodes.size());
    evaluate(system().graph, nodes, t, {}, p, values);
    std::vector<std::vector<AmountChange>> changes(size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& [reaction, state, by] = effects_[i];
        if (values[i] != std::floor(values[i]) || !std::isfinite(values[i])) {
            throw Error(Fault::input, "reaction '" + reactions_[reaction] + "' changes the amount of '" +
                                          system().states[state] + "' by " + shortest(values[i]) +
                                          "; stochastic simulation needs whole numbers");
        }
        changes[reaction].push_back({state, values[i]});
    }
    return changes;
}

}  // namespace rondo
