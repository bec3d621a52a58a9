#include "runtime/surrogate/torch_formula.h"

#include <limits>

#include "dsl/model/math.h"

namespace rondo::plugin {

namespace {

using Operands = std::vector<at::Tensor>;

at::Tensor truth(const at::Tensor& condition, const at::Tensor& like) {
    return condition.to(like.scalar_type());
}

at::Tensor holds(const at::Tensor& x) {
    return x.ne(0);
}

// x^n; a square is worth its own way, since PDEs are full of them.
at::Tensor power(const Operands& x) {
    if (x[1].dim() == 0 && x[1].is_cpu()) return at::pow(x[0], x[1].item<double>());
    return at::pow(x[0], x[1]);
}

// value, condition, ..., otherwise
at::Tensor piecewise(const Operands& x) {
    at::Tensor result = x.back();
    for (std::size_t i = x.size() - 1; i >= 2; i -= 2) result = at::where(holds(x[i - 1]), x[i - 2], result);
    return result;
}

// The operations that are left in an expression graph (jit/graph/graph.h, Node).
at::Tensor operate(Op op, const Operands& x) {
    switch (op) {
        case Op::plus: return x[0] + x[1];
        case Op::minus: return x[0] - x[1];
        case Op::times: return x[0] * x[1];
        case Op::divide: return x[0] / x[1];
        case Op::power: return power(x);
        case Op::quotient: return at::trunc(x[0] / x[1]);
        case Op::min: return at::minimum(x[0], x[1]);
        case Op::max: return at::maximum(x[0], x[1]);
        case Op::negate: return -x[0];
        case Op::abs: return at::abs(x[0]);
        case Op::ceil: return at::ceil(x[0]);
        case Op::floor: return at::floor(x[0]);
        case Op::exp: return at::exp(x[0]);
        case Op::ln: return at::log(x[0]);
        case Op::log10: return at::log10(x[0]);
        case Op::sqrt: return at::sqrt(x[0]);
        case Op::factorial: return at::exp(at::lgamma(x[0] + 1));
        case Op::sin: return at::sin(x[0]);
        case Op::cos: return at::cos(x[0]);
        case Op::tan: return at::tan(x[0]);
        case Op::sinh: return at::sinh(x[0]);
        case Op::cosh: return at::cosh(x[0]);
        case Op::tanh: return at::tanh(x[0]);
        case Op::arcsin: return at::asin(x[0]);
        case Op::arccos: return at::acos(x[0]);
        case Op::arctan: return at::atan(x[0]);
        case Op::arcsinh: return at::asinh(x[0]);
        case Op::arccosh: return at::acosh(x[0]);
        case Op::arctanh: return at::atanh(x[0]);
        case Op::eq: return truth(x[0].eq(x[1]), x[0]);
        case Op::neq: return truth(x[0].ne(x[1]), x[0]);
        case Op::lt: return truth(x[0].lt(x[1]), x[0]);
        case Op::leq: return truth(x[0].le(x[1]), x[0]);
        case Op::and_: return truth(at::logical_and(x[0], x[1]), x[0]);
        case Op::or_: return truth(at::logical_or(x[0], x[1]), x[0]);
        case Op::xor_: return truth(at::logical_xor(x[0], x[1]), x[0]);
        case Op::not_: return truth(at::logical_not(x[0]), x[0]);
        case Op::piecewise: return piecewise(x);
        default: break;
    }
    TORCH_CHECK(false, "an equation cannot be trained with '", std::string(info(op).name), "'");
}

}  // namespace

Formula::Formula(const Term& term) {
    for (int i = 0; i < term.operation_count; ++i) {
        const Operation& operation = term.operations[i];
        steps_.push_back({operation, {operation.operands, operation.operands + operation.operand_count}});
    }
}

std::vector<at::Tensor> Formula::evaluate(const std::vector<at::Tensor>& slots,
                                          const std::vector<at::Tensor>& columns,
                                          const at::TensorOptions& options) const {
    std::vector<at::Tensor> values;
    values.reserve(steps_.size());
    for (const auto& [operation, operands] : steps_) {
        const Op op = static_cast<Op>(operation.op);
        if (op == Op::number) {
            values.push_back(at::full({}, operation.value, options));
        } else if (op == Op::symbol) {
            values.push_back(
                (operation.is_column ? columns : slots)[static_cast<std::size_t>(operation.index)]);
        } else {
            Operands x;
            for (const int each : operands) x.push_back(values[static_cast<std::size_t>(each)]);
            values.push_back(operate(op, x));
        }
    }
    return values;
}

}  // namespace rondo::plugin
