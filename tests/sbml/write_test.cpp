// Network -> SBML -> Network is the identity, and libSBML finds no error in between.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "network_text.h"

namespace rondo {

namespace {

void expect_round_trip(const Network& network) {
    const std::string xml = to_sbml(network);
    SCOPED_TRACE(xml);
    EXPECT_EQ(errors_of_libsbml(xml), "");
    const Read back = read(xml);
    EXPECT_EQ(back.messages, "");
    EXPECT_EQ(describe(back.network), describe(network));
}

MathPtr x() {
    return make_symbol("x");
}

// y := formula of the constant x.
Network network_of(MathPtr formula) {
    Network network;
    network.id = "m";
    network.parameters = {{"x", "", 2.0, true, {}}, {"y", "", {}, false, {}}};
    network.rules = {{RuleKind::assignment, "y", std::move(formula), {}}};
    return network;
}

std::vector<MathPtr> operands(int count, bool logical) {
    const MathPtr condition = make_math(Op::lt, {x(), make_number(3)});
    return std::vector<MathPtr>(static_cast<std::size_t>(count), logical ? condition : x());
}

bool is_logic(Op op) {
    return op == Op::and_ || op == Op::or_ || op == Op::xor_ || op == Op::not_ || op == Op::implies;
}

}  // namespace

TEST(WriteSbml, EveryOperationComesBack) {
    for (int i = 0; i <= static_cast<int>(Op::implies); ++i) {
        const Op op = static_cast<Op>(i);
        if (op == Op::number || op == Op::symbol) continue;
        SCOPED_TRACE(std::string(info(op).name));
        const int least = info(op).min_arity, most = info(op).max_arity < 0 ? 3 : info(op).max_arity;
        for (int count = least; count <= most; ++count)
            expect_round_trip(network_of(make_math(op, operands(count, is_logic(op)))));
    }
}

TEST(WriteSbml, PiecewiseComesBackWithAndWithoutOtherwise) {
    const MathPtr low = make_math(Op::lt, {x(), make_number(1)}),
                  high = make_math(Op::gt, {x(), make_number(9)});
    const MathPtr one = make_number(1), two = make_number(2), three = make_number(3);
    expect_round_trip(network_of(make_math(Op::piecewise, {one})));
    expect_round_trip(network_of(make_math(Op::piecewise, {one, low})));
    expect_round_trip(network_of(make_math(Op::piecewise, {one, low, two})));
    expect_round_trip(network_of(make_math(Op::piecewise, {one, low, two, high, three})));
}

TEST(WriteSbml, NumbersComeBackToTheBit) {
    using Limits = std::numeric_limits<double>;
    for (const double value :
         {0.0, -0.0, 1.0, -3.0, 0.1, 1.0 / 3, -1e-7, 6.02214076e23, 123456789012345680.0, 1e22, Limits::max(),
          Limits::min(), std::nextafter(1.0, 2.0), 1.2345678901234567e-7}) {
        SCOPED_TRACE(value);
        Network network = network_of(make_number(value));
        network.parameters[0].value = value;
        expect_round_trip(network);
    }
    expect_round_trip(network_of(make_number(Limits::denorm_min())));
    for (const double value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
        Network network = network_of(make_number(value));
        network.parameters[0].value = value;
        expect_round_trip(network);
    }
}

TEST(WriteSbml, EverythingOfANetworkComesBack) {
    Network network;
    network.id = "everything";
    network.name = "a \"name\" with <signs> & \xc3\xbc\xc3\xb6 and\ttab";
    network.compartments = {{"cell", "the cell", 3, 2.5, true, false, {}},
                            {"skin", "", 2, {}, false, false, {}},
                            {"spot", "", 0, {}, true, false, {}},
                            {"fractal", "", 2.5, 1.0, true, false, {}}};
    network.species = {{"A", "first", "cell", {}, 0.1, false, false, false, {}},
                       {"B", "", "cell", 3.0, {}, true, false, false, {}},
                       {"C", "", "skin", {}, {}, false, true, false, {}},
                       {"D", "", "spot", 1.0, {}, true, true, true, {}}};
    network.parameters = {
        {"k", "rate", 1.5, true, {}}, {"v", "", {}, false, {}}, {"time", "", 7.0, true, {}}};
    network.functions = {
        {"f", "twice", {"a", "b"}, make_math(Op::plus, {make_symbol("a"), make_symbol("b")}), {}},
        {"none", "", {}, make_number(4), {}}};
    const MathPtr call = make_math(Op::call, {make_symbol("A"), make_math(Op::time, {})}, {}, "f");
    Reaction reaction;
    reaction.id = "J";
    reaction.name = "step";
    reaction.compartment = "cell";
    reaction.reversible = false;
    reaction.reactants = {{"A", 2, {}}, {"A", 0.5, {}}};
    reaction.products = {{"B", 1, {}}};
    reaction.modifiers = {"C"};
    reaction.kinetic_law =
        make_math(Op::times, {make_symbol("k"), call, make_symbol("C"), make_symbol("time")});
    reaction.local_parameters = {{"k", "own", 0.25, {}}, {"unset", "", {}, {}}};
    Reaction bare;
    bare.id = "bare";
    bare.products = {{"B", 1, {}}};
    network.reactions = {reaction, bare};
    network.rules = {{RuleKind::assignment, "v", make_math(Op::call, {}, {}, "none"), {}},
                     {RuleKind::rate, "skin", make_math(Op::avogadro, {}), {}}};
    network.initial_assignments = {{"B", make_math(Op::divide, {make_symbol("k"), make_number(2)}), {}}};
    expect_round_trip(network);
}

TEST(WriteSbml, ImplicitCompartmentStaysImplicit) {
    Network network;
    network.id = "m";
    network.compartments = {{"default_compartment", "", 3, 1.0, true, true, {}}};
    network.species = {{"S", "", "default_compartment", {}, 1.0, false, false, false, {}}};
    expect_round_trip(network);
    network.compartments[0] = {"default_compartment", "", 3, 2.0, true, false, {}};
    expect_round_trip(network);
}

TEST(WriteSbml, MissingCompartmentIsWritten) {
    Network network;
    network.species = {{"S", "", "", {}, 1.0, false, false, false, {}}};
    const std::string xml = to_sbml(network);
    EXPECT_EQ(errors_of_libsbml(xml), "");
    const Read back = read(xml);
    ASSERT_EQ(back.network.compartments.size(), 1U);
    EXPECT_TRUE(back.network.compartments[0].implicit);
    EXPECT_EQ(back.network.species[0].compartment, "default_compartment");
}

TEST(WriteSbml, SpeciesThatARateReadsBecomeModifiers) {
    Network network;
    network.species = {{"S", "", "", {}, 1.0, false, false, false, {}},
                       {"E", "", "", {}, 1.0, false, false, false, {}}};
    Reaction reaction;
    reaction.id = "J";
    reaction.reactants = {{"S", 1, {}}};
    reaction.kinetic_law = make_math(Op::times, {make_symbol("E"), make_symbol("S")});
    network.reactions = {reaction};
    const std::string xml = to_sbml(network);
    EXPECT_EQ(errors_of_libsbml(xml), "");
    EXPECT_EQ(read(xml).network.reactions[0].modifiers, std::vector<std::string>{"E"});
}

TEST(WriteSbml, NamesThatXmlCannotHoldAreMended) {
    Network network = network_of(make_number(1));
    network.name = "bell\x07, stray \xe9, half \xc3, surrogate \xed\xa0\x80";
    const std::string xml = to_sbml(network);
    EXPECT_EQ(errors_of_libsbml(xml), "");
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(read(xml).network.name,
              "bell" + mark + ", stray " + mark + ", half " + mark + ", surrogate " + mark + mark + mark);
}

// Debian's libSBML does not know the package; the reader refuses it by name.
TEST(WriteSbml, DrawsBringTheirPackage) {
    const std::string xml = to_sbml(network_of(make_math(
        Op::draw, {make_number(0), make_number(1), make_number(-2), make_number(2)}, {}, "truncatedNormal")));
    EXPECT_NE(xml.find("xmlns:distrib=\"http://www.sbml.org/sbml/level3/version1/distrib/version1\" "
                       "distrib:required=\"true\""),
              std::string::npos)
        << xml;
    EXPECT_NE(xml.find("definitionURL=\"http://www.sbml.org/sbml/symbols/distrib/normal\"> normal <"),
              std::string::npos);
    EXPECT_NE(read(xml).messages.find("distrib"), std::string::npos);
    EXPECT_EQ(to_sbml(network_of(x())).find("distrib"), std::string::npos);
}

}  // namespace rondo
