// emit.cpp: expressions to LLVM IR.
//
// Nothing here reassociates, contracts or carries fast-math flags: the same bits at every lane width, effort
// and CPU. Fusing products into sums (fma) was tried and saved no instructions: it lengthens the lives of
// operands.
#include "jit/emit/emit.h"

#include <llvm/IR/IRBuilder.h>

#include <algorithm>
#include <unordered_map>

#include "jit/emit/library.h"
#include "jit/emit/plan.h"

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
    PieceEmitter(const Graph& graph, llvm::IRBuilder<>& builder, llvm::Type* type, Arguments arguments)
        : graph_(graph), in_(builder), type_(type), arguments_(arguments) {}

    void emit(const Plan::Piece& piece, const std::unordered_map<NodeId, std::uint32_t>& scratch);

  private:
    Value* value(NodeId id);
    Value* condition(NodeId id);  // i1 a lane
    Value* leaf(NodeId id);
    Value* operation(NodeId id);
    Value* logic(NodeId id);
    Value* choice(std::span<const NodeId> x);
    Value* whole_power(NodeId base, int n);
    Value* power(std::span<const NodeId> x);
    Value* call(std::string_view name, std::initializer_list<Value*> arguments);
    Value* number(double value) { return llvm::ConstantFP::get(type_, value); }
    Value* load(Value* array, std::uint32_t index);
    void store(Value* x, Value* array, std::uint32_t index);
    Value* place(Value* array, std::uint32_t index);
    Value* x(NodeId id, int operand) { return value(graph_.operands(id)[operand]); }

    const Graph& graph_;
    llvm::IRBuilder<>& in_;
    llvm::Type* type_;
    Arguments arguments_;
    const std::unordered_map<NodeId, std::uint32_t>* scratch_ = nullptr;
    std::unordered_map<NodeId, Value*> values_, conditions_;
    std::unordered_map<NodeId, std::vector<Value*>> powers_;  // of a base: x^2, x^3, ... as far as needed
};

Value* PieceEmitter::place(Value* array, std::uint32_t index) {
    return index == 0 ? array : in_.CreateConstInBoundsGEP1_64(type_, array, index);
}

// Arrays are aligned for doubles only, whatever the lanes.
Value* PieceEmitter::load(Value* array, std::uint32_t index) {
    return in_.CreateAlignedLoad(type_, place(array, index), llvm::Align(8));
}

void PieceEmitter::store(Value* x, Value* array, std::uint32_t index) {
    in_.CreateAlignedStore(x, place(array, index), llvm::Align(8));
}

Value* PieceEmitter::leaf(NodeId id) {
    const Node& node = graph_[id];
    if (node.op == Op::number) return number(node.value);
    if (node.op == Op::time) return load(arguments_.t, 0);
    return load(node.symbol.kind == Symbol::Kind::state ? arguments_.y : arguments_.p, node.symbol.index);
}

Value* PieceEmitter::value(NodeId id) {
    const auto known = values_.find(id);
    if (known != values_.end()) return known->second;
    if (graph_.is_leaf(id)) return values_[id] = leaf(id);
    if (conditions_.contains(id)) return values_[id] = in_.CreateUIToFP(conditions_.at(id), type_);
    return values_[id] = load(arguments_.scratch, scratch_->at(id));
}

Value* PieceEmitter::condition(NodeId id) {
    const auto known = conditions_.find(id);
    if (known != conditions_.end()) return known->second;
    return conditions_[id] = in_.CreateFCmpUNE(value(id), number(0));
}

// Through the C library, lane by lane: the only place that calls it.
Value* PieceEmitter::call(std::string_view name, std::initializer_list<Value*> arguments) {
    llvm::Module& module = *in_.GetInsertBlock()->getModule();
    llvm::Type* scalar = type_->getScalarType();
    const llvm::SmallVector<llvm::Type*, 2> types(arguments.size(), scalar);
    const auto function = module.getOrInsertFunction(llvm::StringRef(name.data(), name.size()),
                                                     llvm::FunctionType::get(scalar, types, false));
    const auto call_scalar = [&](llvm::ArrayRef<Value*> x) {
        llvm::CallInst* result = in_.CreateCall(function, x);
        result->addFnAttr(
            llvm::Attribute::NoBuiltin);  // no folding into other functions: same bits everywhere
        result->setDoesNotAccessMemory();
        result->setDoesNotThrow();
        return result;
    };
    const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type_);
    if (!vector) return call_scalar(arguments);
    Value* result = llvm::PoisonValue::get(type_);
    for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
        llvm::SmallVector<Value*, 2> x;
        for (Value* argument : arguments) x.push_back(in_.CreateExtractElement(argument, lane));
        result = in_.CreateInsertElement(result, call_scalar(x), lane);
    }
    return result;
}

