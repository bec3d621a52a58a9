// networks.h: networks for tests and benchmarks, made without a parser.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "dsl/model/network.h"

namespace rondo::testing {

// Shorthand for formulas.
inline MathPtr num(double value) {
    return make_number(value);
}
inline MathPtr sym(const std::string& name) {
    return make_symbol(name);
}
inline MathPtr op(Op op, std::vector<MathPtr> args) {
    return make_math(op, std::move(args));
}
inline MathPtr operator+(MathPtr a, MathPtr b) {
    return op(Op::plus, {std::move(a), std::move(b)});
}
inline MathPtr operator-(MathPtr a, MathPtr b) {
    return op(Op::minus, {std::move(a), std::move(b)});
}
inline MathPtr operator*(MathPtr a, MathPtr b) {
    return op(Op::times, {std::move(a), std::move(b)});
}
inline MathPtr operator/(MathPtr a, MathPtr b) {
    return op(Op::divide, {std::move(a), std::move(b)});
}
inline MathPtr pow(MathPtr a, double n) {
    return op(Op::power, {std::move(a), num(n)});
}

// A network with the compartment that Antimony makes when none is given.
Network empty_network(std::string id);
void add_species(Network&, const std::string& id, double initial);
void add_parameter(Network&, const std::string& id, double value);
void add_reaction(Network&, const std::string& id, std::vector<std::string> reactants,
                  std::vector<std::string> products, MathPtr rate);
void add_rate_rule(Network&, const std::string& variable, MathPtr math);

// The oscillators of spec/oscillators.md, section 1, at their nominal parameters.
Network brusselator();
Network cell_cycle();
Network mpf();
Network activator_inhibitor();

// `reactions` reactions among 2/3 as many species (at least 2), the same for a seed everywhere: half mass
// action of one or two reactants, half Michaelis-Menten; a quarter of each with a modifier. Every species
// reacts.
Network generated_network(int reactions, std::uint64_t seed);

}  // namespace rondo::testing
