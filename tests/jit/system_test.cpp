// What a network means as equations.
#include "jit/graph/system.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dsl/syntax/error.h"
#include "jit/graph/fold.h"
#include "tests/support/networks.h"

namespace rondo {
namespace {

using namespace rondo::testing;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A run's start and derivatives, by the oracle.
struct Started {
    explicit Started(const Network& network, std::vector<std::pair<std::string, double>> given = {},
                     double t0 = 0)
        : system(lower(network)), t(t0), y(system.states.size()), dydt(system.states.size()) {
        for (const Input& input : system.inputs) p.push_back(input.value);
        for (const auto& [id, value] : given) p.at(system.input(id).value()) = value;
        p.resize(system.parameter_count());
        TreeWalker{&system}.initialize(t, p, y);
        TreeWalker{&system}.rhs(t, y, p, dydt);
    }
    double operator[](const std::string& name) const {
        return evaluate(system.graph, system.output(name).value(), t, y, p);
    }
    OdeSystem system;
    double t;
    std::vector<double> p, y, dydt;
};

std::string message_of(const Network& network, Fault fault) {
    try {
        lower(network);
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), fault);
        return error.what();
    }
    return "no error";
}

Compartment compartment(const std::string& id, std::optional<double> size) {
    Compartment c;
    c.id = id;
    c.size = size;
    return c;
}

// S in compartment C of size 2, changed by J at rate k S, initially 3 (concentration).
Network in_volume() {
    Network n;
    n.id = "volume";
    n.compartments.push_back(compartment("C", 2));
    add_species(n, "S", 3);
    add_parameter(n, "k", 0.5);
    add_reaction(n, "J", {"S"}, {}, sym("k") * sym("S"));
    return n;
}

TEST(Lower, RatesChangeAmounts) {
    const Started run(in_volume());
    EXPECT_EQ(run.system.states, std::vector<std::string>{"S"});
    EXPECT_EQ(run.y[0], 6);  // amount
    EXPECT_EQ(run["S"], 3);
    EXPECT_EQ(run["[S]"], 3);
    EXPECT_EQ(run["amount(S)"], 6);
    EXPECT_EQ(run["J"], 1.5);
    EXPECT_EQ(run.dydt[0], -1.5);
    EXPECT_EQ(run["C"], 2);
    EXPECT_EQ(run["k"], 0.5);
    EXPECT_FALSE(run.system.output("[k]"));
    EXPECT_EQ(evaluate(run.system.graph, *run.system.output("time"), 7, run.y, run.p), 7);
}

TEST(Lower, ImplicitCompartmentsCostNoDivision) {
    const OdeSystem system = lower(brusselator());
    for (NodeId id = 0; id < system.graph.size(); ++id) EXPECT_NE(system.graph[id].op, Op::divide);
    EXPECT_FALSE(system.input("default_compartment"));
}

TEST(Lower, SubstanceOnlySymbolsAreAmounts) {
    Network n = in_volume();
    n.species[0].substance_only = true;  // the initial concentration of 3 is an amount of 6
    const Started run(n);
    EXPECT_EQ(run["S"], 6);
    EXPECT_EQ(run["[S]"], 3);
    EXPECT_EQ(run.dydt[0], -3);
}

TEST(Lower, InitialAmountsBecomeConcentrations) {
    Network n = in_volume();
    n.species[0].initial_concentration.reset();
    n.species[0].initial_amount = 8;
    EXPECT_EQ(Started(n)["S"], 4);
    EXPECT_EQ(Started(n, {{"C", 4}})["S"], 4);  // concentrations survive a change of the volume
    n.initial_assignments.push_back({"C", sym("k") * num(2), {}});
    EXPECT_EQ(Started(n)["S"], 8);  // C is 1
}

TEST(Lower, WhatHasNoInitialValue) {
    Network n = in_volume();
    n.species[0].initial_concentration.reset();
    n.compartments[0].size.reset();
    n.parameters[0].value.reset();
    const Started run(n);
    EXPECT_EQ(run["S"], 0);
    EXPECT_EQ(run["C"], 1);
    EXPECT_EQ(missing_inputs(run.system, run.p), std::vector<std::string>{"k"});
    EXPECT_TRUE(missing_inputs(run.system, Started(n, {{"k", 1}}).p).empty());
}

