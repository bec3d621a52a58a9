#include "runtime/balance/problem.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace rondo {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// What the model's initial assignments and rules make of its bounds and stoichiometries.
struct Start {
    std::vector<double> bounds;                          // [flux_bounds]
    std::map<std::string_view, double> stoichiometries;  // by id, of those that have one
};

Start values_at_start(const Model& model) {
    const Network& network = model.network();
    OdeSystem system = model.system();
    std::vector<NodeId> nodes;
    for (const FluxBound& bound : network.flux_bounds)
        nodes.push_back(add_expression(system, network, *bound.value));
    std::vector<std::string_view> names;
    for (const Reaction& reaction : network.reactions)
        for (const auto* side : {&reaction.reactants, &reaction.products})
            for (const SpeciesReference& term : *side)
                if (const auto node = system.output(term.id); node && !term.id.empty()) {
                    names.push_back(term.id);
                    nodes.push_back(*node);
                }
    std::vector<double> p(system.parameter_count(), std::numeric_limits<double>::quiet_NaN());
    std::vector<double> y(system.states.size()), values(nodes.size());
    std::ranges::copy(model.inputs(), p.begin());
    TreeWalker{&system}.initialize(0, p, y);
    evaluate(system.graph, nodes, 0, y, p, values);
    const auto named = values.begin() + static_cast<std::ptrdiff_t>(network.flux_bounds.size());
    Start start{{values.begin(), named}, {}};
    for (std::size_t i = 0; i < names.size(); ++i)
        start.stoichiometries[names[i]] = named[static_cast<std::ptrdiff_t>(i)];
    return start;
}

class Builder {
  public:
    explicit Builder(const Model& model) : network_(model.network()), start_(values_at_start(model)) {
        for (std::size_t i = 0; i < network_.reactions.size(); ++i)
            index_.emplace(network_.reactions[i].id, i);
    }

    Problem build() {
        problem_.objective = &objective();
        add_cost();
        add_bounds();
        add_matrix();
        return std::move(problem_);
    }

  private:
    [[noreturn]] void fail(const std::string& text) const {
        throw Error(Fault::input, "flux balance of '" + network_.id + "': " + text);
    }

    const FluxObjective& objective() const {
        const auto& all = network_.objectives;
        if (all.empty()) fail("there is no objective; write one, e.g. maximize J1 + 2*J2");
        const auto active = std::ranges::find_if(all, [](const auto& one) { return one.active; });
        return active == all.end() ? all.front() : *active;
    }

    void add_cost() {
        problem_.cost.assign(network_.reactions.size(), 0);
        for (const auto& [coefficient, reaction] : problem_.objective->terms)
            problem_.cost[index_.at(reaction)] += coefficient;
    }

    void add_bounds() {
        std::vector<bool> bounded_below(network_.reactions.size(), false);
        problem_.lower.assign(network_.reactions.size(), -infinity);
        problem_.upper.assign(network_.reactions.size(), infinity);
        for (std::size_t n = 0; n < network_.flux_bounds.size(); ++n) {
            const FluxBound& bound = network_.flux_bounds[n];
            const std::size_t i = index_.at(bound.reaction);
            const double value = start_.bounds[n];
            if (std::isnan(value))
                fail("the bound of '" + bound.reaction + "' is '" + to_text(*bound.value) +
                     "', which has no value");
            if (bound.relation != Op::geq) problem_.upper[i] = std::min(problem_.upper[i], value);
            if (bound.relation == Op::leq) continue;
            problem_.lower[i] = std::max(problem_.lower[i], value);
            bounded_below[i] = true;
        }
        for (std::size_t i = 0; i < bounded_below.size(); ++i)
            if (!bounded_below[i] && !network_.reactions[i].reversible) problem_.lower[i] = 0;
    }

    void add_matrix() {
        std::map<std::string_view, int> rows;
        for (const Species& species : network_.species)
            if (!species.boundary && !species.constant) rows.emplace(species.id, problem_.rows++);
        for (std::size_t i = 0; i < network_.reactions.size(); ++i) {
            std::map<int, double> column;
            const Reaction& reaction = network_.reactions[i];
            add_side(reaction, reaction.reactants, -1, rows, column);
            add_side(reaction, reaction.products, 1, rows, column);
            for (const auto& [row, entry] : column) {
                problem_.row.push_back(row);
                problem_.column.push_back(static_cast<int>(i));
                problem_.entry.push_back(entry);
            }
        }
    }

    void add_side(const Reaction& reaction, const std::vector<SpeciesReference>& side, int sign,
                  const std::map<std::string_view, int>& rows, std::map<int, double>& column) const {
        for (const SpeciesReference& term : side) {
            const auto named = start_.stoichiometries.find(term.id);
            const double count = named == start_.stoichiometries.end() ? term.stoichiometry : named->second;
            if (!std::isfinite(count))
                fail("the stoichiometry of '" + term.species + "' in '" + reaction.id + "' has no value");
            const auto row = rows.find(term.species);
            if (row != rows.end()) column[row->second] += sign * count;
        }
    }

    const Network& network_;
    Start start_;
    std::map<std::string_view, std::size_t> index_;  // of reactions
    Problem problem_;
};

}  // namespace

Problem flux_problem(const Model& model) {
    return Builder(model).build();
}

}  // namespace rondo
