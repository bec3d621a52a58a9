// check.cpp: what must hold for any network.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "dsl/model/cycles.h"
#include "dsl/model/formula.h"
#include "dsl/model/resolve.h"

namespace rondo {

namespace {

constexpr int max_searches = 50;  // of near names; each looks at all of them

struct Named {
    std::string_view kind;
    Span span;
};

class Checker {
  public:
    Checker(const Network& network, Diagnostics& diagnostics)
        : network_(network), diagnostics_(&diagnostics) {}

    void run() {
        add_names();
        for (const auto& function : network_.functions) check_function(function);
        for (const auto& species : network_.species)
            expect(species.compartment, "compartment", species.span,
                   "as the compartment of '" + species.id + "'");
        for (const auto& reaction : network_.reactions) check_reaction(reaction);
        check_rules();
        for (const auto& assignment : network_.initial_assignments) check_initial(assignment);
        for (const auto& event : network_.events) check_event(event);
        for (const auto& constraint : network_.constraints) check_values(constraint.math, "a constraint");
        check_factors();
        check_fluxes();
        report_cycles(network_, *diagnostics_);
    }

  private:
    void error(Span span, std::string message, std::string help = {}) {
        diagnostics_->error(span, std::move(message), std::move(help));
    }

    std::string line_of(Span span) const {
        if (!span.known()) return "";
        return ", line " + std::to_string(diagnostics_->sources().place(span.file, span.begin).line);
    }

    // ---- names ----

    static std::string article(std::string_view kind) {
        const bool vowel = std::string_view("aeiou").find(kind[0]) != std::string_view::npos;
        return (vowel ? "an " : "a ") + std::string(kind);
    }

    void add_name(const std::string& id, std::string_view kind, Span span) {
        const auto [known, first] = names_.emplace(id, Named{kind, span});
        if (first) return;
        error(span,
              "'" + id + "' is defined twice: as " + article(known->second.kind) + " and as " + article(kind),
              "ids are shared by everything in a model");
    }

    void add_names() {
        for (const auto& item : network_.functions) add_name(item.id, "function", item.span);
        for (const auto& item : network_.compartments) add_name(item.id, "compartment", item.span);
        for (const auto& item : network_.species) add_name(item.id, "species", item.span);
        for (const auto& item : network_.parameters) add_name(item.id, "parameter", item.span);
        for (const auto& item : network_.reactions) {
            add_name(item.id, "reaction", item.span);
            for (const auto* side : {&item.reactants, &item.products})
                for (const auto& term : *side)
                    if (!term.id.empty()) add_name(term.id, "stoichiometry", term.span);
        }
        for (const auto& item : network_.events)
            if (!item.id.empty()) add_name(item.id, "event", item.span);
        for (const auto& item : network_.constraints)
            if (!item.id.empty()) add_name(item.id, "constraint", item.span);
        for (const auto& item : network_.compartments)
            if (item.constant) constant_.insert(item.id);
        for (const auto& item : network_.parameters)
            if (item.constant) constant_.insert(item.id);
        for (const auto& item : network_.functions) arities_.emplace(item.id, item.arguments.size());
    }

    std::string suggestion(const std::string& name) {
        if (++searches_ > max_searches) return "";
        if (candidates_.empty())
            for (const auto& [id, named] : names_)
                if (has_value(named.kind)) candidates_.emplace_back(id);
        std::sort(candidates_.begin(), candidates_.end());
        const auto near = nearest(name, candidates_);
        if (!near) return "";
        const Named& named = names_.at(*near);
        return "did you mean '" + *near + "' (" + std::string(named.kind) + line_of(named.span) + ")?";
    }

    void expect(const std::string& id, std::string_view kind, Span span, const std::string& role) {
        const auto known = names_.find(id);
        if (known == names_.end())
            error(span, "unknown " + std::string(kind) + " '" + id + "' " + role);
        else if (known->second.kind != kind)
            error(span, "'" + id + "' is a " + std::string(known->second.kind) + " and cannot stand " + role);
    }

