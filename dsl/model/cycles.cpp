// cycles.cpp: depth first through what each value is computed from.
#include "dsl/model/cycles.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace rondo {

namespace {

constexpr std::size_t max_shown_cycle = 8;  // names

// What the value of a name is computed from: a rule, an initial assignment, a rate, a function's body.
struct Definition {
    std::string_view id;
    const Math* math;
    Span span;
    const Reaction* reaction = nullptr;  // whose local parameters hide names
};

class Cycles {
  public:
    Cycles(const Network& network, Diagnostics& diagnostics)
        : network_(network), diagnostics_(&diagnostics) {}

    // Without recursion: a chain of rules may be as long as the model.
    void report() {
        add_definitions();
        state_.assign(definitions_.size(), State::fresh);
        for (std::size_t root = 0; root < definitions_.size(); ++root)
            if (state_[root] == State::fresh) walk(root);
    }

  private:
    enum class State : char { fresh, open, done };
    struct Step {
        std::size_t node;
        std::vector<std::size_t> uses;
        std::size_t next = 0;
    };

    void add(const std::string& id, const MathPtr& math, Span span, const Reaction* reaction = nullptr) {
        if (math && index_.emplace(id, definitions_.size()).second)
            definitions_.push_back({id, math.get(), span, reaction});
    }

    void add_definitions() {
        for (const auto& function : network_.functions) {
            add(function.id, function.body, function.span);
            functions_.insert(function.id);
        }
        for (const auto& rule : network_.rules)
            if (rule.kind == RuleKind::assignment) add(rule.variable, rule.math, rule.span);
        for (const auto& assignment : network_.initial_assignments)
            add(assignment.symbol, assignment.math, assignment.span);
        for (const auto& reaction : network_.reactions)
            add(reaction.id, reaction.kinetic_law, reaction.span, &reaction);
    }

    // A derivative needs no value of what it is the derivative of.
    static void add_uses(const Math& math, std::vector<std::string_view>& uses) {
        if (math.op == Op::rate_of) return;
        if (math.op == Op::symbol || math.op == Op::call) uses.push_back(math.name);
        for (const MathPtr& argument : math.args) add_uses(*argument, uses);
    }

    static bool hides(const Reaction& reaction, std::string_view name) {
        return std::ranges::any_of(reaction.local_parameters,
                                   [&](const LocalParameter& local) { return local.id == name; });
    }

    std::vector<std::size_t> uses_of(const Definition& definition) const {
        std::vector<std::string_view> names;
        add_uses(*definition.math, names);
        std::vector<std::size_t> uses;
        const bool function = functions_.contains(definition.id);
        for (const std::string_view name : names) {
            const auto used = index_.find(name);
            if (used == index_.end()) continue;
            if (function && !functions_.contains(name)) continue;  // its names are its own
            if (definition.reaction && hides(*definition.reaction, name)) continue;
            uses.push_back(used->second);
        }
        return uses;
    }

    void report_cycle(std::size_t from) {
        std::string chain;
        const std::size_t shown = std::min(path_.size() - from, max_shown_cycle);
        for (std::size_t i = from; i < from + shown; ++i)
            chain += std::string(definitions_[path_[i]].id) + " -> ";
        if (from + shown < path_.size()) chain += "... -> ";
        const Definition& first = definitions_[path_[from]];
        diagnostics_->error(first.span, "'" + std::string(first.id) + "' depends on itself: " + chain +
                                            std::string(first.id));
    }

    void enter(std::size_t node, std::vector<Step>& stack) {
        state_[node] = State::open;
        path_.push_back(node);
        stack.push_back({node, uses_of(definitions_[node])});
    }

    void walk(std::size_t root) {
        std::vector<Step> stack;
        enter(root, stack);
        while (!stack.empty()) {
            Step& step = stack.back();
            if (step.next == step.uses.size()) {
                state_[step.node] = State::done;
                stack.pop_back();
                path_.pop_back();
                continue;
            }
            const std::size_t used = step.uses[step.next++];
            if (state_[used] == State::open)
                report_cycle(static_cast<std::size_t>(std::ranges::find(path_, used) - path_.begin()));
            if (state_[used] == State::fresh) enter(used, stack);
        }
    }

    const Network& network_;
    Diagnostics* diagnostics_;
    std::vector<Definition> definitions_;
    std::unordered_map<std::string_view, std::size_t> index_;
    std::unordered_set<std::string_view> functions_;
    std::vector<State> state_;
    std::vector<std::size_t> path_;
};

}  // namespace

void report_cycles(const Network& network, Diagnostics& diagnostics) {
    Cycles(network, diagnostics).report();
}

}  // namespace rondo
