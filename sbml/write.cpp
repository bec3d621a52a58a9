// write.cpp: Network as SBML Level 3 Version 2 text.
//
// Written directly, because libSBML's writer cuts numbers to 15 digits; the tests hold the result against
// libSBML's consistency check.
#include <algorithm>
#include <set>

#include "sbml/mathml.h"
#include "sbml/sbml.h"
#include "sbml/xml.h"

namespace rondo {

namespace {

// Names of a formula that are neither bound there nor calls.
void collect_symbols(const Math& math, std::set<std::string>& symbols) {
    if (math.op == Op::symbol) symbols.insert(math.name);
    for (const MathPtr& arg : math.args) collect_symbols(*arg, symbols);
}

class Writer {
  public:
    explicit Writer(const Network& network) : network_(&network) {}

    std::string run() && {
        out_.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out_.open(Tag("sbml")
                      .text("xmlns", "http://www.sbml.org/sbml/level3/version2/core")
                      .text("level", "3")
                      .text("version", "2"));
        out_.open(Tag("model").text("id", network_->id).text("name", network_->name));
        list("listOfFunctionDefinitions", network_->functions, &Writer::function);
        list("listOfCompartments", compartments(), &Writer::compartment);
        list("listOfSpecies", network_->species, &Writer::species);
        list("listOfParameters", network_->parameters, &Writer::parameter);
        list("listOfInitialAssignments", network_->initial_assignments, &Writer::initial_assignment);
        list("listOfRules", network_->rules, &Writer::rule);
        list("listOfReactions", network_->reactions, &Writer::reaction);
        out_.close();
        out_.close();
        return std::move(out_).text();
    }

  private:
    template <class Item>
    void list(std::string_view name, const std::vector<Item>& items, void (Writer::*write)(const Item&)) {
        if (items.empty()) return;
        out_.open(name);
        for (const Item& item : items) (this->*write)(item);
        out_.close();
    }

    static std::string_view home(const Species& species) {
        return species.compartment.empty() ? std::string_view("default_compartment") : species.compartment;
    }

    // Every species of SBML is somewhere, every compartment declared.
    std::vector<Compartment> compartments() const {
        std::vector<Compartment> all = network_->compartments;
        const bool needed = std::any_of(network_->species.begin(), network_->species.end(),
                                        [](const Species& s) { return home(s) == "default_compartment"; });
        if (needed && find_compartment(*network_, "default_compartment") == nullptr)
            all.push_back({"default_compartment", "", 3, 1.0, true, true, {}});
        return all;
    }

    void function(const FunctionDefinition& function) {
        out_.open(Tag("functionDefinition").text("id", function.id).text("name", function.name));
        write_lambda(function.arguments, *function.body, out_);
        out_.close();
    }

    void compartment(const Compartment& compartment) {
        out_.empty(Tag("compartment")
                       .text("id", compartment.id)
                       .text("name", compartment.name)
                       .value("spatialDimensions", compartment.dimensions)
                       .value("size", compartment.size)
                       .flag("constant", compartment.constant));
    }

    void species(const Species& species) {
        out_.empty(Tag("species")
                       .text("id", species.id)
                       .text("name", species.name)
                       .text("compartment", home(species))
                       .value("initialAmount", species.initial_amount)
                       .value("initialConcentration", species.initial_concentration)
                       .flag("hasOnlySubstanceUnits", species.substance_only)
                       .flag("boundaryCondition", species.boundary)
                       .flag("constant", species.constant));
    }

    void parameter(const GlobalParameter& parameter) {
        out_.empty(Tag("parameter")
                       .text("id", parameter.id)
                       .text("name", parameter.name)
                       .value("value", parameter.value)
                       .flag("constant", parameter.constant));
    }

    void initial_assignment(const InitialAssignment& assignment) {
        out_.open(Tag("initialAssignment").text("symbol", assignment.symbol));
        write_math(*assignment.math, out_);
        out_.close();
    }

    void rule(const Rule& rule) {
        const std::string name = rule.kind == RuleKind::rate ? "rateRule" : "assignmentRule";
        out_.open(Tag(name).text("variable", rule.variable));
        write_math(*rule.math, out_);
        out_.close();
    }

    void reference(const SpeciesReference& reference) {
        out_.empty(Tag("speciesReference")
                       .text("species", reference.species)
                       .value("stoichiometry", reference.stoichiometry)
                       .flag("constant", true));
    }

    void modifier(const std::string& species) {
        out_.empty(Tag("modifierSpeciesReference").text("species", species));
    }

    // SBML wants every species that a rate reads to be declared in its reaction.
    std::vector<std::string> modifiers(const Reaction& reaction) const {
        std::vector<std::string> all = reaction.modifiers;
        if (reaction.kinetic_law == nullptr) return all;
        std::set<std::string> read;
        collect_symbols(*reaction.kinetic_law, read);
        for (const LocalParameter& local : reaction.local_parameters) read.erase(local.id);
        for (const SpeciesReference& term : reaction.reactants) read.erase(term.species);
        for (const SpeciesReference& term : reaction.products) read.erase(term.species);
        for (const std::string& declared : reaction.modifiers) read.erase(declared);
        for (const std::string& name : read)
            if (find_species(*network_, name) != nullptr) all.push_back(name);
        return all;
    }

    void local_parameter(const LocalParameter& local) {
        out_.empty(
            Tag("localParameter").text("id", local.id).text("name", local.name).value("value", local.value));
    }

    void reaction(const Reaction& reaction) {
        out_.open(Tag("reaction")
                      .text("id", reaction.id)
                      .text("name", reaction.name)
                      .flag("reversible", reaction.reversible)
                      .text("compartment", reaction.compartment));
        list("listOfReactants", reaction.reactants, &Writer::reference);
        list("listOfProducts", reaction.products, &Writer::reference);
        list("listOfModifiers", modifiers(reaction), &Writer::modifier);
        if (reaction.kinetic_law != nullptr) {
            out_.open("kineticLaw");
            write_math(*reaction.kinetic_law, out_);
            list("listOfLocalParameters", reaction.local_parameters, &Writer::local_parameter);
            out_.close();
        }
        out_.close();
    }

    const Network* network_;
    XmlWriter out_;
};

}  // namespace

std::string to_sbml(const Network& network) {
    return Writer(network).run();
}

}  // namespace rondo