    // ---- formulas ----

    void check_count(const Math& math, const std::string& context) {
        const int given = static_cast<int>(math.args.size());
        int least = info(math.op).min_arity, most = info(math.op).max_arity;
        if (math.op == Op::call) {
            const auto function = arities_.find(math.name);
            if (function == arities_.end())
                return error(math.span, "unknown function '" + math.name + "' in " + context);
            least = most = static_cast<int>(function->second);
        }
        if (given >= least && (most < 0 || given <= most)) return;
        const std::string name(math.op == Op::call ? std::string_view(math.name) : info(math.op).name);
        error(math.span, "'" + name + "' in " + context + " takes " + (most == least ? "" : "at least ") +
                             std::to_string(least) + (least == 1 ? " argument" : " arguments") + ", not " +
                             std::to_string(given));
    }

    template <class Known>
    void check_formula(const Math& math, const std::string& context, const Known& known) {
        if (math.op == Op::symbol && !known(math.name))
            error(math.span, "unknown name '" + math.name + "' in " + context, suggestion(math.name));
        else
            check_count(math, context);
        for (const MathPtr& argument : math.args) check_formula(*argument, context, known);
    }

    static bool has_value(std::string_view kind) {
        return kind != "function" && kind != "event" && kind != "constraint";
    }

    bool is_value(const std::string& name) const {
        const auto found = names_.find(name);
        return found != names_.end() && has_value(found->second.kind);
    }

    // A formula of the network's values; none at all says nothing.
    void check_values(const MathPtr& math, const std::string& context) {
        if (math) check_formula(*math, context, [&](const std::string& name) { return is_value(name); });
    }

    void check_function(const FunctionDefinition& function) {
        const std::string context = "function '" + function.id + "'";
        const auto& arguments = function.arguments;
        const auto known = [&](const std::string& name) {
            return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
        };
        for (auto name = arguments.begin(); name != arguments.end(); ++name)
            if (std::find(arguments.begin(), name, *name) != name)
                error(function.span, context + " has two arguments '" + *name + "'");
        for_each_symbol(*function.body, [&](const Math& name) {
            if (!known(name.name))
                error(name.span, "unknown name '" + name.name + "' in " + context,
                      "a function sees only its arguments");
        });
        check_formula(*function.body, context, [](const std::string&) { return true; });
    }

    // ---- elements ----

    void check_reaction(const Reaction& reaction) {
        const std::string role = " of '" + reaction.id + "'";
        for (const auto& item : reaction.reactants)
            expect(item.species, "species", item.span, "as a reactant" + role);
        for (const auto& item : reaction.products)
            expect(item.species, "species", item.span, "as a product" + role);
        if (!reaction.compartment.empty())
            expect(reaction.compartment, "compartment", reaction.span, "as the compartment" + role);
        if (!reaction.kinetic_law) return;
        check_formula(*reaction.kinetic_law, "the rate" + role,
                      [&](const std::string& name) { return is_local(reaction, name) || is_value(name); });
    }

    static bool is_local(const Reaction& reaction, std::string_view name) {
        return std::any_of(reaction.local_parameters.begin(), reaction.local_parameters.end(),
                           [&](const LocalParameter& local) { return local.id == name; });
    }

    void check_target(const std::string& id, Span span, const std::string& what) {
        const auto known = names_.find(id);
        if (known == names_.end())
            error(span, "unknown name '" + id + "' as the target of " + what, suggestion(id));
        else if (known->second.kind == "reaction" || !has_value(known->second.kind))
            error(span, "'" + id + "' is a " + std::string(known->second.kind) +
                            " and cannot be the target of " + what);
    }

