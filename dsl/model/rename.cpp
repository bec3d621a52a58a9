// rename.cpp: every place of a network that holds an id.
#include "dsl/model/rename.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "dsl/model/reserved.h"

namespace rondo {

namespace {

bool is_ascii(const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Renamer {
  public:
    Network run(Network network) {
        const auto define = [&](auto& items) {
            for (auto& item : items) this->define(item.id, &item.name);
        };
        take(network);
        define(network.functions);
        define(network.compartments);
        define(network.species);
        define(network.parameters);
        define(network.reactions);
        define(network.events);
        define(network.constraints);
        define(network.objectives);
        for (Reaction& reaction : network.reactions) define_stoichiometries(reaction);
        if (!is_ascii(network.id)) define_alone(network.id, network.name);
        for (FunctionDefinition& function : network.functions) rename(function);
        for (Species& species : network.species) rename(species.compartment, species.conversion_factor);
        for (Reaction& reaction : network.reactions) rename(reaction);
        for (Rule& rule : network.rules) rename(rule.variable), rename(rule.math);
        for (InitialAssignment& assignment : network.initial_assignments)
            rename(assignment.symbol), rename(assignment.math);
        for (Event& event : network.events) rename(event);
        for (Constraint& constraint : network.constraints) rename(constraint.math);
        for (FluxBound& bound : network.flux_bounds) rename(bound.reaction), rename(bound.value);
        for (FluxObjective& objective : network.objectives)
            for (auto& [coefficient, reaction] : objective.terms) rename(reaction);
        for (Remark& remark : network.remarks) rename(remark.of);
        rename(network.conversion_factor);
        return network;
    }

  private:
    void take(const Network& network) {
        for (const auto& item : network.species) taken_.insert(item.id);
        for (const auto& item : network.parameters) taken_.insert(item.id);
        for (const auto& item : network.compartments) taken_.insert(item.id);
        for (const auto& item : network.reactions) taken_.insert(item.id);
        for (const auto& item : network.functions) taken_.insert(item.id);
        for (const auto& item : network.events) taken_.insert(item.id);
    }

    void define(std::string& id, std::string* name) {
        if (is_ascii(id)) return;
        std::string chosen = ascii_id(id);
        while (!taken_.insert(chosen).second) chosen += '_';
        if (name && name->empty()) *name = id;
        names_.emplace(id, chosen);
        id = chosen;
    }

    static void define_alone(std::string& id, std::string& name) {
        if (name.empty()) name = id;
        id = ascii_id(id);
    }

    void rename(std::string& id) const {
        const auto found = names_.find(id);
        if (found != names_.end()) id = found->second;
    }

    void rename(std::string& a, std::string& b) const {
        rename(a);
        rename(b);
    }

    void rename(MathPtr& math) const {
        if (!math || names_.empty()) return;
        Math copy = *math;
        if (copy.op != Op::number) rename(copy.name);
        for (MathPtr& argument : copy.args) rename(argument);
        math = std::make_shared<const Math>(std::move(copy));
    }

    // Its arguments are its own.
    void rename(FunctionDefinition& function) const {
        Renamer inside = *this;
        for (std::string& argument : function.arguments) inside.define(argument, nullptr);
        inside.rename(function.body);
    }

    void define_stoichiometries(Reaction& reaction) {
        for (auto* side : {&reaction.reactants, &reaction.products})
            for (SpeciesReference& reference : *side) define(reference.id, &reference.name);
    }

    void rename(Reaction& reaction) const {
        rename(reaction.compartment);
        for (auto* side : {&reaction.reactants, &reaction.products})
            for (SpeciesReference& reference : *side) rename(reference.species);
        for (std::string& modifier : reaction.modifiers) rename(modifier);
        rename(reaction.kinetic_law);
    }

    void rename(Event& event) const {
        rename(event.trigger);
        rename(event.delay);
        rename(event.priority);
        for (EventAssignment& assignment : event.assignments) {
            rename(assignment.variable);
            rename(assignment.math);
        }
    }

    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::string> names_;
};

}  // namespace

Network in_ascii(Network network) {
    return Renamer().run(std::move(network));
}

}  // namespace rondo
