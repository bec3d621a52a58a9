// read.cpp: libSBML's model as a Network, element by element.
#include <sbml/SBMLTypes.h>

#include <cmath>
#include <set>

#include "sbml/document.h"
#include "sbml/read_math.h"
#include "sbml/sbml.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

// The grammar of Level 1 nests a formula as deep as it is long.
constexpr std::size_t longest_formula = 20000;

std::string quote(const std::string& id) {
    return "'" + id + "'";
}

class Import {
  public:
    Import(const ::Model& model, const Places& places, Diagnostics& diagnostics)
        : model_(&model), places_(&places), diagnostics_(&diagnostics) {}

    Network run() {
        network_.id = model_->getId();
        network_.name = name(*model_);
        refuse_model();
        find_stoichiometries();
        each(model_->getListOfFunctionDefinitions(), &Import::function);
        each(model_->getListOfCompartments(), &Import::compartment);
        each(model_->getListOfSpecies(), &Import::species);
        each(model_->getListOfParameters(), &Import::parameter);
        each(model_->getListOfInitialAssignments(), &Import::initial_assignment);
        each(model_->getListOfRules(), &Import::rule);
        each(model_->getListOfReactions(), &Import::reaction);
        each(model_->getListOfEvents(), &Import::event);
        level_1_constants();
        return std::move(network_);
    }

  private:
    template <class Element>
    void each(const ::ListOf* list, void (Import::*read)(const Element&)) {
        for (unsigned i = 0; i < list->size(); ++i) (this->*read)(static_cast<const Element&>(*list->get(i)));
    }

    unsigned level() const { return model_->getLevel(); }
    Span span(const ::SBase& element) const { return places_->tag(element); }
    // In Level 1 the name is the id.
    std::string name(const ::SBase& element) const { return level() > 1 ? element.getName() : std::string{}; }

    void unsupported(const ::SBase& element, std::string message) {
        diagnostics_->unsupported(span(element), std::move(message));
    }

    void refuse_model() {
        if (model_->isSetConversionFactor())
            unsupported(*model_, "conversion factors are not supported, as the model has");
        if (const unsigned count = model_->getNumConstraints(); count > 0)
            diagnostics_->warning(span(*model_->getConstraint(0)), "constraints are not checked");
    }

    void find_stoichiometries() {
        for (unsigned i = 0; i < model_->getNumReactions(); ++i) {
            const ::Reaction& reaction = *model_->getReaction(i);
            for (unsigned j = 0; j < reaction.getNumReactants(); ++j)
                stoichiometries_.insert(reaction.getReactant(j)->getId());
            for (unsigned j = 0; j < reaction.getNumProducts(); ++j)
                stoichiometries_.insert(reaction.getProduct(j)->getId());
        }
        stoichiometries_.erase("");
    }

    // Null where `element` has no formula, which Level 3 Version 2 allows: it then says nothing.
    template <class Element>
    MathPtr math(const Element& element, const std::string& what, const std::set<std::string>& refused) {
        if (level() == 1 && element.getFormula().size() > longest_formula) {
            diagnostics_->error(
                span(element),
                "the formula is longer than " + std::to_string(longest_formula) + " characters, in " + what);
            return nullptr;
        }
        return math(element.getMath(), span(element), what, refused);
    }

    MathPtr math(const ::ASTNode* node, Span span, const std::string& what,
                 const std::set<std::string>& refused) {
        return node == nullptr ? nullptr : read_math(*node, {span, what}, refused, *diagnostics_);
    }

    void function(const ::FunctionDefinition& from) {
        FunctionDefinition to{from.getId(), name(from), {}, nullptr, span(from)};
        for (unsigned i = 0; i < from.getNumArguments(); ++i)
            to.arguments.emplace_back(from.getArgument(i)->getName());
        to.body = math(from.getBody(), to.span, "function " + quote(to.id), {});
        if (to.body != nullptr) network_.functions.push_back(std::move(to));
    }

    void compartment(const ::Compartment& from) {
        Compartment to{from.getId(), name(from), 3, {}, from.getConstant(), false, span(from)};
        if (from.isSetSpatialDimensions()) to.dimensions = from.getSpatialDimensionsAsDouble();
        if (from.isSetSize()) to.size = from.getSize();
        if (level() == 1) to.size = from.getVolume();  // 1 where it is left out
        to.implicit = to.id == "default_compartment" && to.size == 1 && to.constant && to.dimensions == 3 &&
                      model_->getInitialAssignment(to.id) == nullptr;
        network_.compartments.push_back(std::move(to));
    }

    // A point has no volume: its species have amounts alone.
    bool sizeless_point(const std::string& compartment) const {
        const Compartment* found = find_compartment(network_, compartment);
        return found != nullptr && found->dimensions == 0 && !found->size;
    }

    void species(const ::Species& from) {
        Species to{from.getId(), name(from), from.getCompartment(), {}, {}, false, false, false, span(from)};
        if (from.isSetInitialAmount())
            to.initial_amount = from.getInitialAmount();
        else if (from.isSetInitialConcentration())
            to.initial_concentration = from.getInitialConcentration();
        to.substance_only = from.getHasOnlySubstanceUnits() || sizeless_point(to.compartment);
        to.boundary = from.getBoundaryCondition();
        to.constant = from.getConstant();
        if (from.isSetConversionFactor())
            unsupported(from, "conversion factors are not supported, as species " + quote(to.id) + " has");
        network_.species.push_back(std::move(to));
    }