    void check_rules() {
        std::unordered_map<std::string_view, std::string_view> changed_by;  // species -> reaction
        for (const Reaction& reaction : network_.reactions)
            for (const auto* side : {&reaction.reactants, &reaction.products})
                for (const SpeciesReference& item : *side) changed_by.emplace(item.species, reaction.id);
        for (const Species& species : network_.species)
            if (species.boundary || species.constant) changed_by.erase(species.id);
        std::unordered_set<std::string_view> ruled;
        for (const Rule& rule : network_.rules) {
            if (rule.kind == RuleKind::algebraic) {
                check_values(rule.math, "an algebraic rule");
                continue;
            }
            const bool rate = rule.kind == RuleKind::rate;
            if (!rate) computed_.insert(rule.variable);
            check_target(rule.variable, rule.span, "a rule");
            if (!ruled.insert(rule.variable).second)
                error(rule.span, "'" + rule.variable + "' has two rules");
            check_values(rule.math, (rate ? "the rate rule of '" : "the rule of '") + rule.variable + "'");
            const auto reaction = changed_by.find(rule.variable);
            if (reaction != changed_by.end())
                error(rule.span,
                      "'" + rule.variable + "' is changed by a rule and by reaction '" +
                          std::string(reaction->second) + "'",
                      "write '$" + rule.variable + "' if only the rule changes it");
        }
    }

    void check_initial(const InitialAssignment& assignment) {
        check_target(assignment.symbol, assignment.span, "an initial assignment");
        if (!assigned_.insert(assignment.symbol).second)
            error(assignment.span, "'" + assignment.symbol + "' has two initial assignments");
        check_values(assignment.math, "the initial value of '" + assignment.symbol + "'");
    }

    void check_event(const Event& event) {
        const std::string name = event.id.empty() ? "an event" : "event '" + event.id + "'";
        check_values(event.trigger, "the trigger of " + name);
        check_values(event.delay, "the delay of " + name);
        check_values(event.priority, "the priority of " + name);
        std::unordered_set<std::string_view> assigned;
        for (const EventAssignment& assignment : event.assignments) {
            check_target(assignment.variable, assignment.span, name);
            if (!assigned.insert(assignment.variable).second)
                error(assignment.span, name + " assigns '" + assignment.variable + "' twice");
            if (computed_.contains(assignment.variable))
                error(assignment.span,
                      name + " assigns '" + assignment.variable + "', which a rule computes");
            if (constant_.contains(assignment.variable))
                error(assignment.span, name + " assigns '" + assignment.variable + "', which is constant",
                      "'var " + assignment.variable + "' lets it change");
            check_values(assignment.math, "the value that " + name + " gives '" + assignment.variable + "'");
        }
    }

    // ---- the model as a whole ----

    void check_factors() {
        const auto expect_parameter = [&](const std::string& id, Span span, const std::string& whose) {
            if (!id.empty()) expect(id, "parameter", span, "as the conversion factor of " + whose);
        };
        expect_parameter(network_.conversion_factor, {}, "the model");
        for (const auto& species : network_.species)
            expect_parameter(species.conversion_factor, species.span, "'" + species.id + "'");
    }

    void check_fluxes() {
        for (const auto& bound : network_.flux_bounds) {
            expect(bound.reaction, "reaction", bound.span, "in a flux bound");
            check_values(bound.value, "the flux bound of '" + bound.reaction + "'");
        }
        for (const auto& objective : network_.objectives)
            for (const auto& [coefficient, reaction] : objective.terms)
                expect(reaction, "reaction", objective.span, "in the objective '" + objective.id + "'");
    }

    const Network& network_;
    Diagnostics* diagnostics_;
    std::unordered_map<std::string, Named> names_;
    std::unordered_map<std::string_view, std::size_t> arities_;  // of functions
    std::vector<std::string> candidates_;
    std::unordered_set<std::string_view> assigned_;  // initially
    std::unordered_set<std::string_view> constant_;  // compartments and parameters
    std::unordered_set<std::string_view> computed_;  // by assignment rules
    int searches_ = 0;
};

}  // namespace

void check(const Network& network, Diagnostics& diagnostics) {
    Checker(network, diagnostics).run();
}

}  // namespace rondo
