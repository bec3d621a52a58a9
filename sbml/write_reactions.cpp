// write_reactions.cpp: reactions with their references, rates and bounds.
#include <algorithm>
#include <cmath>
#include <set>

#include "sbml/export.h"
#include "sbml/flux_writer.h"

namespace rondo {

namespace {

// Names of a formula that are neither bound there nor calls.
void collect_symbols(const Math& math, std::set<std::string>& symbols) {
    if (math.op == Op::symbol) symbols.insert(math.name);
    for (const MathPtr& arg : math.args) collect_symbols(*arg, symbols);
}

void write_reference(Export& to, const SpeciesReference& reference) {
    std::optional<double> stoichiometry = reference.stoichiometry;
    if (std::isnan(*stoichiometry)) stoichiometry.reset();
    to.element(Tag("speciesReference")
                   .text("id", reference.id)
                   .text("name", reference.name)
                   .text("species", reference.species)
                   .value("stoichiometry", stoichiometry)
                   .flag("constant", reference.constant),
               reference.id);
}

void write_modifier(Export& to, const std::string& species) {
    to.out.empty(Tag("modifierSpeciesReference").text("species", species));
}

void write_local(Export& to, const LocalParameter& local) {
    to.out.empty(Tag("localParameter")
                     .text("id", local.id)
                     .text("name", local.name)
                     .value("value", local.value)
                     .text("units", to.unit(local.units)));
}

// SBML wants every species that a rate reads to be declared in its reaction.
std::vector<std::string> modifiers(const Reaction& reaction, const std::set<std::string>& species) {
    std::vector<std::string> all = reaction.modifiers;
    if (reaction.kinetic_law == nullptr) return all;
    std::set<std::string> read;
    collect_symbols(*reaction.kinetic_law, read);
    for (const LocalParameter& local : reaction.local_parameters) read.erase(local.id);
    for (const SpeciesReference& term : reaction.reactants) read.erase(term.species);
    for (const SpeciesReference& term : reaction.products) read.erase(term.species);
    for (const std::string& declared : reaction.modifiers) read.erase(declared);
    for (const std::string& name : read)
        if (species.contains(name)) all.push_back(name);
    return all;
}

}  // namespace

void write_reactions(Export& to, const FluxWriter& fluxes) {
    std::set<std::string> species;
    for (const Species& item : to.network.species) species.insert(item.id);
    to.list("listOfReactions", to.network.reactions, [&](Export&, const Reaction& reaction) {
        Tag tag("reaction");
        tag.text("id", reaction.id)
            .text("name", reaction.name)
            .flag("reversible", reaction.reversible)
            .text("compartment", reaction.compartment);
        if (to.version == 1) tag.flag("fast", reaction.fast);
        fluxes.add_bounds(reaction.id, tag);
        to.begin(tag, reaction.id);
        to.list("listOfReactants", reaction.reactants, write_reference);
        to.list("listOfProducts", reaction.products, write_reference);
        to.list("listOfModifiers", modifiers(reaction, species), write_modifier);
        if (reaction.kinetic_law != nullptr) {
            to.out.open("kineticLaw");
            to.math(reaction.kinetic_law);
            to.list("listOfLocalParameters", reaction.local_parameters, write_local);
            to.out.close();
        }
        to.end();
    });
}

}  // namespace rondo