TEST(Lower, InitialAssignmentsGiveWayToValuesThatAreSet) {
    Network n = in_volume();
    n.initial_assignments.push_back({"S", sym("k") * num(10) + make_math(Op::time, {}), {}});
    add_parameter(n, "twice", 1);
    n.initial_assignments.push_back({"twice", num(2) * sym("S"), {}});
    EXPECT_EQ(Started(n)["S"], 5);
    EXPECT_EQ(Started(n)["twice"], 10);
    EXPECT_EQ(Started(n, {}, 1)["S"], 6);
    EXPECT_EQ(Started(n, {{"k", 1}})["twice"], 20);
    EXPECT_EQ(Started(n, {{"S", 4}})["twice"], 8);
    EXPECT_EQ(Started(n, {{"twice", 7}})["twice"], 7);
    EXPECT_TRUE(std::isnan(Started(n).system.inputs[*Started(n).system.input("S")].value));
    n.parameters[0].value.reset();
    EXPECT_EQ(missing_inputs(lower(n), std::vector(4, nan)), std::vector<std::string>{"k"});
}

TEST(Lower, InitialAssignmentsMayReadRulesAndRates) {
    Network n = in_volume();
    add_parameter(n, "r", 0);
    n.rules.push_back({RuleKind::assignment, "r", sym("S") + num(1), {}});
    for (const char* id : {"from_rule", "from_rate"}) add_parameter(n, id, 0);
    n.initial_assignments.push_back({"from_rule", sym("r") * num(2), {}});
    n.initial_assignments.push_back({"from_rate", sym("J") * num(2), {}});
    const Started run(n);
    EXPECT_EQ(run["from_rule"], 8);
    EXPECT_EQ(run["from_rate"], 3);
}

TEST(Lower, AssignmentRulesAreExpressionsAndNotInputs) {
    Network n = in_volume();
    add_parameter(n, "r", 99);
    n.rules.push_back({RuleKind::assignment, "r", sym("S") * sym("k"), {}});
    n.reactions[0].kinetic_law = sym("r") * num(2);
    const Started run(n);
    EXPECT_EQ(run["r"], 1.5);
    EXPECT_EQ(run.dydt[0], -3);
    EXPECT_FALSE(run.system.input("r"));
    EXPECT_EQ(run.system.ruled, std::vector<std::string>{"r"});
}

TEST(Lower, LongChainsOfRulesInAnyOrder) {
    Network n = empty_network("chain");
    const int length = 20000;
    for (int i = 0; i <= length; ++i) add_parameter(n, "r" + std::to_string(i), 1);
    for (int i = 0; i < length; ++i) {
        const MathPtr next = sym("r" + std::to_string(i + 1)) + num(1);
        n.rules.push_back({RuleKind::assignment, "r" + std::to_string(i), next, {}});
    }
    EXPECT_EQ(Started(n)["r0"], 1 + length);
}

TEST(Lower, CyclesAreRefused) {
    Network n = in_volume();
    add_parameter(n, "r", 0);
    add_parameter(n, "s", 0);
    n.rules.push_back({RuleKind::assignment, "r", sym("s"), {}});
    n.rules.push_back({RuleKind::assignment, "s", sym("r"), {}});
    EXPECT_EQ(message_of(n, Fault::input), "'r' is defined by itself");
}

TEST(Lower, ReactionsWithoutRatesDoNothing) {
    Network n = in_volume();
    n.reactions[0].kinetic_law = nullptr;
    const Started run(n);
    EXPECT_EQ(run["J"], 0);
    EXPECT_EQ(run.dydt[0], 0);
}

TEST(Lower, UnknownNamesAreRefused) {
    Network n = in_volume();
    n.reactions[0].kinetic_law = sym("q");
    EXPECT_EQ(message_of(n, Fault::input), "unknown name 'q'");
}

