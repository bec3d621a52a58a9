// write_elements.cpp: units, compartments, species.
#include <algorithm>
#include <cmath>

#include "sbml/export.h"
#include "sbml/flux_writer.h"

namespace rondo {

namespace {

void write_unit(Export& to, const Unit& unit) {
    to.out.empty(Tag("unit")
                     .text("kind", unit.kind)
                     .value("exponent", unit.exponent)
                     .text("scale", std::to_string(unit.scale))
                     .value("multiplier", unit.multiplier));
}

void write_definition(Export& to, const UnitDefinition& definition) {
    to.out.open(Tag("unitDefinition").text("id", definition.id).text("name", definition.name));
    to.list("listOfUnits", definition.units, write_unit);
    to.out.close();
}

std::string_view home(const Species& species) {
    return species.compartment.empty() ? std::string_view("default_compartment") : species.compartment;
}

// Every species of SBML is somewhere, every compartment declared.
std::vector<Compartment> compartments(const Network& network) {
    std::vector<Compartment> all = network.compartments;
    const bool needed = std::any_of(network.species.begin(), network.species.end(),
                                    [](const Species& s) { return home(s) == "default_compartment"; });
    if (needed && find_compartment(network, "default_compartment") == nullptr)
        all.push_back({"default_compartment", "", 3, 1.0, true, true, {}});
    return all;
}

void write_compartment(Export& to, const Compartment& compartment) {
    to.element(Tag("compartment")
                   .text("id", compartment.id)
                   .text("name", compartment.name)
                   .value("spatialDimensions", compartment.dimensions)
                   .value("size", compartment.size)
                   .text("units", to.unit(compartment.units))
                   .flag("constant", compartment.constant),
               compartment.id);
}

}  // namespace

void write_units(Export& to) {
    to.list("listOfUnitDefinitions", to.network.units, write_definition);
}

void write_compartments(Export& to) {
    to.list("listOfCompartments", compartments(to.network), write_compartment);
}

void write_species(Export& to, const FluxWriter& fluxes) {
    to.list("listOfSpecies", to.network.species, [&](Export&, const Species& species) {
        Tag tag("species");
        tag.text("id", species.id)
            .text("name", species.name)
            .text("compartment", home(species))
            .value("initialAmount", species.initial_amount)
            .value("initialConcentration", species.initial_concentration)
            .text("substanceUnits", to.unit(species.substance_units))
            .flag("hasOnlySubstanceUnits", species.substance_only)
            .flag("boundaryCondition", species.boundary)
            .flag("constant", species.constant)
            .text("conversionFactor", species.conversion_factor);
        fluxes.add_chemistry(species.id, tag);
        to.element(tag, species.id);
    });
}

}  // namespace rondo
