// What holds for any network: events, algebraic rules, stoichiometries as symbols, flux balance.
#include <gtest/gtest.h>

#include "dsl/model/resolve.h"
#include "tests/dsl/expect.h"

namespace rondo::test {
namespace {

std::vector<std::string> found_in(const Network& network) {
    Sources sources;
    Diagnostics diagnostics(sources);
    check(network, diagnostics);
    std::vector<std::string> found;
    for (const Diagnostic& item : diagnostics.list()) found.push_back(item.message);
    return found;
}

using Messages = std::vector<std::string>;

// n S -> ; k, with S in c.
Network one_reaction() {
    Network network;
    network.compartments.push_back({.id = "c", .size = 1});
    network.species.push_back({.id = "S", .compartment = "c"});
    network.parameters.push_back({.id = "k", .value = 1, .constant = false});
    network.reactions.push_back({.id = "J",
                                 .reactants = {{.species = "S", .id = "n", .constant = false}},
                                 .kinetic_law = make_symbol("k")});
    return network;
}

TEST(Check, StoichiometriesAreSymbols) {
    Network network = one_reaction();
    network.rules.push_back({RuleKind::rate, "n", make_symbol("n")});
    network.rules.push_back(
        {RuleKind::algebraic, "", make_math(Op::minus, {make_symbol("k"), make_symbol("n")})});
    EXPECT_EQ(found_in(network), Messages{});
    network.rules.back().math = make_symbol("q");
    network.parameters.push_back({.id = "n", .value = 1});
    const Messages expected = {"'n' is defined twice: as a parameter and as a stoichiometry",
                               "unknown name 'q' in an algebraic rule"};
    EXPECT_EQ(found_in(network), expected);
}

TEST(Check, Events) {
    Network network = one_reaction();
    network.rules.push_back({RuleKind::assignment, "x", make_number(1)});
    network.parameters.push_back({.id = "x", .constant = false});
    Event event{
        .id = "E", .trigger = make_symbol("k"), .delay = make_symbol("d"), .priority = make_symbol("E")};
    event.assignments = {
        {"k", make_symbol("J")}, {"k", make_number(1)}, {"x", make_number(1)}, {"J", nullptr}};
    network.events = {event, event};
    network.events.back() = {.id = "k"};
    const Messages expected = {"'k' is defined twice: as a parameter and as an event",
                               "unknown name 'd' in the delay of event 'E'",
                               "unknown name 'E' in the priority of event 'E'",
                               "event 'E' assigns 'k' twice",
                               "event 'E' assigns 'x', which a rule computes",
                               "'J' is a reaction and cannot be the target of event 'E'"};
    EXPECT_EQ(found_in(network), expected);
}

TEST(Check, FactorsAndFluxes) {
    Network network = one_reaction();
    network.conversion_factor = "c";
    network.species[0].conversion_factor = "f";
    network.flux_bounds.push_back({"S", Op::leq, make_symbol("top"), {}});
    network.objectives.push_back({.id = "O", .terms = {{1, "J"}, {2, "K"}}});
    const Messages expected = {"'c' is a compartment and cannot stand as the conversion factor of the model",
                               "unknown parameter 'f' as the conversion factor of 'S'",
                               "'S' is a species and cannot stand in a flux bound",
                               "unknown name 'top' in the flux bound of 'S'",
                               "unknown reaction 'K' in the objective 'O'"};
    EXPECT_EQ(found_in(network), expected);
}

// What a rate reads by a local name, and what only its derivative is taken of, is no dependence.
TEST(Check, CyclesSeeLocalNamesAndRates) {
    Network network = one_reaction();
    network.reactions[0].kinetic_law = make_symbol("J");
    EXPECT_EQ(found_in(network), Messages{"'J' depends on itself: J -> J"});
    network.reactions[0].local_parameters.push_back({.id = "J", .value = 1});
    EXPECT_EQ(found_in(network), Messages{});
    network.initial_assignments.push_back({"k", make_math(Op::rate_of, {make_symbol("k")})});
    EXPECT_EQ(found_in(network), Messages{});
}

}  // namespace
}  // namespace rondo::test