TEST(Lower, RateRulesHaveTheUnitOfTheirSymbol) {
    Network n = in_volume();
    n.reactions.clear();
    add_rate_rule(n, "S", num(0) - sym("S"));
    add_rate_rule(n, "k", num(7));
    const Started run(n);
    EXPECT_EQ(run.system.states, (std::vector<std::string>{"S", "k"}));
    EXPECT_EQ(run.y, (std::vector<double>{3, 0.5}));  // a concentration
    EXPECT_EQ(run.dydt, (std::vector<double>{-3, 7}));
    EXPECT_EQ(run["amount(S)"], 6);
    EXPECT_EQ(run.system.inputs[*run.system.input("k")].kind, Input::Kind::initial_value);
}

// [S] = amount / C(t) in a growing compartment; held species are diluted, ruled ones are not.
TEST(Lower, VariableCompartments) {
    Network n = in_volume();
    add_species(n, "held", 4);
    n.species.back().boundary = true;
    add_rate_rule(n, "C", num(0.25));
    Started run(n);
    EXPECT_EQ(run.system.states, (std::vector<std::string>{"C", "S"}));
    EXPECT_EQ(run.system.derived, std::vector<std::string>{"amount(held)"});
    EXPECT_EQ(run["held"], 4);
    run.y[0] = 8;  // later, four times as large
    EXPECT_EQ(run["S"], 0.75);
    EXPECT_EQ(run["held"], 1);
    EXPECT_EQ(run["amount(held)"], 8);
    EXPECT_EQ(run["J"], 0.375);
    EXPECT_EQ(Started(n, {{"C", 1}}).y, (std::vector<double>{1, 3}));
}

TEST(Lower, BoundarySpeciesAreInputs) {
    Network n = in_volume();
    n.species[0].boundary = true;
    const Started run(n);
    EXPECT_TRUE(run.system.states.empty());
    EXPECT_EQ(run["S"], 3);
    EXPECT_EQ(run["J"], 1.5);
}

TEST(Lower, LocalParametersShadowGlobalOnes) {
    Network n = in_volume();
    add_parameter(n, "J_k", 1);
    n.reactions[0].local_parameters.push_back({"k", "", 4, {}});
    const Started run(n);
    EXPECT_EQ(run["J"], 12);
    EXPECT_EQ(run["J_k_"], 4);
    EXPECT_EQ(Started(n, {{"J_k_", 1}})["J"], 3);
}

TEST(Lower, FunctionsAreInlined) {
    Network n = in_volume();
    n.functions.push_back({"hill", "", {"s", "K"}, pow(sym("s"), 2) / (sym("K") + pow(sym("s"), 2)), {}});
    n.reactions[0].kinetic_law = make_math(Op::call, {sym("S"), sym("k")}, {}, "hill");
    EXPECT_DOUBLE_EQ(Started(n)["J"], 9 / 9.5);
    n.reactions[0].kinetic_law = make_math(Op::call, {sym("S")}, {}, "hill");
    EXPECT_EQ(message_of(n, Fault::input), "function 'hill' takes 2 arguments; it is given 1");
    n.functions[0].body = make_math(Op::call, {sym("s"), sym("K")}, {}, "hill");
    n.reactions[0].kinetic_law = make_math(Op::call, {sym("S"), sym("k")}, {}, "hill");
    EXPECT_EQ(message_of(n, Fault::input), "function 'hill' calls itself");
}

TEST(Lower, StoichiometryCountsOnce) {
    Network n = empty_network("net");
    for (const char* s : {"X", "Y"}) add_species(n, s, 2);
    add_reaction(n, "J", {"X", "X", "Y"}, {"X", "X", "X"}, sym("X"));
    n.reactions[0].products[0].stoichiometry = 0.5;
    EXPECT_EQ(Started(n).dydt, (std::vector<double>{1, -2}));
}

TEST(Lower, FurtherExpressions) {
    const Network n = in_volume();
    Started run(n);
    const NodeId node = add_expression(run.system, n, *(sym("J") + sym("amount(S)")));
    EXPECT_EQ(evaluate(run.system.graph, node, 0, run.y, run.p), 7.5);
    try {
        add_expression(run.system, n, *sym("Q"));
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "unknown name 'Q'");
    }
}

