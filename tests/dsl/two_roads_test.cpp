// One network written two ways: BioModels as Antimony read by us, and as the SBML that libAntimony made of
// it.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>

#include "biomodels.h"
#include "read.h"
#include "sbml/sbml.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

// libSBML writes 1/3 as a number, root(2, x) as the square root, and a % b as a formula of floor and ceil.
MathPtr with_numbers_divided(const MathPtr& math) {
    std::vector<MathPtr> args;
    for (const MathPtr& argument : math->args) args.push_back(with_numbers_divided(argument));
    const bool numbers = args.size() == 2 && args[0]->op == Op::number && args[1]->op == Op::number;
    if (math->op == Op::divide && numbers) return make_number(args[0]->value / args[1]->value);
    if (math->op == Op::root && args[0]->op == Op::number && args[0]->value == 2)
        return make_math(Op::sqrt, {args[1]});
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
    for (auto& compartment : network.compartments) compartment.implicit = false;
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
        const auto ours = elements(reading.network);
        auto theirs = elements(read_sbml(sources.add(other.string(), content(other)), diagnostics));
        if (diagnostics.has_errors() || path.stem() == "BIOMD0000000808") continue;  // the latter has %
        EXPECT_EQ(differences(ours, theirs), "") << path.stem();
        ++compared;
    }
    std::cout << compared << " models compared\n";
    EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace rondo
