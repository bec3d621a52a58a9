// formula.h: numbers that are not known yet. A function of the study that is called with them leaves its
// formula behind, as nodes of an expression graph: what the JIT compiles (oracle), and what becomes
// operations of LibTorch (the residual of a PINN).
//
// Elementary operations on them, and on lists that hold them, make nodes. The rest of the language works as
// ever, on values that are known: lists, records, calls, closures, loops. What depends on an unknown number
// in another way says so at its own line: "'digits' must be a number, not a formula". An `if` on a formula
// runs both ways and chooses (traced.cpp); a loop that runs long, or `while` a formula holds, becomes a loop
// of the procedure.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/analytic/procedure.h"
#include "runtime/study/verb.h"

namespace rondo {

// What the formulas of one function share. Parameters of the graph are its unknowns.
struct Tracing {
    Procedure procedure;
    std::vector<std::string> names;                         // of the parameters
    std::vector<Procedure::Loop>* open = &procedure.loops;  // where the next loop goes
    // What d(of, by) means. By default `by` must be a parameter, and no other one depends on it.
    std::function<NodeId(NodeId of, NodeId by)> derivative;

    Tracing() = default;
    Tracing(const Tracing&) = delete;
    std::uint32_t add_parameter(std::string name);
};
using TracingPtr = std::shared_ptr<Tracing>;

// A number or truth value to be known later.
class FormulaValue : public Object {
  public:
    FormulaValue(TracingPtr of, NodeId root, bool is_truth)
        : tracing(std::move(of)), node(root), truth(is_truth) {}
    std::string_view type() const override { return "formula"; }
    std::string print() const override;
    void identify(Identity&) const override;

    const TracingPtr tracing;
    const NodeId node;
    const bool truth;
};

// A node as a value: a number or truth value if it is known, else a formula.
Value from_node(const TracingPtr&, NodeId, bool truth = false);
// An unknown number: a new parameter.
Value unknown(const TracingPtr&, const std::string& name);
// A number, truth value or formula as a node. Throws Mistake for anything else.
NodeId to_node(Tracing&, const Value&);

// Whose formulas a value holds, in lists, records and captured names too; null if it holds none.
TracingPtr tracing_of(const Value&);
TracingPtr tracing_of_any(std::span<const Value>);

// `value` where `condition` (a truth value or formula) holds, else `otherwise`: numbers, truth values, and
// lists and records of them, alike in structure. Throws Mistake.
Value either(const Value& condition, const Value& value, const Value& otherwise);

// The numbers and formulas in a value of numbers, lists and records, in order; and the value with others in
// their places. Texts and whatever else is known stay.
void collect_numbers(const Value&, std::vector<Value>& numbers);
Value with_numbers(const Value&, std::span<const Value> numbers);

}  // namespace rondo
