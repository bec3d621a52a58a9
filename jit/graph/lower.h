// lower.h: a Network's meaning as equations. Private to jit/graph; lower() in system.h is the way in.
//
// Every name has a value at two moments: at the start of a run (of t0 and the inputs as given) and along it
// (of time, states and p). Both are tables of definitions, filled from the network and then settled.
// lower.cpp fills them; equations.cpp, constrain.cpp and jumps.cpp make of the run's moment what an
// integrator calls.
#pragma once
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "jit/graph/formula.h"
#include "jit/graph/moment.h"
#include "jit/graph/system.h"

namespace rondo {

// A name that has a value at the start, given by the user or the network, or following from other names.
struct Variable {
    std::string_view id, name;
    Input::Kind kind;
    std::optional<double> value;
    Span span;
    const Species* species = nullptr;
};

// What a reaction does to a species: coefficient * value of the stoichiometry's symbol, if it has one.
struct Effect {
    std::size_t reaction;
    double coefficient;
    std::string_view stoichiometry;  // empty: 1
};

struct Term {
    NodeId node;
    double coefficient;
};
using Sum = std::vector<Term>;
NodeId add_up(Graph&, const Sum&);

class Lowering {
  public:
    explicit Lowering(const Network& network);
    OdeSystem run();

  private:
    // ---- what the network says (lower.cpp) ----
    void index_network();
    void index_effects();
    const Rule* rule(std::string_view id, RuleKind kind) const;
    bool is_changed(const Species&) const;  // by reactions
    bool is_state(const Variable&) const;
    bool varies(std::string_view id) const;  // by a rule, an event or an algebraic rule
    bool means_amount(const Species&) const;
    std::optional<double> known_size(std::string_view compartment) const;
    std::string_view conversion_factor(const Species&) const;  // empty: none

    // ---- definitions of names (lower.cpp) ----
    std::vector<std::string_view> needs(const Math&);
    bool has_rate(const Math&) const;
    NodeId read(const Math&, const Moment&);
    Definition formula(std::string_view name, const Math& math, const Moment& moment);
    void define(const Compartment&);
    void define(const Species&);
    void define(const SpeciesReference&);
    void define(const Reaction&);
    void define(const Variable&);
    void define_along_run(const Variable&, NodeId given);
    std::optional<Definition> fallback(Variable&);
    std::optional<Definition> converted(Variable&);
    NodeId add_input(const Variable&, bool has_fallback);
    std::unordered_map<std::string_view, NodeId> add_local_parameters(const Reaction&);
    NodeId add_delay(NodeId value, NodeId lag);

    // ---- rates and equations (equations.cpp) ----
    void define_rates_of();
    void define_rate_of(std::string_view id, Moment&);
    NodeId factor(const Species&, const Effect&, const Moment&);
    Sum amount_rate(const Species&, const Moment&);
    void read_rate_rules();
    void add_equations();
    void add_jacobian(const std::vector<Sum>& rows);

    // ---- algebraic rules and fast reactions (constrain.cpp) ----
    void match_algebraic_rules();
    std::set<std::string_view> unknowns(const Rule&);
    bool is_free(std::string_view id) const;
    bool mentions(const Math&, std::string_view id) const;
    NodeId read_with(const Math&, const Moment&, std::string_view unknown, NodeId value);
    bool is_linear(const Math&, std::string_view unknown) const;
    Definition solution(std::string_view id, const Math&, const Moment&);
    void add_constraints();
    void constrain(std::vector<Sum>& rows);

    // ---- events and modes (jumps.cpp) ----
    void read_events();
    void read_concentrations();
    EventCode::Assignment assignment(const EventAssignment&);
    std::size_t add_event_value(const Math&);
    void keep_modes();
    void add_frequencies();

    // ---- the whole ----
    NodeId amount(const Species&, const Moment&);
    NodeId concentration(const Species&, const Moment&);
    void add_start();
    void add_outputs();
    void add_output(std::string name, NodeId node);

    const Network& network_;
    OdeSystem system_;
    Graph& graph_;
    NodeReader reader_;
    Moment start_, run_;
    bool at_start_ = false;  // which moment is being read

    std::unordered_set<std::string> ids_;
    std::set<std::string, std::less<>> rates_of_;  // names `rateOf(x)` that formulas mention
    std::unordered_map<std::string_view, const Compartment*> compartments_;
    std::unordered_map<std::string_view, const Species*> species_;
    std::unordered_map<std::string_view, const Rule*> rules_;
    std::unordered_map<std::string_view, const InitialAssignment*> initial_assignments_;
    std::unordered_set<std::string_view> event_targets_, stoichiometries_;
    std::unordered_map<std::string_view, std::vector<Effect>> effects_;  // by species
    std::unordered_map<std::string_view, const Math*> solved_;           // by algebraic rules, by a formula
    std::unordered_map<std::string_view, const Math*> constrained_;      // the same, as states
    std::vector<const Species*> amount_states_;  // [states] the species whose amount it is, or null
    std::unordered_map<std::string_view, std::uint32_t> state_index_, held_index_;
    std::vector<const Species*> held_;  // [derived] the species whose amount stays until an event
    std::unordered_map<std::string_view, NodeId> amounts_;              // along the run, where one is at hand
    std::vector<std::pair<std::size_t, std::string_view>> incomplete_;  // inputs that start_ completes
    std::map<std::uint32_t, NodeId> rate_rules_;                        // right-hand sides, by state
};

}  // namespace rondo
