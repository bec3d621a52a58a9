// read_flux_balance.cpp: package fbc: bounds of rates, what is optimised, what molecules are made of.
#include "sbml/import.h"

// After libSBML's core, which it needs.
#include <sbml/packages/fbc/common/FbcExtensionTypes.h>

namespace rondo {

namespace {

using ::FbcModelPlugin;
using ::FbcReactionPlugin;
using ::FbcSpeciesPlugin;

template <class Plugin>
const Plugin* plugin(const ::SBase& element) {
    return static_cast<const Plugin*>(element.getPlugin("fbc"));
}

// Version 1 lists bounds apart from their reactions.
void read_bound(Import& import, const ::FluxBound& from) {
    FluxBound to{from.getReaction(), Op::eq, make_number(from.getValue()), import.span(from)};
    switch (from.getFluxBoundOperation()) {
        case ::FLUXBOUND_OPERATION_LESS_EQUAL:
        case ::FLUXBOUND_OPERATION_LESS: to.relation = Op::leq; break;
        case ::FLUXBOUND_OPERATION_GREATER_EQUAL:
        case ::FLUXBOUND_OPERATION_GREATER: to.relation = Op::geq; break;
        default: break;
    }
    import.network.flux_bounds.push_back(std::move(to));
}

// Version 2: two parameters of the reaction.
void read_bounds(Import& import, const ::Reaction& from) {
    const auto* flux = plugin<FbcReactionPlugin>(from);
    if (flux == nullptr) return;
    const auto add = [&](Op relation, const std::string& parameter) {
        import.network.flux_bounds.push_back(
            {from.getId(), relation, make_symbol(parameter, import.span(from)), import.span(from)});
    };
    if (flux->isSetLowerFluxBound()) add(Op::geq, flux->getLowerFluxBound());
    if (flux->isSetUpperFluxBound()) add(Op::leq, flux->getUpperFluxBound());
}

void read_objective(Import& import, const ::Objective& from, const std::string& active) {
    FluxObjective to{.id = from.getId(), .name = from.getName(), .span = import.span(from)};
    to.maximize = from.getObjectiveType() == ::OBJECTIVE_TYPE_MAXIMIZE;
    to.active = to.id == active;
    for (unsigned i = 0; i < from.getNumFluxObjectives(); ++i) {
        const ::FluxObjective& term = *from.getFluxObjective(i);
        to.terms.emplace_back(term.getCoefficient(), term.getReaction());
    }
    import.network.objectives.push_back(std::move(to));
}

// Of chemistry, not of balance: kept as said.
void read_species(Import& import, const ::Species& from) {
    const auto* chemistry = plugin<FbcSpeciesPlugin>(from);
    if (chemistry == nullptr) return;
    const auto add = [&](const char* property, const std::string& value) {
        import.network.remarks.push_back({from.getId(), property, {value}, import.span(from)});
    };
    if (chemistry->isSetCharge()) add("charge", std::to_string(chemistry->getCharge()));
    if (chemistry->isSetChemicalFormula()) add("chemicalFormula", chemistry->getChemicalFormula());
}

}  // namespace

void read_flux_balance(Import& import) {
    const ::Model& model = import.model;
    const auto* fluxes = plugin<FbcModelPlugin>(model);
    if (fluxes == nullptr) return;
    for (unsigned i = 0; i < fluxes->getNumFluxBounds(); ++i) read_bound(import, *fluxes->getFluxBound(i));
    for (unsigned i = 0; i < model.getNumReactions(); ++i) read_bounds(import, *model.getReaction(i));
    const auto* objectives = fluxes->getListOfObjectives();
    for (unsigned i = 0; i < fluxes->getNumObjectives(); ++i)
        read_objective(import, *fluxes->getObjective(i), objectives->getActiveObjective());
    for (unsigned i = 0; i < model.getNumSpecies(); ++i) read_species(import, *model.getSpecies(i));
}

}  // namespace rondo
