// emit.cpp: a model's functions as LLVM IR.
#include "jit/emit/emit.h"

#include <unordered_map>

#include "jit/emit/expressions.h"
#include "jit/emit/plan.h"
#include "jit/emit/rows.h"

namespace rondo {
namespace {

using llvm::Value;

constexpr std::uint64_t largest_stack_scratch = 64 * 1024;  // bytes; beyond, from the heap

// What a native function reads and writes; all pointers but those it has no use for.
struct Arguments {
    Value *t = nullptr, *y = nullptr, *p = nullptr, *out = nullptr, *scratch = nullptr;
};

// ---- one function or piece of one ----

class PieceEmitter {
  public:
    PieceEmitter(const Graph& graph, llvm::IRBuilder<>& builder, llvm::Type* type, Arguments arguments,
                 const std::unordered_map<NodeId, std::uint32_t>& scratch)
        : graph_(graph),
          in_(builder),
          type_(type),
          arguments_(arguments),
          scratch_(scratch),
          expressions_(graph, builder, type, [this](NodeId id) { return outside(id); }) {}

    void emit(const Plan::Piece& piece);

  private:
    Value* outside(NodeId id);

    const Graph& graph_;
    llvm::IRBuilder<>& in_;
    llvm::Type* type_;
    Arguments arguments_;
    const std::unordered_map<NodeId, std::uint32_t>& scratch_;
    Expressions expressions_;
};

Value* PieceEmitter::outside(NodeId id) {
    const Node& node = graph_[id];
    if (node.op == Op::time) return load_row(in_, type_, arguments_.t, 0);
    if (node.op != Op::symbol) return load_row(in_, type_, arguments_.scratch, scratch_.at(id));
    Value* array = node.symbol.kind == Symbol::Kind::state ? arguments_.y : arguments_.p;
    return load_row(in_, type_, array, node.symbol.index);
}

void PieceEmitter::emit(const Plan::Piece& piece) {
    for (const NodeId id : piece.nodes) {
        expressions_.compute(id);
        if (scratch_.contains(id))
            store_row(in_, type_, expressions_.value(id), arguments_.scratch, scratch_.at(id));
    }
    for (const Destination& s : piece.stores) {
        Value* array = s.target == Destination::Target::out ? arguments_.out : arguments_.p;
        store_row(in_, type_, expressions_.value(s.node), array, s.index);
    }
}

// ---- a whole function ----

class ModuleEmitter {
  public:
    ModuleEmitter(const OdeSystem& system, const CompileOptions& options, llvm::LLVMContext& context)
        : system_(system),
          options_(options),
          module_(std::make_unique<llvm::Module>("rondo", context)),
          builder_(context),
          type_(lane_type(context, options.lanes)) {}

    // Arguments t, y, p, out; or, at the start, t, p, out.
    void add(const std::string& name, const std::vector<Destination>& stores, bool at_start);
    std::unique_ptr<llvm::Module> take() { return std::move(module_); }

  private:
    llvm::Function* begin(const std::string& name, unsigned arrays, llvm::Function::LinkageTypes linkage) {
        return begin_function(*module_, builder_, name, builder_.getVoidTy(), arrays, linkage);
    }
    void emit_pieces(llvm::Function*, const std::string& name, const Plan&, const Arguments&);
    Value* make_scratch(std::uint64_t bytes, bool on_stack);
    void emit_piece(const Plan::Piece&, const Plan&, const Arguments&);

