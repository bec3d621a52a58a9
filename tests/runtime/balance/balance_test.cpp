// Flux balance of small networks whose best rates are known by hand.
#include "runtime/balance/balance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace rondo {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

//   J0: -> A   J1: A -> B   J2: A -> 2 B   J3: B ->, 0 <= J0 <= top, objective J3
Network branches(double top) {
    Network network;
    network.id = "branches";
    network.compartments.push_back({.id = "c", .size = 1});
    network.species = {{.id = "A", .compartment = "c"}, {.id = "B", .compartment = "c"}};
    network.parameters.push_back({.id = "top", .value = top});
    network.reactions = {
        {.id = "J0", .reversible = false, .products = {{.species = "A"}}},
        {.id = "J1", .reversible = false, .reactants = {{.species = "A"}}, .products = {{.species = "B"}}},
        {.id = "J2",
         .reversible = false,
         .reactants = {{.species = "A"}},
         .products = {{.species = "B", .stoichiometry = 2}}},
        {.id = "J3", .reactants = {{.species = "B"}}}};
    network.flux_bounds = {{"J0", Op::leq, make_symbol("top"), {}}};
    network.objectives = {{.id = "O", .terms = {{1, "J3"}}}};
    return network;
}

std::string message(const Network& network) {
    try {
        return balance(Model(network)).failure;
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(Balance, TakesTheBetterBranch) {
    const Balance best = balance(Model(branches(3)));
    EXPECT_EQ(best.objective, "O");
    EXPECT_DOUBLE_EQ(best.value, 6);
    EXPECT_THAT(best.rates, ElementsAre(DoubleEq(3), DoubleEq(0), DoubleEq(3), DoubleEq(6)));
}

TEST(Balance, BoundsHold) {
    Network network = branches(3);
    network.flux_bounds.push_back({"J2", Op::leq, make_number(1), {}});
    network.flux_bounds.push_back({"J2", Op::leq, make_number(5), {}});  // the tighter one counts
    EXPECT_THAT(balance(Model(network)).rates,
                ElementsAre(DoubleEq(3), DoubleEq(2), DoubleEq(1), DoubleEq(4)));
    network.flux_bounds.push_back({"J1", Op::eq, make_number(0.5), {}});
    EXPECT_DOUBLE_EQ(balance(Model(network)).value, 2.5);
}

TEST(Balance, BoundsAreTheModelsInputs) {
    const std::vector<Setting> settings = {{"top", 10}};
    EXPECT_DOUBLE_EQ(balance(Model(branches(3)).with(settings)).value, 20);
}

TEST(Balance, BoundsAndStoichiometriesMayBeComputed) {
    Network network = branches(3);
    network.initial_assignments.push_back(
        {"top", make_math(Op::times, {make_number(2), make_symbol("n")}, {})});
    network.reactions[2].products[0].id = "n";
    network.reactions[2].products[0].constant = false;
    network.rules.push_back({RuleKind::assignment, "n", make_number(5), {}});
    EXPECT_DOUBLE_EQ(balance(Model(network)).value, 50);
}

TEST(Balance, TheActiveObjectiveCountsAndMayBeLeast) {
    Network network = branches(3);
    network.flux_bounds.push_back({"J3", Op::geq, make_number(2), {}});
    network.objectives.push_back({.id = "least", .maximize = false, .active = true, .terms = {{2, "J0"}}});
    const Balance best = balance(Model(network));
    EXPECT_EQ(best.objective, "least");
    EXPECT_DOUBLE_EQ(best.value, 2);
}

// A reversible reaction without bounds may run backwards; a boundary species needs no balance.
TEST(Balance, ReversibleAndBoundary) {
    Network network = branches(3);
    network.species.push_back({.id = "X", .compartment = "c", .boundary = true});
    network.reactions.push_back(
        {.id = "J4", .reactants = {{.species = "B"}}, .products = {{.species = "X"}}});
    network.flux_bounds.push_back({"J3", Op::leq, make_number(8), {}});
    const Balance best = balance(Model(network));
    EXPECT_DOUBLE_EQ(best.value, 8);
    EXPECT_DOUBLE_EQ(best.rates[4], best.rates[1] + 2 * best.rates[2] - 8);
}

TEST(Balance, SaysWhyThereIsNone) {
    Network network = branches(3);
    network.flux_bounds.push_back({"J3", Op::geq, make_number(7), {}});
    EXPECT_EQ(message(network), "no rates keep every amount as it is within their bounds");
    EXPECT_TRUE(std::isnan(balance(Model(network)).value));
    network = branches(3);
    network.flux_bounds.clear();
    EXPECT_EQ(message(network), "the objective has no limit; bound the reactions it grows with");
    network.objectives.clear();
    EXPECT_EQ(message(network),
              "flux balance of 'branches': there is no objective; write one, e.g. maximize J1 + 2*J2");
    network = branches(3);
    network.parameters[0].value.reset();
    EXPECT_EQ(message(network), "flux balance of 'branches': the bound of 'J0' is 'top', which has no value");
}

}  // namespace
}  // namespace rondo
