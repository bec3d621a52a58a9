// expressions.h: nodes of a graph as LLVM values over a lane type. Seen by jit alone.
//
// Nothing here reassociates, contracts or carries fast-math flags: the same bits at every effort and CPU,
// and, lane by lane, at every width above one. Fusing products into sums (fma) was tried and saved no
// instructions: it lengthens the lives of operands.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "jit/graph/graph.h"

namespace rondo {

class Expressions {
  public:
    // What a value is that is not computed here: time, a symbol, or a node whose value is kept elsewhere. It
    // is asked once for each.
    using Outside = std::function<llvm::Value*(NodeId)>;

    Expressions(const Graph& graph, llvm::IRBuilder<>& builder, llvm::Type* type, Outside outside)
        : graph_(graph), in_(builder), type_(type), outside_(std::move(outside)) {}

    // Adds the instructions of an operation. Nodes come in ascending order.
    void compute(NodeId id);
    llvm::Value* value(NodeId id);

  private:
    llvm::Value* condition(NodeId id);  // i1 a lane
    llvm::Value* operation(NodeId id);
    llvm::Value* logic(NodeId id);
    llvm::Value* choice(std::span<const NodeId> operands);
    llvm::Value* whole_power(NodeId base, int n);
    llvm::Value* power(std::span<const NodeId> operands);
    llvm::Value* call(Op op, std::span<llvm::Value* const> arguments);
    llvm::Value* number(double value) { return llvm::ConstantFP::get(type_, value); }
    llvm::Value* x(NodeId id, int operand) { return value(graph_.operands(id)[operand]); }

    const Graph& graph_;
    llvm::IRBuilder<>& in_;
    llvm::Type* type_;
    Outside outside_;
    std::unordered_map<NodeId, llvm::Value*> values_, conditions_;
    std::unordered_map<NodeId, std::vector<llvm::Value*>> powers_;  // of a base: x^2, x^3, ... as needed
};

}  // namespace rondo
