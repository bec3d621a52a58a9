// procedure.h: a function of numbers, made of expressions and loops, evaluated over whole tables.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "jit/compile.h"
#include "runtime/parallel/executor.h"

namespace rondo {

// Expressions over parameters of one graph: first the arguments, then what loops carry and count. A carried
// parameter keeps the value it has after its loop's last turn. While a loop's expressions are computed once a
// turn, they mean what the parameters hold then.
struct Procedure {
    struct Loop {
        std::vector<std::uint32_t> carried;  // parameters that change with each turn
        std::vector<NodeId> start;           // [carried] their values before the first turn
        std::vector<Loop> inner;             // run in each turn before what follows is computed
        std::vector<NodeId> next;            // [carried] their values after the turn
        std::optional<NodeId> condition;     // of a turn: a row for which it fails makes no more turns
        std::uint32_t counter = 0;           // parameter: first, first + 1, ...
        double first = 1, turns = 0;
    };

    Graph graph;
    std::uint32_t arguments = 0, parameters = 0;
    std::vector<Loop> loops;  // in the order in which they are run
    std::vector<NodeId> outputs;
};

inline constexpr double most_turns = 1e6;  // of a loop with a condition

// Owns its machine code. Immutable, shared between threads. A row's values depend on that row alone, not on
// the number of lanes.
class CompiledProcedure {
  public:
    // lanes: 2, 4 or 8.
    CompiledProcedure(Procedure, int lanes);
    ~CompiledProcedure();
    CompiledProcedure(CompiledProcedure&&) noexcept;
    // arguments: [arguments][rows]. Result: [outputs][rows]; NaN in all outputs of a row whose loop still had
    // its condition after `most_turns`.
    std::vector<std::vector<double>> evaluate(std::span<const std::span<const double>> arguments,
                                              const Executor&) const;

  private:
    struct Code;
    std::unique_ptr<const Code> code_;
};

// The oracle of CompiledProcedure: node by node, one row at a time.
std::vector<double> evaluate(const Procedure&, std::span<const double> arguments);

}  // namespace rondo
