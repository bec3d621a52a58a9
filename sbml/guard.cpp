#include "sbml/guard.h"

#include <string>
#include <unordered_set>

namespace rondo {

bool references_are_known(const ::Model& model, const Places& places, Diagnostics& diagnostics) {
    std::unordered_set<std::string> species;
    for (unsigned i = 0; i < model.getNumSpecies(); ++i) species.insert(model.getSpecies(i)->getId());
    bool known = true;
    const auto check = [&](const ::SimpleSpeciesReference& reference, const ::Reaction& reaction) {
        if (species.contains(reference.getSpecies())) return;
        diagnostics.error(places.tag(reference), "unknown species '" + reference.getSpecies() +
                                                     "' in reaction '" + reaction.getId() + "'");
        known = false;
    };
    for (unsigned i = 0; i < model.getNumReactions(); ++i) {
        const ::Reaction& reaction = *model.getReaction(i);
        for (unsigned j = 0; j < reaction.getNumReactants(); ++j) check(*reaction.getReactant(j), reaction);
        for (unsigned j = 0; j < reaction.getNumProducts(); ++j) check(*reaction.getProduct(j), reaction);
        for (unsigned j = 0; j < reaction.getNumModifiers(); ++j) check(*reaction.getModifier(j), reaction);
    }
    return known;
}

}  // namespace rondo
