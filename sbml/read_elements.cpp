// read_elements.cpp: function definitions, compartments, species, parameters.
#include <cmath>

#include "sbml/import.h"

namespace rondo {

namespace {

void read_function(Import& import, const ::FunctionDefinition& from) {
    FunctionDefinition to{from.getId(), import.name(from), {}, nullptr, import.span(from)};
    for (unsigned i = 0; i < from.getNumArguments(); ++i)
        to.arguments.emplace_back(from.getArgument(i)->getName());
    to.body = import.formula(from.getBody(), from, "function " + quote(to.id));
    if (to.body != nullptr) import.network.functions.push_back(std::move(to));
}

// In Level 1 nothing says what varies: it is what has a rule.
bool is_constant(const Import& import, const std::string& id, bool declared) {
    return import.level() > 1 ? declared : !import.has_rule(id);
}

void read_compartment(Import& import, const ::Compartment& from) {
    Compartment to{.id = from.getId(), .name = import.name(from), .span = import.span(from)};
    to.constant = is_constant(import, to.id, from.getConstant());
    if (from.isSetSpatialDimensions()) to.dimensions = from.getSpatialDimensionsAsDouble();
    if (from.isSetSize()) to.size = from.getSize();
    if (import.level() == 1) to.size = from.getVolume();  // 1 where it is left out
    to.units = import.unit(from.getUnits());
    to.implicit = to.id == "default_compartment" && to.size == 1 && to.constant && to.dimensions == 3 &&
                  to.units.empty() && import.model.getInitialAssignment(to.id) == nullptr;
    import.network.compartments.push_back(std::move(to));
}

// `points`: compartments without dimensions and size. A point has no volume: its species have amounts alone.
void read_species(Import& import, const ::Species& from, const std::unordered_set<std::string>& points) {
    Species to{.id = from.getId(),
               .name = import.name(from),
               .compartment = from.getCompartment(),
               .span = import.span(from)};
    if (from.isSetInitialAmount())
        to.initial_amount = from.getInitialAmount();
    else if (from.isSetInitialConcentration())
        to.initial_concentration = from.getInitialConcentration();
    to.substance_only = from.getHasOnlySubstanceUnits() || points.contains(to.compartment);
    to.boundary = from.getBoundaryCondition();
    to.constant = from.getConstant();
    to.substance_units = import.unit(from.getSubstanceUnits());
    to.conversion_factor = from.getConversionFactor();
    import.network.species.push_back(std::move(to));
}

void read_parameter(Import& import, const ::Parameter& from) {
    GlobalParameter to{.id = from.getId(), .name = import.name(from), .span = import.span(from)};
    if (from.isSetValue()) to.value = from.getValue();
    to.constant = is_constant(import, to.id, from.getConstant());
    to.units = import.unit(from.getUnits());
    import.network.parameters.push_back(std::move(to));
}

}  // namespace

void read_elements(Import& import) {
    const auto list = [&](const auto* items, auto read) {
        for (unsigned i = 0; i < items->size(); ++i) read(import, *items->get(i));
    };
    list(import.model.getListOfFunctionDefinitions(), read_function);
    list(import.model.getListOfCompartments(), read_compartment);
    std::unordered_set<std::string> points;
    for (const Compartment& item : import.network.compartments)
        if (item.dimensions == 0 && !item.size) points.insert(item.id);
    list(import.model.getListOfSpecies(),
         [&](Import& to, const ::Species& from) { read_species(to, from, points); });
    list(import.model.getListOfParameters(), read_parameter);
    import.network.conversion_factor = import.model.getConversionFactor();
}

}  // namespace rondo