    const OdeSystem& system_;
    const CompileOptions& options_;
    std::unique_ptr<llvm::Module> module_;
    llvm::IRBuilder<> builder_;
    llvm::Type* type_;
};

void ModuleEmitter::emit_piece(const Plan::Piece& piece, const Plan& plan, const Arguments& arguments) {
    PieceEmitter(system_.graph, builder_, type_, arguments, plan.scratch).emit(piece);
    builder_.CreateRetVoid();
}

Value* ModuleEmitter::make_scratch(std::uint64_t bytes, bool on_stack) {
    Value* size = builder_.getInt64(bytes);
    if (on_stack) return builder_.CreateAlloca(builder_.getInt8Ty(), size);
    const auto allocate = module_->getOrInsertFunction("malloc", builder_.getPtrTy(), builder_.getInt64Ty());
    return builder_.CreateCall(allocate, {size});
}

void ModuleEmitter::add(const std::string& name, const std::vector<Destination>& stores, bool at_start) {
    const Plan planned = plan(system_.graph, stores);
    llvm::Function* function = begin(name, at_start ? 3 : 4, llvm::Function::ExternalLinkage);
    Arguments arguments;
    arguments.t = function->getArg(0);
    arguments.y = at_start ? nullptr : function->getArg(1);
    arguments.p = function->getArg(at_start ? 1 : 2);
    arguments.out = function->getArg(at_start ? 2 : 3);
    if (planned.pieces.size() == 1) {
        emit_piece(planned.pieces[0], planned, arguments);
    } else {
        emit_pieces(function, name, planned, arguments);
    }
}

// The function calls its pieces in turn.
void ModuleEmitter::emit_pieces(llvm::Function* function, const std::string& name, const Plan& plan,
                                const Arguments& arguments) {
    const std::uint64_t bytes = 8 * static_cast<std::uint64_t>(options_.lanes) * plan.scratch.size();
    const bool on_stack = bytes <= largest_stack_scratch;
    Value* scratch = make_scratch(bytes, on_stack);
    Value* unused = llvm::ConstantPointerNull::get(builder_.getPtrTy());
    const llvm::SmallVector<Value*, 5> passed{arguments.t, arguments.y ? arguments.y : unused, arguments.p,
                                              arguments.out, scratch};
    for (std::size_t i = 0; i < plan.pieces.size(); ++i) {
        llvm::Function* piece = begin(name + "." + std::to_string(i), 5, llvm::Function::InternalLinkage);
        piece->addFnAttr(llvm::Attribute::NoInline);
        emit_piece(
            plan.pieces[i], plan,
            {piece->getArg(0), piece->getArg(1), piece->getArg(2), piece->getArg(3), piece->getArg(4)});
        builder_.SetInsertPoint(&function->getEntryBlock());
        builder_.CreateCall(piece, passed);
    }
    if (!on_stack) {
        builder_.CreateCall(module_->getOrInsertFunction("free", builder_.getVoidTy(), builder_.getPtrTy()),
                            {scratch});
    }
    builder_.CreateRetVoid();
}

std::vector<Destination> to_out(std::span<const NodeId> nodes) {
    std::vector<Destination> stores;
    for (const NodeId node : nodes) {
        stores.push_back({Destination::Target::out, static_cast<std::uint32_t>(stores.size()), node});
    }
    return stores;
}

// Values read p as given; storing into p on the way is harmless, because completing twice changes nothing.
std::vector<Destination> to_start(const OdeSystem& system) {
    std::vector<Destination> stores = to_out(system.initial);
    for (std::uint32_t i = 0; i < system.completed.size(); ++i) {
        const bool is_given = system.graph[system.completed[i]].op == Op::symbol;
        if (!is_given) stores.push_back({Destination::Target::p, i, system.completed[i]});
    }
    for (std::uint32_t i = 0; i < system.derived_values.size(); ++i) {
        const auto index = static_cast<std::uint32_t>(system.inputs.size()) + i;
        stores.push_back({Destination::Target::p, index, system.derived_values[i]});
    }
    return stores;
}

}  // namespace

std::string name_apart(std::size_t index) {
    return "apart" + std::to_string(index);
}

std::unique_ptr<llvm::Module> emit(const OdeSystem& system, const CompileOptions& options,
                                   llvm::LLVMContext& context) {
    ModuleEmitter module(system, options, context);
    module.add("initialize", to_start(system), true);
    module.add("rhs", to_out(system.rhs), false);
    module.add("jacobian", to_out(system.jacobian), false);
    module.add("outputs", to_out(options.outputs), false);
    const auto add = [&](const char* name, std::span<const NodeId> nodes) {
        if (!nodes.empty()) module.add(name, to_out(nodes), false);
    };
    for (std::size_t i = 0; i < options.apart.size(); ++i)
        module.add(name_apart(i), to_out(std::span(options.apart).subspan(i, 1)), false);
    add("modes", system.modes);
    std::vector<NodeId> delays, constraints;
    for (const auto& [value, lag] : system.delays) delays.insert(delays.end(), {value, lag});
    for (const auto& constraint : system.constraints) constraints.push_back(constraint.residual);
    constraints.insert(constraints.end(), system.constraint_matrix.begin(), system.constraint_matrix.end());
    for (const auto& constraint : system.constraints) {
        for (const auto& [state, coefficient] : constraint.direction) constraints.push_back(coefficient);
    }
    add("delays", delays);
    add("events", system.event_values);
    add("constraints", constraints);
    return module.take();
}

}  // namespace rondo
