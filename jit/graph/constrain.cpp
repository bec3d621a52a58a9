// constrain.cpp: algebraic rules and fast reactions.
//
// Each algebraic rule determines one variable that nothing else does. Where the rule is linear in it, the
// solution is a formula, like an assignment rule. Elsewhere, and for a fast reaction (its rate is 0 at all
// times, SBML Level 2 Version 4, section 4.13.3), the index is reduced: 0 = g(t, y) is kept by
//     dg/dt + dg/dy (f + D w) = 0,    f: the other rates, D: what w moves,
// which gives w. Only the start needs an iteration then.
#include <algorithm>
#include <functional>

#include "dsl/syntax/error.h"
#include "jit/graph/lower.h"

namespace rondo {

// ---- which variable a rule determines ----

bool Lowering::is_free(std::string_view id) const {
    if (rules_.contains(id)) return false;
    if (const auto s = species_.find(id); s != species_.end())
        return !s->second->constant && !is_changed(*s->second);
    if (const auto c = compartments_.find(id); c != compartments_.end()) return !c->second->constant;
    if (const GlobalParameter* p = find_parameter(network_, id)) return !p->constant;
    return stoichiometries_.contains(id);
}

// Free names in a rule, those behind assignment rules included.
std::set<std::string_view> Lowering::unknowns(const Rule& of) {
    std::set<std::string_view> found, seen;
    const std::function<void(const Math&)> look = [&](const Math& math) {
        for (const std::string_view name : needs(math)) {
            if (!seen.insert(name).second) continue;
            if (is_free(name)) found.insert(name);
            if (const Rule* assigned = rule(name, RuleKind::assignment)) look(*assigned->math);
        }
    };
    look(*of.math);
    return found;
}

// Bipartite matching by augmenting paths; variables that events do not set come first.
void Lowering::match_algebraic_rules() {
    std::vector<const Rule*> algebraic;
    std::vector<std::vector<std::string_view>> candidates;
    for (const Rule& r : network_.rules) {
        if (r.kind != RuleKind::algebraic || !r.math) continue;
        algebraic.push_back(&r);
        const auto names = unknowns(r);
        candidates.emplace_back(names.begin(), names.end());
        std::ranges::stable_partition(candidates.back(),
                                      [&](std::string_view id) { return !event_targets_.contains(id); });
    }
    std::map<std::string_view, std::size_t> owner;  // variable: rule
    for (std::size_t i = 0; i < algebraic.size(); ++i) {
        std::set<std::string_view> tried;
        const std::function<bool(std::size_t)> place = [&](std::size_t rule) {
            for (const std::string_view id : candidates[rule]) {
                if (!tried.insert(id).second) continue;
                if (!owner.contains(id) || place(owner.at(id))) {
                    owner[id] = rule;
                    return true;
                }
            }
            return false;
        };
        if (!place(i)) {
            throw Error(Fault::unsupported, "the algebraic rule 0 = " + to_text(*algebraic[i]->math) +
                                                " determines no variable that nothing else does");
        }
    }
    for (const auto& [id, rule] : owner) {
        (is_linear(*algebraic[rule]->math, id) ? solved_ : constrained_)
            .emplace(id, algebraic[rule]->math.get());
    }
    // Rules that need each other's variables are kept together, by their derivatives.
    std::vector<std::string_view> coupled;
    for (const auto& [id, rule_math] : solved_) {
        std::set<std::string_view> seen;
        const std::function<bool(const Math&, bool)> leads_back = [&, id = id](const Math& math, bool own) {
            for (const std::string_view name : needs(math)) {
                if (name == id && !own) return true;
                if (name == id || !seen.insert(name).second) continue;
                if (const Rule* assigned = rule(name, RuleKind::assignment)) {
                    if (leads_back(*assigned->math, own)) return true;
                } else if (const auto other = solved_.find(name); other != solved_.end()) {
                    if (leads_back(*other->second, false)) return true;
                }
            }
            return false;
        };
        if (leads_back(*rule_math, true)) coupled.push_back(id);
    }
    for (const std::string_view id : coupled) constrained_.insert(solved_.extract(id));
}

// ---- solutions as formulas ----

bool Lowering::mentions(const Math& math, std::string_view id) const {
    std::vector<std::string_view> names;
    add_names(math, names);
    return std::ranges::any_of(names, [&](std::string_view name) {
        const Rule* assigned = rule(name, RuleKind::assignment);
        return name == id || (assigned && mentions(*assigned->math, id));
    });
}

// The formula with a node in the place of `unknown`, also behind assignment rules.
NodeId Lowering::read_with(const Math& math, const Moment& moment, std::string_view unknown, NodeId value) {
    at_start_ = &moment == &start_;
    return reader_.read(math, [&](const std::string& symbol) {
        if (symbol == unknown) return value;
        const Rule* assigned = rule(symbol, RuleKind::assignment);
        if (assigned && mentions(*assigned->math, unknown))
            return read_with(*assigned->math, moment, unknown, value);
        return moment[symbol];
    });
}

bool Lowering::is_linear(const Math& math, std::string_view unknown) const {
    Graph scratch;
    NodeReader reader(scratch, network_.functions);
    reader.set_delay([&](NodeId value, NodeId) { return value; });
    std::map<std::string, NodeId> others;
    const std::function<NodeId(const std::string&)> name = [&](const std::string& symbol) -> NodeId {
        if (symbol == unknown) return scratch.state(0);
        const Rule* assigned = rule(symbol, RuleKind::assignment);
        if (assigned && mentions(*assigned->math, unknown)) return reader.read(*assigned->math, name);
        const auto index = static_cast<std::uint32_t>(others.size());
        return others.try_emplace(symbol, scratch.parameter(index)).first->second;
    };
    const NodeId slope = differentiate(scratch, reader.read(math, name), 0);
    const NodeId all[] = {slope};
    const auto parts = reachable(scratch, all);
    return !scratch.is_number(slope, 0) && std::ranges::none_of(parts, [&](NodeId id) {
        return scratch[id].op == Op::symbol && id == scratch.state(0);
    });
}

// z of 0 = g(z), g linear: -g(0) / g'
Definition Lowering::solution(std::string_view id, const Math& math, const Moment& moment) {
    Definition definition{id, {}, {}};
    std::set<std::string_view> seen{id};
    const std::function<void(const Math&)> look = [&](const Math& part) {
        for (const std::string_view name : needs(part)) {
            if (!seen.insert(name).second) continue;
            const Rule* assigned = rule(name, RuleKind::assignment);
            if (assigned && mentions(*assigned->math, id))
                look(*assigned->math);
            else
                definition.needs.push_back(name);
        }
    };
    look(math);
    definition.make = [this, id, &math, &moment] {
        constexpr std::uint32_t unknown = time_state - 1;  // a state that no system has
        const NodeId slope =
            differentiate(graph_, read_with(math, moment, id, graph_.state(unknown)), unknown);
        const NodeId rest = read_with(math, moment, id, graph_.number(0));
        return graph_.apply(Op::negate, {graph_.apply(Op::divide, {rest, slope})});
    };
    return definition;
}

// ---- what is kept by its derivative ----

void Lowering::add_constraints() {
    for (std::uint32_t i = 0; i < system_.states.size(); ++i) {
        const auto found = constrained_.find(system_.states[i]);
        if (found != constrained_.end())
            system_.constraints.push_back({read(*found->second, run_), {{i, graph_.number(1)}}});
    }
    for (std::size_t i = 0; i < network_.reactions.size(); ++i) {
        const Reaction& reaction = network_.reactions[i];
        if (!reaction.fast) continue;
        ConstraintCode constraint{run_[reaction.id], {}, true};
        for (std::uint32_t state = 0; state < system_.states.size(); ++state) {
            if (!amount_states_[state]) continue;
            Sum net;
            for (const Effect& effect : effects_.at(system_.states[state])) {
                if (effect.reaction == i)
                    net.push_back({factor(*amount_states_[state], effect, run_), effect.coefficient});
            }
            const NodeId sum = add_up(graph_, net);
            if (!graph_.is_number(sum, 0)) constraint.direction.emplace_back(state, sum);
        }
        if (!constraint.direction.empty()) system_.constraints.push_back(std::move(constraint));
    }
}

// Solves for w by elimination on nodes and adds what it moves.
void Lowering::constrain(std::vector<Sum>& rows) {
    const std::size_t n = system_.constraints.size();
    if (n == 0) return;
    std::vector<NodeId> residuals, rates;
    for (const auto& constraint : system_.constraints) residuals.push_back(constraint.residual);
    for (const Sum& row : rows) rates.push_back(add_up(graph_, row));
    const auto gradient = gradients(graph_, residuals, By::states_and_time);
    const auto apply = [&](Op op, NodeId a, NodeId b) { return graph_.apply(op, {a, b}); };
    std::vector<std::vector<NodeId>> a(n, std::vector<NodeId>(n, graph_.number(0)));
    std::vector<NodeId> b(n, graph_.number(0)), w(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (const auto& [state, d] : gradient[i]) {
            b[i] = apply(Op::minus, b[i], state == time_state ? d : apply(Op::times, d, rates[state]));
            for (std::size_t j = 0; j < n; ++j) {
                for (const auto& [moved, coefficient] : system_.constraints[j].direction) {
                    if (moved == state) a[i][j] = apply(Op::plus, a[i][j], apply(Op::times, coefficient, d));
                }
            }
        }
    }
    for (const auto& row : a)
        system_.constraint_matrix.insert(system_.constraint_matrix.end(), row.begin(), row.end());
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        while (pivot < n && graph_.is_number(a[pivot][k], 0)) ++pivot;
        if (pivot == n)
            throw Error(Fault::unsupported,
                        "the algebraic rules and fast reactions do not determine all they should");
        std::swap(a[k], a[pivot]);
        std::swap(b[k], b[pivot]);
        for (std::size_t i = k + 1; i < n; ++i) {
            if (graph_.is_number(a[i][k], 0)) continue;
            const NodeId factor = apply(Op::divide, a[i][k], a[k][k]);
            for (std::size_t j = k; j < n; ++j)
                a[i][j] = apply(Op::minus, a[i][j], apply(Op::times, factor, a[k][j]));
            b[i] = apply(Op::minus, b[i], apply(Op::times, factor, b[k]));
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j)
            b[k] = apply(Op::minus, b[k], apply(Op::times, a[k][j], w[j]));
        // Where nothing moves the residual, 0 is a solution though the pivot be 0 (a rate that is 0 for
        // good).
        w[k] = graph_.apply(Op::piecewise, {graph_.number(0), apply(Op::eq, b[k], graph_.number(0)),
                                            apply(Op::divide, b[k], a[k][k])});
        for (const auto& [state, coefficient] : system_.constraints[k].direction)
            rows[state].push_back({apply(Op::times, coefficient, w[k]), 1});
    }
}

}  // namespace rondo