    void parameter(const ::Parameter& from) {
        GlobalParameter to{from.getId(), name(from), {}, from.getConstant(), span(from)};
        if (from.isSetValue()) to.value = from.getValue();
        network_.parameters.push_back(std::move(to));
    }

    void initial_assignment(const ::InitialAssignment& from) {
        const std::string& symbol = from.getSymbol();
        if (refuse_stoichiometry(from, symbol)) return;
        const MathPtr value =
            math(from.getMath(), span(from), "the initial assignment of " + quote(symbol), stoichiometries_);
        if (value != nullptr) network_.initial_assignments.push_back({symbol, value, span(from)});
    }

    void rule(const ::Rule& from) {
        if (from.isAlgebraic()) return unsupported(from, "algebraic rules are not supported");
        const std::string& variable = from.getVariable();
        if (refuse_stoichiometry(from, variable)) return;
        const MathPtr value = math(from, "the rule of " + quote(variable), stoichiometries_);
        const RuleKind kind = from.isRate() ? RuleKind::rate : RuleKind::assignment;
        if (value != nullptr) network_.rules.push_back({kind, variable, value, span(from)});
    }

    bool refuse_stoichiometry(const ::SBase& element, const std::string& id) {
        if (!stoichiometries_.contains(id)) return false;
        unsupported(element, "variable stoichiometries are not supported: " + quote(id) + " is assigned");
        return true;
    }

    void reaction(const ::Reaction& from) {
        Reaction to;
        to.id = from.getId();
        to.name = name(from);
        to.compartment = from.getCompartment();
        to.reversible = from.getReversible();
        to.span = span(from);
        if (from.isSetFast() && from.getFast())
            unsupported(from, "fast reactions are not supported: " + quote(to.id));
        for (unsigned i = 0; i < from.getNumReactants(); ++i)
            to.reactants.push_back(reference(*from.getReactant(i), to.id));
        for (unsigned i = 0; i < from.getNumProducts(); ++i)
            to.products.push_back(reference(*from.getProduct(i), to.id));
        for (unsigned i = 0; i < from.getNumModifiers(); ++i)
            to.modifiers.push_back(from.getModifier(i)->getSpecies());
        if (from.isSetKineticLaw()) kinetic_law(*from.getKineticLaw(), to);
        network_.reactions.push_back(std::move(to));
    }

    SpeciesReference reference(const ::SpeciesReference& from, const std::string& reaction) {
        SpeciesReference to{from.getSpecies(), from.getStoichiometry() / from.getDenominator(), span(from)};
        const std::string what =
            "the stoichiometry of " + quote(to.species) + " in reaction " + quote(reaction);
        if (from.isSetStoichiometryMath()) {
            const MathPtr given =
                math(from.getStoichiometryMath()->getMath(), to.span, what, stoichiometries_);
            if (given != nullptr && given->op == Op::number)
                to.stoichiometry = given->value;
            else
                diagnostics_->unsupported(
                    to.span, "variable stoichiometries are not supported: " + what + " is a formula");
        } else if (!std::isfinite(to.stoichiometry) && !assigned(from.getId())) {
            diagnostics_->error(to.span, what + " has no finite value");
        }
        return to;
    }

    bool assigned(const std::string& id) const {
        return !id.empty() && (model_->getInitialAssignment(id) != nullptr || model_->getRule(id) != nullptr);
    }

    void kinetic_law(const ::KineticLaw& from, Reaction& to) {
        const unsigned count = level() < 3 ? from.getNumParameters() : from.getNumLocalParameters();
        std::set<std::string> visible = stoichiometries_;
        for (unsigned i = 0; i < count; ++i) {
            const ::Parameter& parameter = level() < 3 ? *from.getParameter(i) : *from.getLocalParameter(i);
            LocalParameter local{parameter.getId(), name(parameter), {}, span(parameter)};
            if (parameter.isSetValue()) local.value = parameter.getValue();
            visible.erase(local.id);
            to.local_parameters.push_back(std::move(local));
        }
        to.kinetic_law = math(from, "the rate of " + quote(to.id), visible);
    }

    void event(const ::Event& from) {
        unsupported(from,
                    "events are not supported" + (from.getId().empty() ? "" : ": " + quote(from.getId())));
    }

    // Level 1 has no such attribute: what has a rule varies.
    void level_1_constants() {
        if (level() > 1) return;
        for (Compartment& item : network_.compartments)
            item.constant = find_rule(network_, item.id) == nullptr;
        for (GlobalParameter& item : network_.parameters)
            item.constant = find_rule(network_, item.id) == nullptr;
    }

    const ::Model* model_;
    const Places* places_;
    Diagnostics* diagnostics_;
    std::set<std::string> stoichiometries_;  // ids of species references
    Network network_;
};

}  // namespace

Network read_sbml(std::uint32_t file, Diagnostics& diagnostics) {
    if (!scan_xml(file, diagnostics)) return {};
    const std::optional<Document> document = open_document(file, diagnostics);
    if (!document) return {};
    const ::Model* model = document->sbml->getModel();
    if (model == nullptr) {
        diagnostics.error(document->places.tag(*document->sbml), "the document has no model");
        return {};
    }
    return Import(*model, document->places, diagnostics).run();
}

}  // namespace rondo
