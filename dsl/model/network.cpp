// network.cpp: finding things in a network by their id.
#include "dsl/model/network.h"

#include <algorithm>

namespace rondo {

namespace {

template <class Item, class Key>
const Item* find(const std::vector<Item>& items, Key Item::*key, std::string_view id) {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.*key == id; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Compartment* find_compartment(const Network& network, std::string_view id) {
    return find(network.compartments, &Compartment::id, id);
}

const Species* find_species(const Network& network, std::string_view id) {
    return find(network.species, &Species::id, id);
}

const GlobalParameter* find_parameter(const Network& network, std::string_view id) {
    return find(network.parameters, &GlobalParameter::id, id);
}

const Reaction* find_reaction(const Network& network, std::string_view id) {
    return find(network.reactions, &Reaction::id, id);
}

const Rule* find_rule(const Network& network, std::string_view variable) {
    return find(network.rules, &Rule::variable, variable);
}

const InitialAssignment* find_initial_assignment(const Network& network, std::string_view symbol) {
    return find(network.initial_assignments, &InitialAssignment::symbol, symbol);
}

}  // namespace rondo
