// system.h: a Network as a system of ordinary differential equations over one expression graph.
//
//   y' = rhs(t, y, p),   y(t0), derived p = initialize(t0, inputs),   outputs(t, y, p)
//
// States: species changed by reactions (as amounts), and targets of rate rules (in the unit their symbol
// has), in declaration order: species, compartments, parameters.
//   A species in a compartment of the network's own making (size 1, see Compartment::implicit) costs no
//   division.
// Parameters p: first the `inputs`, which a user may set, then what is `derived`: values computed from them
// once per run, values of delays, and modes. What events assign beside states is in p too.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"
#include "jit/graph/graph.h"

namespace rondo {

// Something a run can be given: parameter, compartment size, or initial value of a species (or of another
// variable with a rate rule), in the unit its symbol has in the model's mathematics. A local parameter `k` of
// reaction `J` is the input `J_k`.
struct Input {
    enum class Kind : std::uint8_t { parameter, compartment, initial_value } kind;
    std::string id, name;
    double value;   // NaN: none given. Then an initial assignment computes it, or the run is refused
    bool required;  // true: nothing in the model gives a value (see missing_inputs)
    Span span;
};

// A quantity that can be read along a run, by the name a user writes: `S1` as in the mathematics, `[S1]` the
// concentration, `amount(S1)`, a reaction's rate `J0`, a parameter, compartment or assigned variable.
struct Output {
    std::string name;
    NodeId node;
};

// delay(value, lag): its value lies in p, for the integrator to look up in the run's past.
struct DelayedValue {
    NodeId value, lag;
};

// Indices are into OdeSystem::event_values.
struct EventCode {
    struct Assignment {
        Symbol target;                    // a state or a parameter
        std::size_t value;                // what the variable becomes
        std::optional<std::size_t> size;  // the target holds value * size, as they are after all assignments
    };
    std::string id;
    std::size_t trigger;
    std::optional<std::size_t> delay, priority;
    bool initial_value = true, persistent = true, use_values_from_trigger_time = true;
    std::vector<Assignment> assignments;
};

// 0 = residual at all times: w moves states along `direction` so that it stays so; the right-hand side has w
// already. At a start, and after an event, the states have to be moved until it holds (see project.h).
struct ConstraintCode {
    NodeId residual;
    std::vector<std::pair<std::uint32_t, NodeId>> direction;  // state, coefficient (of parameters alone)
    bool fast = false;                                        // residual is a reaction's rate
};

struct OdeSystem {
    std::string id;
    Graph graph;
    std::vector<std::string> states;  // ids
    std::vector<Input> inputs;
    std::vector<std::string> derived;  // names of p[inputs.size()...]
    // What a run starts from, of t0 and the inputs as given (NaN: none):
    std::vector<NodeId> completed;  // [inputs] the input itself, or its initial assignment where it is NaN
    std::vector<NodeId> derived_values;  // [derived]
    std::vector<NodeId> initial;         // [states]
    // Along the run, of time, states and p:
    std::vector<NodeId> rhs;      // [states]
    std::vector<Output> outputs;  // everything that can be read, `time` aside
    // d rhs[row] / d y[column], compressed by column: rows of column j are row_index[column_start[j]..[j+1]).
    std::vector<std::uint32_t> column_start, row_index;
    std::vector<NodeId> jacobian;  // one a structural non-zero
    // Comparisons and whole parts of what varies jump. p keeps the value of each while the run is smooth, so
    // that no step straddles a jump; where p has NaN, the mathematics compute it. [modes] the value that t, y
    // and p give: 1 or 0 of < and <=, the sign of a - b of == and !=, the whole number of floor and the like.
    std::vector<NodeId> modes;
    std::size_t first_mode = 0;  // of p
    // Of each sine, cosine and tangent of time that modes read: how fast its argument grows with time.
    std::vector<NodeId> frequencies;
    std::vector<DelayedValue> delays;
    std::size_t first_delay = 0;  // of p
    std::vector<EventCode> events;
    std::vector<NodeId> event_values;
    // States that are concentrations, and the sizes (of event_values) of their compartments: where an event
    // changes the size, the amount stays.
    std::vector<std::pair<std::uint32_t, std::size_t>> concentrations;
    std::vector<ConstraintCode> constraints;
    std::vector<NodeId> constraint_matrix;  // [i][j] d residual i / d w j
    std::vector<std::string> ruled;         // ids that may not be set, being targets of assignment rules
    std::unordered_map<std::string, NodeId> output_index;      // by name; `time` too
    std::unordered_map<std::string, std::size_t> input_index;  // by id

    std::size_t parameter_count() const { return inputs.size() + derived.size(); }
    std::vector<std::string> parameter_names() const;
    // Empty if there is none of that name. Accepts `[S]` and `amount(S)` of any species; and `time`.
    std::optional<NodeId> output(std::string_view name) const;
    std::optional<std::size_t> input(std::string_view id) const;
};

// The network must have passed check(). Throws Error(unsupported) naming what has no equations.
OdeSystem lower(const Network&);

// A further quantity to read: any expression of the model's symbols.
NodeId add_expression(OdeSystem&, const Network&, const Math&);

// Ids of the inputs that have no value in `inputs` and no other source, in order.
std::vector<std::string> missing_inputs(const OdeSystem&, std::span<const double> inputs);

// Whether time itself enters the right-hand sides.
bool reads_time(const OdeSystem&);

// For `--dump graph`: one node a line, then what they are for.
std::string dump(const OdeSystem&);

// The oracle of CompiledModel: the same functions by evaluate().
struct TreeWalker {
    const OdeSystem* system;
    void initialize(double t0, std::span<double> p, std::span<double> y) const;
    void rhs(double t, std::span<const double> y, std::span<const double> p, std::span<double> dydt) const;
    void jacobian(double t, std::span<const double> y, std::span<const double> p,
                  std::span<double> values) const;
};

}  // namespace rondo
