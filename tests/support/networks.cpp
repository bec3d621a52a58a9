// networks.cpp: networks for tests and benchmarks.
#include "tests/support/networks.h"

#include <algorithm>
#include <random>

namespace rondo::testing {
namespace {

// Like std::uniform_*_distribution, but the same numbers from every standard library.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) : engine_(seed) {}
    double uniform(double low, double high) {
        return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
    }
    int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }

  private:
    std::mt19937_64 engine_;
};

}  // namespace

Network empty_network(std::string id) {
    Network network;
    network.id = std::move(id);
    Compartment compartment;
    compartment.id = "default_compartment";
    compartment.size = 1;
    compartment.implicit = true;
    network.compartments.push_back(compartment);
    return network;
}

void add_species(Network& network, const std::string& id, double initial) {
    Species species;
    species.id = id;
    species.compartment = network.compartments.front().id;
    species.initial_concentration = initial;
    network.species.push_back(species);
}

void add_parameter(Network& network, const std::string& id, double value) {
    GlobalParameter parameter;
    parameter.id = id;
    parameter.value = value;
    network.parameters.push_back(parameter);
}

void add_reaction(Network& network, const std::string& id, std::vector<std::string> reactants,
                  std::vector<std::string> products, MathPtr rate) {
    Reaction reaction;
    reaction.id = id;
    for (const auto& s : reactants) reaction.reactants.push_back({s, 1, {}});
    for (const auto& s : products) reaction.products.push_back({s, 1, {}});
    reaction.kinetic_law = std::move(rate);
    network.reactions.push_back(std::move(reaction));
}

void add_rate_rule(Network& network, const std::string& variable, MathPtr math) {
    network.rules.push_back({RuleKind::rate, variable, std::move(math), {}});
}

Network brusselator() {
    Network n = empty_network("brusselator");
    const auto X = sym("X"), Y = sym("Y"), a = sym("a"), b = sym("b");
    for (const char* s : {"X", "Y"}) add_species(n, s, 10);
    add_parameter(n, "a", 1);
    add_parameter(n, "b", 3);
    add_reaction(n, "R1", {}, {"X"}, a);
    add_reaction(n, "R2", {"X", "X", "Y"}, {"X", "X", "X"}, pow(X, 2) * Y);
    add_reaction(n, "R3", {"X"}, {"Y"}, b * X);
    add_reaction(n, "R4", {"X"}, {}, X);
    return n;
}

Network cell_cycle() {
    Network n = empty_network("cell_cycle");
    const auto V = sym("V"), X = sym("X"), YT = sym("YT"), Y = sym("Y"), Z = sym("Z");
    const std::pair<const char*, double> initial[] = {{"X", 320}, {"YT", 100}, {"Y", 100}, {"Z", 200}};
    const std::pair<const char*, double> nominal[] = {{"V", 30},      {"k_sx", 1.53}, {"k_dx", 0.04},
                                                      {"k_sy", 1.35}, {"k_dy", 0.02}, {"k_sz", 1.35},
                                                      {"k_dz", 0.1}};
    for (const auto& [id, value] : initial) add_species(n, id, value);
    for (const auto& [id, value] : nominal) add_parameter(n, id, value);
    const auto made = sym("k_sy") * (num(7.0) / num(3.5)) * V;
    add_rate_rule(n, "X",
                  sym("k_sx") * (num(1.04) * V / num(3.5)) * V - sym("k_dx") * X - num(0.00741) * X * Y / V);
    add_rate_rule(n, "YT", made - sym("k_dy") * YT);
    add_rate_rule(n, "Y",
                  made - sym("k_dy") * Y +
                      (num(29.7) * V + num(7.5) * Z) * (YT - Y) / (num(5.4) * V + YT - Y) -
                      num(1.88) * X * Y / (num(5.4) * V + Y));
    add_rate_rule(n, "Z",
                  sym("k_sz") * (num(0.001) + num(10) * pow(X, 2) / (pow(num(756) * V, 2) + pow(X, 2))) /
                          num(0.15) * V -
                      sym("k_dz") * Z);
    return n;
}

Network mpf() {
    Network n = empty_network("mpf");
    const auto X = sym("X"), Y = sym("Y"), G = sym("G"), k1 = sym("k1"), k2 = sym("k2");
    add_species(n, "X", 0.03656777);
    add_species(n, "Y", 0.36614645);
    const std::pair<const char*, double> nominal[] = {{"k1", 0.01},  {"k2", 0.01},  {"k25", 0.04},
                                                      {"kwee", 1.5}, {"kinh", 0.1}, {"kcak", 1}};
    for (const auto& [id, value] : nominal) add_parameter(n, id, value);
    add_parameter(n, "G", 1);
    const auto grown =
        op(Op::piecewise, {num(1) + sym("kinh") / sym("kcak"), op(Op::gt, {sym("kcak"), num(0)}), num(1)});
    n.rules.push_back({RuleKind::assignment, "G", grown, {}});
    add_rate_rule(n, "X",
                  k1 / G - (k2 + num(10) * pow(X, 2) + sym("kwee")) * X +
                      (sym("k25") + num(100) * pow(X, 2)) * (Y / G - X));
    add_rate_rule(n, "Y", k1 - (k2 + num(10) * pow(X, 2)) * Y);
    return n;
}

Network activator_inhibitor() {
    Network n = empty_network("activator_inhibitor");
    const auto X = sym("X"), Y = sym("Y");
    add_species(n, "X", 1);
    add_species(n, "Y", 4);
    const std::pair<const char*, double> nominal[] = {{"c", 2.8}, {"y0", 0.1}, {"eps", 0.1},
                                                      {"a", 1},   {"b", 5},    {"r", 1}};
    for (const auto& [id, value] : nominal) add_parameter(n, id, value);
    add_rate_rule(n, "X", (sym("a") + sym("b") * pow(X, 2)) / (num(1) + pow(X, 2) + sym("r") * Y) - X);
    add_rate_rule(n, "Y", sym("eps") * (sym("c") * X + sym("y0") - Y));
    return n;
}

Network generated_network(int reactions, std::uint64_t seed) {
    Draws draw(seed);
    Network n = empty_network("generated" + std::to_string(reactions));
    const int species = std::max(2, reactions * 2 / 3);
    const auto name = [](int i) { return "S" + std::to_string(i); };
    for (int i = 0; i < species; ++i) add_species(n, name(i), draw.uniform(0.1, 10));
    for (int i = 0; i < reactions; ++i) {
        const std::string id = std::to_string(i), k = "k" + id, km = "Km" + id;
        const std::string first = name(i % species), second = name(draw.below(species));
        add_parameter(n, k, draw.uniform(0.1, 2));
        const int shape = draw.below(4);
        std::vector<std::string> reactants{first}, products{name(draw.below(species))};
        MathPtr rate = sym(k) * sym(first);
        if (shape == 1) {
            reactants.push_back(second);
            rate = rate * sym(second);
        } else if (shape >= 2) {
            add_parameter(n, km, draw.uniform(0.5, 5));
            if (shape == 3) rate = sym(k) * sym(second) * sym(first);  // with an enzyme
            rate = rate / (sym(km) + sym(first));
        }
        add_reaction(n, "J" + id, reactants, products, rate);
    }
    return n;
}

}  // namespace rondo::testing