// By repeated squaring.
Value* PieceEmitter::whole_power(NodeId base, int n) {
    if (n == 1) return value(base);
    std::vector<Value*>& known = powers_[base];
    if (known.size() <= static_cast<std::size_t>(n)) known.resize(n + 1);
    if (!known[n]) {
        Value* half = whole_power(base, n / 2);
        Value* rest = n % 2 == 0 ? nullptr : whole_power(base, 1);
        Value* square = in_.CreateFMul(half, half);
        powers_[base][n] = rest ? in_.CreateFMul(square, rest) : square;
    }
    return powers_[base][n];
}

Value* PieceEmitter::power(std::span<const NodeId> operands) {
    const Node& exponent = graph_[operands[1]];
    const double n = exponent.value;
    if (exponent.op == Op::number && n >= 2 && n <= largest_whole_power && n == static_cast<int>(n)) {
        return whole_power(operands[0], static_cast<int>(n));
    }
    return call(library_function_of(Op::power), {value(operands[0]), value(operands[1])});
}

// From the last branch to the first; all are computed, none traps.
Value* PieceEmitter::choice(std::span<const NodeId> operands) {
    Value* result = value(operands.back());
    for (std::size_t i = operands.size() - 1; i > 0; i -= 2) {
        result = in_.CreateSelect(condition(operands[i - 1]), value(operands[i - 2]), result);
    }
    return result;
}

Value* PieceEmitter::logic(NodeId id) {
    const auto operands = graph_.operands(id);
    const auto holds = [&](int i) { return condition(operands[i]); };
    switch (graph_[id].op) {
        case Op::eq: return in_.CreateFCmpOEQ(x(id, 0), x(id, 1));
        case Op::neq: return in_.CreateFCmpUNE(x(id, 0), x(id, 1));
        case Op::lt: return in_.CreateFCmpOLT(x(id, 0), x(id, 1));
        case Op::leq: return in_.CreateFCmpOLE(x(id, 0), x(id, 1));
        case Op::and_: return in_.CreateAnd(holds(0), holds(1));
        case Op::or_: return in_.CreateOr(holds(0), holds(1));
        case Op::xor_: return in_.CreateXor(holds(0), holds(1));
        case Op::not_: return in_.CreateNot(holds(0));
        default: return nullptr;
    }
}

Value* PieceEmitter::operation(NodeId id) {
    const auto intrinsic = [&](llvm::Intrinsic::ID which, Value* a) {
        return in_.CreateUnaryIntrinsic(which, a);
    };
    const Op op = graph_[id].op;
    switch (op) {
        case Op::plus: return in_.CreateFAdd(x(id, 0), x(id, 1));
        case Op::minus: return in_.CreateFSub(x(id, 0), x(id, 1));
        case Op::times: return in_.CreateFMul(x(id, 0), x(id, 1));
        case Op::divide: return in_.CreateFDiv(x(id, 0), x(id, 1));
        case Op::negate: return in_.CreateFNeg(x(id, 0));
        case Op::power: return power(graph_.operands(id));
        case Op::quotient: return intrinsic(llvm::Intrinsic::trunc, in_.CreateFDiv(x(id, 0), x(id, 1)));
        case Op::abs: return intrinsic(llvm::Intrinsic::fabs, x(id, 0));
        case Op::ceil: return intrinsic(llvm::Intrinsic::ceil, x(id, 0));
        case Op::floor: return intrinsic(llvm::Intrinsic::floor, x(id, 0));
        case Op::sqrt: return intrinsic(llvm::Intrinsic::sqrt, x(id, 0));
        case Op::min: return in_.CreateBinaryIntrinsic(llvm::Intrinsic::minimum, x(id, 0), x(id, 1));
        case Op::max: return in_.CreateBinaryIntrinsic(llvm::Intrinsic::maximum, x(id, 0), x(id, 1));
        case Op::piecewise: return choice(graph_.operands(id));
        case Op::factorial: return call(library_function_of(op), {in_.CreateFAdd(x(id, 0), number(1))});
        default: return call(library_function_of(op), {x(id, 0)});
    }
}

