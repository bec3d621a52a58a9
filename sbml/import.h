// import.h: what the parts of the reader share: the model being read, the network being made. Private to
// sbml/.
#pragma once
#include <sbml/SBMLTypes.h>

#include <string>
#include <unordered_set>

#include "dsl/model/network.h"
#include "sbml/document.h"

namespace rondo {

class Import {
  public:
    Import(const ::Model& from, const Places& places, Diagnostics& findings);

    const ::Model& model;
    Diagnostics& diagnostics;
    Network network;

    unsigned level() const { return model.getLevel(); }
    Span span(const ::SBase& element) const { return places_.tag(element); }
    // In Level 1 the name is the id.
    std::string name(const ::SBase& element) const { return level() > 1 ? element.getName() : std::string{}; }

    // Null where `element` has no formula, which Level 3 Version 2 allows: it then says nothing.
    // `what` is what the formula is, for messages: "the rate of 'J'".
    template <class Element>
    MathPtr math(const Element& element, const std::string& what) {
        if (level() == 1 && too_long(element.getFormula(), element, what)) return nullptr;
        return formula(element.getMath(), element, what);
    }
    MathPtr formula(const ::ASTNode* node, const ::SBase& element, const std::string& what);

    // A unit that means something, or none. Level 2 has units of its own by the names of what they measure
    // ("volume"), and libSBML gives them even where nothing is said.
    std::string unit(const std::string& id) const;
    bool has_rule(const std::string& variable) const { return ruled_.contains(variable); }

    // An id that nothing has, made from `wish`.
    std::string fresh_id(std::string wish);

  private:
    bool too_long(const std::string& formula, const ::SBase& element, const std::string& what);

    const Places& places_;
    std::unordered_set<std::string> units_, ruled_, made_;  // ids; libSBML looks for each through all
};

inline std::string quote(const std::string& id) {
    return "'" + id + "'";
}

template <class Element, class Read>
void each(const ::ListOf* list, Read read) {
    for (unsigned i = 0; i < list->size(); ++i) read(static_cast<const Element&>(*list->get(i)));
}

// Each reads a part of the model into the network, in this order.
void read_units(Import&);     // unit definitions, the model's own units
void read_elements(Import&);  // functions, compartments, species, parameters
void read_rules(Import&);     // initial assignments, rules, constraints
void read_reactions(Import&);
void read_events(Import&);
void read_flux_balance(Import&);
void read_remarks(Import&);  // notes and annotations

}  // namespace rondo
