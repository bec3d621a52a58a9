// expressions.cpp: operations to LLVM IR.
#include "jit/emit/expressions.h"

#include <llvm/IR/Module.h>

#include "jit/emit/library.h"

namespace rondo {

using llvm::Value;

Value* Expressions::value(NodeId id) {
    const auto known = values_.find(id);
    if (known != values_.end()) return known->second;
    if (graph_.is_number(id)) return values_[id] = number(graph_[id].value);
    if (conditions_.contains(id)) return values_[id] = in_.CreateUIToFP(conditions_.at(id), type_);
    return values_[id] = outside_(id);
}

Value* Expressions::condition(NodeId id) {
    const auto known = conditions_.find(id);
    if (known != conditions_.end()) return known->second;
    return conditions_[id] = in_.CreateFCmpUNE(value(id), number(0));
}

// Through the library that has the function at the lanes' width. Wider vectors than it knows are cut in two.
Value* Expressions::call(Op op, std::span<Value* const> arguments) {
    llvm::Module& module = *in_.GetInsertBlock()->getModule();
    llvm::Type* type = arguments[0]->getType();
    const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
    const int lanes = vector ? static_cast<int>(vector->getNumElements()) : 1;
    const std::string_view known = library_function(op, lanes);
    if (known.empty()) {
        const int half = lanes / 2;
        Value* parts[2];
        for (int part = 0; part < 2; ++part) {
            std::vector<int> taken;
            for (int lane = part * half; lane < (part + 1) * half; ++lane) taken.push_back(lane);
            llvm::SmallVector<Value*, 2> x;
            for (Value* argument : arguments)
                x.push_back(half == 1 ? in_.CreateExtractElement(argument, static_cast<std::uint64_t>(part))
                                      : in_.CreateShuffleVector(argument, taken));
            parts[part] = call(op, x);
        }
        if (half == 1) {
            Value* result = in_.CreateInsertElement(llvm::PoisonValue::get(type), parts[0], std::uint64_t{0});
            return in_.CreateInsertElement(result, parts[1], std::uint64_t{1});
        }
        std::vector<int> all;
        for (int lane = 0; lane < lanes; ++lane) all.push_back(lane);
        return in_.CreateShuffleVector(parts[0], parts[1], all);
    }
    const llvm::SmallVector<llvm::Type*, 2> types(arguments.size(), type);
    const auto function = module.getOrInsertFunction(llvm::StringRef(known.data(), known.size()),
                                                     llvm::FunctionType::get(type, types, false));
    llvm::CallInst* result =
        in_.CreateCall(function, llvm::ArrayRef<Value*>(arguments.data(), arguments.size()));
    result->addFnAttr(llvm::Attribute::NoBuiltin);  // no folding into other functions: same bits everywhere
    result->setDoesNotAccessMemory();
    result->setDoesNotThrow();
    return result;
}

// By repeated squaring.
Value* Expressions::whole_power(NodeId base, int n) {
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

Value* Expressions::power(std::span<const NodeId> operands) {
    const Node& exponent = graph_[operands[1]];
    const double n = exponent.value;
    if (exponent.op == Op::number && n >= 2 && n <= largest_whole_power && n == static_cast<int>(n)) {
        return whole_power(operands[0], static_cast<int>(n));
    }
    Value* const x[] = {value(operands[0]), value(operands[1])};
    return call(Op::power, x);
}

// From the last branch to the first; all are computed, none traps.
Value* Expressions::choice(std::span<const NodeId> operands) {
    Value* result = value(operands.back());
    for (std::size_t i = operands.size() - 1; i > 0; i -= 2) {
        result = in_.CreateSelect(condition(operands[i - 1]), value(operands[i - 2]), result);
    }
    return result;
}

Value* Expressions::logic(NodeId id) {
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

Value* Expressions::operation(NodeId id) {
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
        case Op::factorial: {
            Value* const next = in_.CreateFAdd(x(id, 0), number(1));
            return call(op, {&next, 1});
        }
        default: {
            Value* const argument = x(id, 0);
            return call(op, {&argument, 1});
        }
    }
}

void Expressions::compute(NodeId id) {
    if (Value* condition = logic(id)) {
        conditions_[id] = condition;
    } else {
        values_[id] = operation(id);
    }
}

}  // namespace rondo
