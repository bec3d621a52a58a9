// check.cpp: what must hold for any network.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "dsl/model/formula.h"
#include "dsl/model/resolve.h"

namespace rondo {

namespace {

constexpr int max_searches = 50;            // of near names; each looks at all of them
constexpr std::size_t max_shown_cycle = 8;  // names

struct Named {
    std::string_view kind;
    Span span;
};

// What the value of a name is computed from: a rule, an initial assignment, a rate, a function's body.
struct Definition {
    std::string_view id;
    const Math* math;
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
        find_cycles();
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

    void add_name(const std::string& id, std::string_view kind, Span span) {
        const auto [known, first] = names_.emplace(id, Named{kind, span});
        if (first) return;
        error(span,
              "'" + id + "' is defined twice: as a " + std::string(known->second.kind) + " and as a " +
                  std::string(kind),
              "ids are shared by everything in a model");
    }

    void add_names() {
        for (const auto& item : network_.functions) add_name(item.id, "function", item.span);
        for (const auto& item : network_.compartments) add_name(item.id, "compartment", item.span);
        for (const auto& item : network_.species) add_name(item.id, "species", item.span);
        for (const auto& item : network_.parameters) add_name(item.id, "parameter", item.span);
        for (const auto& item : network_.reactions) add_name(item.id, "reaction", item.span);
        for (const auto& item : network_.functions) arities_.emplace(item.id, item.arguments.size());
    }

    std::string suggestion(const std::string& name) {
        if (++searches_ > max_searches) return "";
        if (candidates_.empty())
            for (const auto& [id, named] : names_)
                if (named.kind != "function") candidates_.emplace_back(id);
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

    bool is_value(const std::string& name) const {
        const auto found = names_.find(name);
        return found != names_.end() && found->second.kind != "function";
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
        else if (known->second.kind == "reaction" || known->second.kind == "function")
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
            const bool rate = rule.kind == RuleKind::rate;
            check_target(rule.variable, rule.span, "a rule");
            if (!ruled.insert(rule.variable).second)
                error(rule.span, "'" + rule.variable + "' has two rules");
            check_formula(*rule.math, (rate ? "the rate rule of '" : "the rule of '") + rule.variable + "'",
                          [&](const std::string& name) { return is_value(name); });
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
        check_formula(*assignment.math, "the initial value of '" + assignment.symbol + "'",
                      [&](const std::string& name) { return is_value(name); });
    }

    // ---- cycles ----

    void add_definitions() {
        const auto add = [&](const std::string& id, const MathPtr& math, Span span) {
            if (math && index_.emplace(id, definitions_.size()).second)
                definitions_.push_back({id, math.get(), span});
        };
        for (const auto& function : network_.functions) add(function.id, function.body, function.span);
        for (const auto& rule : network_.rules)
            if (rule.kind == RuleKind::assignment) add(rule.variable, rule.math, rule.span);
        for (const auto& assignment : network_.initial_assignments)
            add(assignment.symbol, assignment.math, assignment.span);
        for (const auto& reaction : network_.reactions) add(reaction.id, reaction.kinetic_law, reaction.span);
    }

    static void add_uses(const Math& math, std::vector<std::string_view>& uses) {
        if (math.op == Op::symbol || math.op == Op::call) uses.push_back(math.name);
        for (const MathPtr& argument : math.args) add_uses(*argument, uses);
    }

    std::vector<std::size_t> uses_of(const Definition& definition) const {
        std::vector<std::string_view> names;
        add_uses(*definition.math, names);
        std::vector<std::size_t> uses;
        const bool function = arities_.contains(definition.id);
        for (const std::string_view name : names) {
            const auto used = index_.find(name);
            if (used == index_.end()) continue;
            if (!function || arities_.contains(name))
                uses.push_back(used->second);  // a function's names are its own
        }
        return uses;
    }

    void report_cycle(const std::vector<std::size_t>& path, std::size_t from) {
        std::string chain;
        const std::size_t shown = std::min(path.size() - from, max_shown_cycle);
        for (std::size_t i = from; i < from + shown; ++i)
            chain += std::string(definitions_[path[i]].id) + " -> ";
        if (from + shown < path.size()) chain += "... -> ";
        const Definition& first = definitions_[path[from]];
        error(first.span,
              "'" + std::string(first.id) + "' depends on itself: " + chain + std::string(first.id));
    }

    // Depth first, without recursion: a chain of rules may be as long as the model.
    void find_cycles() {
        add_definitions();
        enum : char { fresh, open, done };
        std::vector<char> state(definitions_.size(), fresh);
        struct Step {
            std::size_t node;
            std::vector<std::size_t> uses;
            std::size_t next = 0;
        };
        for (std::size_t root = 0; root < definitions_.size(); ++root) {
            if (state[root] != fresh) continue;
            std::vector<Step> stack{{root, uses_of(definitions_[root])}};
            std::vector<std::size_t> path{root};
            state[root] = open;
            while (!stack.empty()) {
                Step& step = stack.back();
                if (step.next == step.uses.size()) {
                    state[step.node] = done;
                    stack.pop_back();
                    path.pop_back();
                    continue;
                }
                const std::size_t used = step.uses[step.next++];
                if (state[used] == open)
                    report_cycle(path, std::find(path.begin(), path.end(), used) - path.begin());
                if (state[used] != fresh) continue;
                state[used] = open;
                path.push_back(used);
                stack.push_back({used, uses_of(definitions_[used])});
            }
        }
    }

    const Network& network_;
    Diagnostics* diagnostics_;
    std::unordered_map<std::string, Named> names_;
    std::unordered_map<std::string_view, std::size_t> arities_;  // of functions
    std::vector<std::string> candidates_;
    std::unordered_set<std::string_view> assigned_;
    std::vector<Definition> definitions_;
    std::unordered_map<std::string_view, std::size_t> index_;
    int searches_ = 0;
};

}  // namespace

void check(const Network& network, Diagnostics& diagnostics) {
    Checker(network, diagnostics).run();
}

}  // namespace rondo
