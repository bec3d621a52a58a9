// One network written two ways: BioModels as Antimony read by us, and as the SBML that libAntimony made of
// it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>

#include "biomodels.h"
#include "dsl/model/unit.h"
#include "read.h"
#include "sbml/sbml.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

MathPtr remainder(const MathPtr& x, const MathPtr& y) {
    const auto whole = [&](Op to) {
        return make_math(Op::minus,
                         {x, make_math(Op::times, {y, make_math(to, {make_math(Op::divide, {x, y})})})});
    };
    const auto negative = [](const MathPtr& a) { return make_math(Op::lt, {a, make_number(0)}); };
    return make_math(Op::piecewise,
                     {whole(Op::ceil), make_math(Op::xor_, {negative(x), negative(y)}), whole(Op::floor)});
}

// libSBML writes 1/3 as a number, root(2, x) as the square root, and a % b as a formula of floor and ceil.
MathPtr with_numbers_divided(const MathPtr& math) {
    std::vector<MathPtr> args;
    for (const MathPtr& argument : math->args) args.push_back(with_numbers_divided(argument));
    const bool numbers = args.size() == 2 && args[0]->op == Op::number && args[1]->op == Op::number;
    if (math->op == Op::divide && numbers) return make_number(args[0]->value / args[1]->value);
    if (math->op == Op::root && args[0]->op == Op::number && args[0]->value == 2)
        return make_math(Op::sqrt, {args[1]});
    if (math->op == Op::remainder) return remainder(args[0], args[1]);
    return std::make_shared<const Math>(Math{math->op, math->value, math->name, std::move(args), {}});
}

void normalise(Network& network) {
    const auto divide = [](MathPtr& math) {
        if (math) math = with_numbers_divided(math);
    };
    for (auto& function : network.functions) divide(function.body);
    for (auto& reaction : network.reactions) divide(reaction.kinetic_law);
    for (auto& rule : network.rules) divide(rule.math);
    for (auto& assignment : network.initial_assignments) divide(assignment.math);
    for (auto& event : network.events) {
        divide(event.trigger);
        divide(event.delay);
        divide(event.priority);
        for (auto& assignment : event.assignments) divide(assignment.math);
    }
    for (auto& compartment : network.compartments) compartment.implicit = false;
    std::erase_if(network.remarks, [](const Remark& remark) { return remark.of == "default_compartment"; });
}

using Dimensions = std::map<std::string, std::optional<Dimension>>;

// Of everything that has units; these are then taken away: their names may differ.
Dimensions dimensions(Network& network) {
    std::map<std::string, std::vector<Unit>> definitions;
    for (const auto& unit : network.units) definitions[unit.id] = unit.units;
    Dimensions result;
    const auto take = [&](const std::string& id, std::string& units) {
        const auto known = definitions.find(units);
        result[id] = units.empty() ? std::nullopt
                                   : dimension(known == definitions.end() ? std::vector<Unit>{{.kind = units}}
                                                                          : known->second);
        units.clear();
    };
    for (auto& item : network.parameters) take(item.id, item.units);
    for (auto& item : network.compartments) take(item.id, item.units);
    for (auto& item : network.species) take(item.id, item.substance_units);
    take("substance", network.substance_units);
    take("time", network.time_units);
    take("volume", network.volume_units);
    take("area", network.area_units);
    take("length", network.length_units);
    take("extent", network.extent_units);
    network.units.clear();
    return result;
}

std::string differences(const Dimensions& ours, const Dimensions& theirs) {
    std::string text;
    for (const auto& [id, dimension] : ours) {
        const auto other = theirs.find(id);
        const bool both = dimension && other != theirs.end() && other->second;
        if (both && std::isfinite(other->second->scale) && !same(*dimension, *other->second))
            text += id + "\n";
    }
    return text;
}

// Each line of the dump under its first two words; display names, which libAntimony keeps elsewhere, left
// out.
std::map<std::string, std::string> elements(Network network) {
    normalise(network);
    std::istringstream text(dump(network));
    std::map<std::string, std::string> lines;
    for (std::string line; std::getline(text, line);) {
        if (line.starts_with("model ")) continue;
        line = line.substr(0, line.find(" \""));
        lines[line.substr(0, line.find_first_of(" :(", line.find(' ') + 1))] = line;
    }
    return lines;
}

std::string differences(const std::map<std::string, std::string>& ours,
                        const std::map<std::string, std::string>& theirs) {
    std::string text;
    for (const auto& [name, line] : ours)
        if (!theirs.contains(name) || theirs.at(name) != line) text += "ours:   " + line + "\n";
    for (const auto& [name, line] : theirs)
        if (!ours.contains(name) || ours.at(name) != line) text += "theirs: " + line + "\n";
    return text;
}

TEST(TwoRoads, AntimonyMeansWhatItsSbmlMeans) {
    const BioModels antimony("antimony"), sbml("sbml");
    if (!antimony.missing.empty()) GTEST_SKIP() << antimony.missing;
    int compared = 0, files = 0;
    for (const fs::path& path : antimony.files) {
        const fs::path other = sbml.folder / "sbml" / path.stem().concat(".xml");
        const Reading reading(content(path), path.filename().string());
        if (!fs::exists(other)) continue;
        if (files++ % 3 != 0) continue;  // libSBML takes its time
        Sources sources;
        Diagnostics diagnostics(sources);
        Network our_network = reading.network;
        const Dimensions our_units = dimensions(our_network);
        const auto ours = elements(std::move(our_network));
        Network their_network = read_sbml(sources.add(other.string(), content(other)), diagnostics);
        const Dimensions their_units = dimensions(their_network);
        const auto theirs = elements(std::move(their_network));
        if (diagnostics.has_errors()) continue;
        // There libAntimony takes litres for the volume of the default compartment, not the model's
        // millilitres.
        if (path.stem() != "BIOMD0000000617") {
            EXPECT_EQ(differences(our_units, their_units), "") << path.stem();
        }
        EXPECT_EQ(differences(ours, theirs), "") << path.stem();
        ++compared;
    }
    std::cout << compared << " models compared\n";
    EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace rondo