void PieceEmitter::emit(const Plan::Piece& piece, const std::unordered_map<NodeId, std::uint32_t>& scratch) {
    scratch_ = &scratch;
    for (const NodeId id : piece.nodes) {
        if (Value* condition = logic(id)) {
            conditions_[id] = condition;
        } else {
            values_[id] = operation(id);
        }
        if (scratch.contains(id)) store(value(id), arguments_.scratch, scratch.at(id));
    }
    for (const Store& s : piece.stores) {
        store(value(s.node), s.target == Store::Target::out ? arguments_.out : arguments_.p, s.index);
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
          type_(builder_.getDoubleTy()) {
        if (options.lanes > 1)
            type_ = llvm::FixedVectorType::get(type_, static_cast<unsigned>(options.lanes));
    }

    // Arguments t, y, p, out; or, at the start, t, p, out.
    void add(const std::string& name, const std::vector<Store>& stores, bool at_start);
    std::unique_ptr<llvm::Module> take() { return std::move(module_); }

  private:
    llvm::Function* begin(const std::string& name, unsigned pointers, bool shared);
    void emit_pieces(llvm::Function*, const std::string& name, const Plan&, const Arguments&);
    Value* make_scratch(std::uint64_t bytes, bool on_stack);
    void emit_piece(const Plan::Piece&, const Plan&, const Arguments&);

    const OdeSystem& system_;
    const CompileOptions& options_;
    std::unique_ptr<llvm::Module> module_;
    llvm::IRBuilder<> builder_;
    llvm::Type* type_;
};

llvm::Function* ModuleEmitter::begin(const std::string& name, unsigned pointers, bool shared) {
    const std::vector<llvm::Type*> types(pointers, builder_.getPtrTy());
    auto* function = llvm::Function::Create(
        llvm::FunctionType::get(builder_.getVoidTy(), types, false),
        shared ? llvm::Function::ExternalLinkage : llvm::Function::InternalLinkage, name, *module_);
    function->setDoesNotThrow();
    function->setAlignment(llvm::Align(64));  // a cache line: else a small one takes a seventh longer
    for (unsigned i = 0; i < pointers; ++i) function->addParamAttr(i, llvm::Attribute::NoAlias);
    if (!shared) function->addFnAttr(llvm::Attribute::NoInline);
    builder_.SetInsertPoint(llvm::BasicBlock::Create(module_->getContext(), "", function));
    return function;
}

void ModuleEmitter::emit_piece(const Plan::Piece& piece, const Plan& plan, const Arguments& arguments) {
    PieceEmitter(system_.graph, builder_, type_, arguments).emit(piece, plan.scratch);
    builder_.CreateRetVoid();
}

Value* ModuleEmitter::make_scratch(std::uint64_t bytes, bool on_stack) {
    Value* size = builder_.getInt64(bytes);
    if (on_stack) return builder_.CreateAlloca(builder_.getInt8Ty(), size);
    const auto allocate = module_->getOrInsertFunction("malloc", builder_.getPtrTy(), builder_.getInt64Ty());
    return builder_.CreateCall(allocate, {size});
}

void ModuleEmitter::add(const std::string& name, const std::vector<Store>& stores, bool at_start) {
    const Plan planned = plan(system_.graph, stores);
    llvm::Function* function = begin(name, at_start ? 3 : 4, true);
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
        llvm::Function* piece = begin(name + "." + std::to_string(i), 5, false);
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

std::vector<Store> to_out(std::span<const NodeId> nodes) {
    std::vector<Store> stores;
    for (const NodeId node : nodes) {
        stores.push_back({Store::Target::out, static_cast<std::uint32_t>(stores.size()), node});
    }
    return stores;
}

// Values read p as given; storing into p on the way is harmless, because completing twice changes nothing.
std::vector<Store> to_start(const OdeSystem& system) {
    std::vector<Store> stores = to_out(system.initial);
    for (std::uint32_t i = 0; i < system.completed.size(); ++i) {
        const bool is_given = system.graph[system.completed[i]].op == Op::symbol;
        if (!is_given) stores.push_back({Store::Target::p, i, system.completed[i]});
    }
    for (std::uint32_t i = 0; i < system.derived_values.size(); ++i) {
        const auto index = static_cast<std::uint32_t>(system.inputs.size()) + i;
        stores.push_back({Store::Target::p, index, system.derived_values[i]});
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