TEST(Lower, DivisionByZeroIsAValue) {
    Network n = in_volume();
    n.reactions[0].kinetic_law = sym("k") / make_math(Op::time, {});
    EXPECT_TRUE(std::isinf(Started(n).dydt[0]));
}

TEST(Lower, DumpNamesWhatIsShared) {
    const std::string text = dump(lower(brusselator()));
    EXPECT_NE(text.find("X' = a + %"), std::string::npos) << text;
    EXPECT_NE(text.find("d X' / d Y = X^2"), std::string::npos) << text;
}

// Columns against central differences, whose error at h = 1e-6 of the state is far below 1e-6 of the largest
// entry.
TEST(Lower, SparseJacobianAgreesWithDifferences) {
    Network growing = in_volume();
    add_rate_rule(growing, "C", sym("S") * num(0.1));
    for (const Network& network :
         {brusselator(), cell_cycle(), mpf(), activator_inhibitor(), growing, generated_network(30, 3)}) {
        SCOPED_TRACE(network.id);
        const Started run(network);
        const OdeSystem& s = run.system;
        const TreeWalker walker{&s};
        std::vector<double> values(s.jacobian.size()), up(run.y.size()), down(run.y.size());
        walker.jacobian(0.5, run.y, run.p, values);
        for (std::size_t column = 0; column < run.y.size(); ++column) {
            std::vector<double> dense(run.y.size(), 0), y = run.y;
            for (auto i = s.column_start[column]; i < s.column_start[column + 1]; ++i)
                dense[s.row_index[i]] = values[i];
            const double h = 1e-6 * (1 + std::fabs(run.y[column]));
            y[column] = run.y[column] + h;
            walker.rhs(0.5, y, run.p, up);
            y[column] = run.y[column] - h;
            walker.rhs(0.5, y, run.p, down);
            for (std::size_t row = 0; row < up.size(); ++row) {
                const double difference = (up[row] - down[row]) / (2 * h);
                EXPECT_NEAR(dense[row], difference, 1e-6 * (1 + std::fabs(difference)))
                    << row << ", " << column;
            }
        }
    }
}

TEST(FoldExponents, FixedOnesBecomeNumbers) {
    Network n = empty_network("hill");
    add_species(n, "x", 2);
    add_parameter(n, "n", 3);
    add_parameter(n, "k", 0.5);
    add_rate_rule(n, "x", num(1) - op(Op::power, {sym("k") * sym("x"), sym("n")}));
    const OdeSystem system = lower(n);
    std::vector<double> values;
    for (const Input& input : system.inputs) values.push_back(input.value);
    const auto has_power_of_parameter = [](const OdeSystem& s) {
        for (const NodeId id : reachable(s.graph, s.rhs))
            if (s.graph[id].op == Op::power && !s.graph.is_number(s.graph.operands(id)[1])) return true;
        return false;
    };
    const OdeSystem folded = fold_exponents(system, values, std::vector<std::string>{"k"});
    EXPECT_TRUE(has_power_of_parameter(system));
    EXPECT_FALSE(has_power_of_parameter(folded));
    EXPECT_TRUE(has_power_of_parameter(fold_exponents(system, values, std::vector<std::string>{"n"})));
    std::vector<double> p(system.parameter_count()), y(1), a(1), b(1), ja(1), jb(1);
    std::ranges::copy(values, p.begin());
    TreeWalker{&system}.initialize(0, p, y);
    TreeWalker{&system}.rhs(0, y, p, a);
    TreeWalker{&folded}.rhs(0, y, p, b);
    TreeWalker{&system}.jacobian(0, y, p, ja);
    TreeWalker{&folded}.jacobian(0, y, p, jb);
    EXPECT_NEAR(a[0], 1 - std::pow(1.0, 3), 1e-15);
    EXPECT_NEAR(b[0], a[0], 1e-15);
    EXPECT_NEAR(jb[0], ja[0], 1e-14);
}

}  // namespace
}  // namespace rondo
