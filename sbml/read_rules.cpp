// read_rules.cpp: initial assignments, rules of all kinds, constraints.
#include "sbml/import.h"
#include "sbml/markup.h"

namespace rondo {

namespace {

void read_initial_assignment(Import& import, const ::InitialAssignment& from) {
    const std::string& symbol = from.getSymbol();
    const MathPtr value = import.formula(from.getMath(), from, "the initial assignment of " + quote(symbol));
    if (value != nullptr) import.network.initial_assignments.push_back({symbol, value, import.span(from)});
}

void read_rule(Import& import, const ::Rule& from) {
    const std::string variable = from.isAlgebraic() ? std::string{} : from.getVariable();
    const std::string what = from.isAlgebraic() ? "an algebraic rule" : "the rule of " + quote(variable);
    const RuleKind kind = from.isAlgebraic() ? RuleKind::algebraic
                          : from.isRate()    ? RuleKind::rate
                                             : RuleKind::assignment;
    const MathPtr value = import.math(from, what);
    if (value == nullptr) return;
    Rule to{kind, variable, value, import.span(from)};
    if (import.level() == 3 && import.model.getVersion() > 1) {
        to.id = from.getIdAttribute();
        to.name = from.getName();
    }
    import.network.rules.push_back(std::move(to));
}

void read_constraint(Import& import, const ::Constraint& from) {
    Constraint to{.math = import.formula(from.getMath(), from, "a constraint"), .span = import.span(from)};
    if (to.math == nullptr) return;
    to.id = from.getIdAttribute();
    to.name = from.getName();
    if (from.isSetMessage()) to.message = plain_text(*from.getMessage());
    if (import.network.constraints.empty())
        import.diagnostics.warning(to.span, "constraints are not checked");
    import.network.constraints.push_back(std::move(to));
}

}  // namespace

void read_rules(Import& import) {
    const ::Model& model = import.model;
    for (unsigned i = 0; i < model.getNumInitialAssignments(); ++i)
        read_initial_assignment(import, *model.getInitialAssignment(i));
    for (unsigned i = 0; i < model.getNumRules(); ++i) read_rule(import, *model.getRule(i));
    for (unsigned i = 0; i < model.getNumConstraints(); ++i) read_constraint(import, *model.getConstraint(i));
}

}  // namespace rondo
