// read_reactions.cpp: reactions, their species references and local parameters.
#include <cmath>
#include <set>

#include "sbml/import.h"

namespace rondo {

namespace {

class ReactionReader {
  public:
    explicit ReactionReader(Import& import) : import_(import) {
        const ::Model& model = import.model;
        for (unsigned i = 0; i < model.getNumInitialAssignments(); ++i)
            computed_.insert(model.getInitialAssignment(i)->getSymbol());
        for (unsigned i = 0; i < model.getNumRules(); ++i) {
            computed_.insert(model.getRule(i)->getVariable());
            algebraic_ = algebraic_ || model.getRule(i)->isAlgebraic();
        }
    }

    void read(const ::Reaction& from) {
        Reaction to{.id = from.getId(), .name = import_.name(from), .compartment = from.getCompartment()};
        to.span = import_.span(from);
        to.reversible = from.getReversible();
        to.fast = from.isSetFast() && from.getFast();
        for (unsigned i = 0; i < from.getNumReactants(); ++i)
            to.reactants.push_back(reference(*from.getReactant(i), to.id));
        for (unsigned i = 0; i < from.getNumProducts(); ++i)
            to.products.push_back(reference(*from.getProduct(i), to.id));
        for (unsigned i = 0; i < from.getNumModifiers(); ++i)
            to.modifiers.push_back(from.getModifier(i)->getSpecies());
        if (from.isSetKineticLaw()) kinetic_law(*from.getKineticLaw(), to);
        import_.network.reactions.push_back(std::move(to));
    }

  private:
    SpeciesReference reference(const ::SpeciesReference& from, const std::string& reaction) {
        SpeciesReference to{from.getSpecies(), from.getStoichiometry() / from.getDenominator(),
                            import_.span(from), from.getId(), import_.name(from)};
        const std::string what =
            "the stoichiometry of " + quote(to.species) + " in reaction " + quote(reaction);
        if (import_.level() > 2) to.constant = from.getConstant();
        if (from.isSetStoichiometryMath())
            stoichiometry(*from.getStoichiometryMath(), what, reaction, to);
        else if (!std::isfinite(to.stoichiometry) && !may_be_computed(to))
            import_.diagnostics.error(to.span, what + " has no finite value");
        return to;
    }

    bool may_be_computed(const SpeciesReference& reference) const {
        return !reference.id.empty() &&
               (computed_.contains(reference.id) || (algebraic_ && !reference.constant));
    }

    // Level 2 computes a stoichiometry at all times: an assignment rule, of an id made up where there is
    // none.
    void stoichiometry(const ::StoichiometryMath& from, const std::string& what, const std::string& reaction,
                       SpeciesReference& to) {
        const MathPtr math = import_.formula(from.getMath(), from, what);
        if (math == nullptr) return;
        if (math->op == Op::number) {
            to.stoichiometry = math->value;
            return;
        }
        if (to.id.empty()) to.id = import_.fresh_id(reaction + "_" + to.species);
        to.constant = false;
        import_.network.rules.push_back({RuleKind::assignment, to.id, math, to.span});
    }

    void kinetic_law(const ::KineticLaw& from, Reaction& to) {
        const bool local = import_.level() > 2;
        const unsigned count = local ? from.getNumLocalParameters() : from.getNumParameters();
        for (unsigned i = 0; i < count; ++i) {
            const ::Parameter& parameter = local ? *from.getLocalParameter(i) : *from.getParameter(i);
            LocalParameter item{.id = parameter.getId(), .name = import_.name(parameter)};
            if (parameter.isSetValue()) item.value = parameter.getValue();
            item.span = import_.span(parameter);
            item.units = import_.unit(parameter.getUnits());
            to.local_parameters.push_back(std::move(item));
        }
        to.kinetic_law = import_.math(from, "the rate of " + quote(to.id));
    }

    Import& import_;
    std::set<std::string> computed_;  // by initial assignments and rules
    bool algebraic_ = false;          // rules there are
};

}  // namespace

void read_reactions(Import& import) {
    ReactionReader reader(import);
    for (unsigned i = 0; i < import.model.getNumReactions(); ++i) reader.read(*import.model.getReaction(i));
}

}  // namespace rondo
