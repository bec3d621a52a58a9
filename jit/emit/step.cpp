// step.cpp: a method's tableau and a model's graph to the code of a step.
//
// Sums over stages are fused multiply-adds in the order of the stages: the same bits at every width.
#include "jit/emit/step.h"

#include <map>

#include "jit/emit/elimination.h"
#include "jit/emit/expressions.h"
#include "jit/emit/rows.h"
#include "jit/graph/factors.h"

namespace rondo {
namespace {

using llvm::Value;
using Values = std::vector<Value*>;  // one a state

constexpr double least_factor = 0.2;
constexpr double stretch = 1.01;      // a last step may be this much longer than asked for
constexpr double stiff_steps = 8;     // held back by stability, before a run counts as stiff
constexpr double stiff_forget = 0.2;  // of a step's evidence, by a step that is not

class StepEmitter {
  public:
    StepEmitter(const OdeSystem& system, const StepMethod& method, int lanes, llvm::LLVMContext& context)
        : system_(system),
          graph_(system.graph),
          rhs_(gather_fixed_factors(graph_, system.rhs)),
          method_(method),
          layout_(method, system.states.size()),
          n_(system.states.size()),
          module_(std::make_unique<llvm::Module>("rondo", context)),
          in_(context),
          type_(lane_type(context, lanes)),
          small_type_(type_->getWithNewType(llvm::Type::getFloatTy(context))),
          lanes_(static_cast<unsigned>(lanes)) {
        if (method.implicit()) prepare_matrix();
    }

    void emit_step();
    void emit_dense();
    std::unique_ptr<llvm::Module> take() { return std::move(module_); }

  private:
    // ---- the builder's vocabulary ----
    Value* number(double value) { return llvm::ConstantFP::get(type_, value); }
    Value* fma(Value* a, Value* b, Value* c) {
        return in_.CreateIntrinsic(llvm::Intrinsic::fma, {type_}, {a, b, c});
    }
    Value* unary(llvm::Intrinsic::ID which, Value* a) { return in_.CreateUnaryIntrinsic(which, a); }
    Value* root(Value* a) { return unary(llvm::Intrinsic::sqrt, a); }
    Value* larger(Value* a, Value* b) { return in_.CreateBinaryIntrinsic(llvm::Intrinsic::maxnum, a, b); }
    Value* smaller(Value* a, Value* b) { return in_.CreateBinaryIntrinsic(llvm::Intrinsic::minnum, a, b); }
    Value* load(Value* array, std::size_t row) { return load_row(in_, type_, array, row); }
    void store(Value* x, Value* array, std::size_t row) { store_row(in_, type_, x, array, row); }
    Values load_all(Value* array, std::size_t row);
    void store_all(const Values& x, Value* array, std::size_t row);
    Value* bits(Value* condition);  // one of each lane
    llvm::Function* begin(const char* name, llvm::Type* result, unsigned arrays) {
        return begin_function(*module_, in_, name, result, arrays, llvm::Function::ExternalLinkage);
    }

    // ---- the model ----
    Values values_of(const std::vector<NodeId>& nodes, Value* t, const Values& y);

    // ---- parts of a step ----
    Value* weigh(const std::vector<double>& weights, const std::vector<Values>& k, std::size_t state,
                 Value* sum = nullptr);
    Values stage_state(const Stage& stage, const Values& y, const std::vector<Values>& k, Value* h);
    Value* stage_time(const Stage& stage, Value* t, Value* h);
    Value* squared_error(const Values& y, const Values& y1, const std::vector<Values>& k, Value* h);
    Value* root_of_error(Value* square);
    Value* growth_by_error(Value* control, Value* error_root, Value* accepted);
    void explicit_stages(Value* t, Value* h, const Values& y, std::vector<Values>& k, Values& last,
                         Values& y1);
    void rosenbrock_stages(Value* t, Value* h, const Values& y, std::vector<Values>& u, Values& y1);
    Value* stiffness(Value* h, const Values& f1, const Values& f_last, const Values& y1,
                     const Values& y_last);

    // ---- the matrix of implicit methods ----
    void prepare_matrix();
    void factorise(Value* t, Value* h, const Values& y);
    void solve(Values& x);

    const OdeSystem& system_;
    Graph graph_;              // the system's, and what steps make of it:
    std::vector<NodeId> rhs_;  // [states]
    const StepMethod& method_;
    const WorkLayout layout_;
    const std::size_t n_;
    std::unique_ptr<llvm::Module> module_;
    llvm::IRBuilder<> in_;
    llvm::Type *type_, *small_type_;  // of doubles and of floats, one a lane
    unsigned lanes_;
    Value* p_ = nullptr;
    Value *rtol_ = nullptr, *atol_ = nullptr;

    std::vector<NodeId> jacobian_;      // one a structural non-zero
    std::vector<NodeId> by_time_;       // [states] d rhs / d t
    std::vector<std::uint32_t> order_;  // of elimination
    std::map<Entry, Value*> matrix_;    // its factors
    Values inverse_pivots_;
};

Values StepEmitter::load_all(Value* array, std::size_t row) {
    Values x(n_);
    for (std::size_t i = 0; i < n_; ++i) x[i] = load(array, row + i);
    return x;
}

void StepEmitter::store_all(const Values& x, Value* array, std::size_t row) {
    for (std::size_t i = 0; i < n_; ++i) store(x[i], array, row + i);
}

Value* StepEmitter::bits(Value* condition) {
    return in_.CreateZExt(in_.CreateBitCast(condition, in_.getIntNTy(lanes_)), in_.getInt64Ty());
}

// ---- the model ----

Values StepEmitter::values_of(const std::vector<NodeId>& nodes, Value* t, const Values& y) {
    Expressions expressions(graph_, in_, type_, [&](NodeId id) -> Value* {
        const Node node = graph_[id];
        if (node.op == Op::time) return t;
        if (node.symbol.kind == Symbol::Kind::state) return y[node.symbol.index];
        return load(p_, node.symbol.index);
    });
    for (const NodeId id : reachable(graph_, nodes))
        if (!graph_.is_leaf(id)) expressions.compute(id);
    Values values;
    for (const NodeId id : nodes) values.push_back(expressions.value(id));
    return values;
}

// ---- parts of a step ----

// sum + the weighted values of one state, zeros left out; null if nothing is left.
Value* StepEmitter::weigh(const std::vector<double>& weights, const std::vector<Values>& k, std::size_t state,
                          Value* sum) {
    for (std::size_t j = 0; j < weights.size(); ++j) {
        if (weights[j] == 0) continue;
        Value* weight = number(weights[j]);
        if (sum) {
            sum = weights[j] == 1 ? in_.CreateFAdd(sum, k[j][state]) : fma(weight, k[j][state], sum);
        } else {
            sum = in_.CreateFMul(weight, k[j][state]);
        }
    }
    return sum;
}

Values StepEmitter::stage_state(const Stage& stage, const Values& y, const std::vector<Values>& k, Value* h) {
    Values at(n_);
    for (std::size_t i = 0; i < n_; ++i) {
        if (method_.implicit()) {
            at[i] = weigh(stage.a, k, i, y[i]);
        } else {
            Value* slope = weigh(stage.a, k, i);
            at[i] = slope ? fma(h, slope, y[i]) : y[i];
        }
    }
    return at;
}

Value* StepEmitter::stage_time(const Stage& stage, Value* t, Value* h) {
    if (stage.c == 0) return t;
    return stage.c == 1 ? in_.CreateFAdd(t, h) : fma(number(stage.c), h, t);
}

// The square of the error, in units of what is allowed. The two estimates of dop853 are combined as its
// source does.
Value* StepEmitter::squared_error(const Values& y, const Values& y1, const std::vector<Values>& k, Value* h) {
    std::vector<Value*> sums(method_.errors.size(), number(0));
    for (std::size_t i = 0; i < n_; ++i) {
        Value* size = larger(unary(llvm::Intrinsic::fabs, y[i]), unary(llvm::Intrinsic::fabs, y1[i]));
        Value* allowed = fma(rtol_, size, load(atol_, i));
        Value* scale = in_.CreateFDiv(number(1), allowed);
        for (std::size_t e = 0; e < sums.size(); ++e) {
            Value* error = in_.CreateFMul(weigh(method_.errors[e], k, i), scale);
            sums[e] = fma(error, error, sums[e]);
        }
    }
    const auto n = static_cast<double>(n_);
    Value* square = nullptr;
    if (sums.size() == 1) {
        square = in_.CreateFMul(sums[0], number(1 / n));
    } else {
        Value* both = fma(number(0.01), sums[1], sums[0]);
        square = in_.CreateFDiv(in_.CreateFMul(sums[0], sums[0]), fma(both, number(n), number(1e-300)));
    }
    return method_.implicit() ? square : in_.CreateFMul(square, in_.CreateFMul(h, h));
}

// error^(1 / error_order), to some digits: floats do, and their roots take half the time.
Value* StepEmitter::root_of_error(Value* square) {
    // A NaN counts as the largest error.
    Value* bounded = larger(smaller(square, number(1e16)), number(1e-16));
    Value* x = root(in_.CreateFPTrunc(bounded, small_type_));
    Value* eighth = root(root(root(x)));
    if (method_.error_order == 8) return eighth;
    // Of order 5: Newton's iteration for z^-5 = x from z = x^(-3/16).
    const auto small = [&](double value) { return llvm::ConstantFP::get(small_type_, value); };
    Value* z = in_.CreateFDiv(small(1), in_.CreateFMul(eighth, root(eighth)));
    Value* fifth = in_.CreateFMul(x, small(-0.2));
    for (int i = 0; i < 3; ++i) {
        Value* square_of_z = in_.CreateFMul(z, z);
        Value* power = in_.CreateFMul(in_.CreateFMul(square_of_z, square_of_z), z);
        z = in_.CreateFMul(z, in_.CreateFAdd(in_.CreateFMul(fifth, power), small(1.2)));
    }
    return in_.CreateFDiv(small(1), z);
}

// Of h, from the root of the error. Where stability holds h back, explicit methods would take too long a step
// every few steps, so how the root changes counts as well: root_before^(1/4) / root^(3/4), a proportional and
// integral controller (Gustafsson, ACM TOMS 17 (1991) 533), for which implicit methods have no use. With
// either safety much the same errors repeat themselves: 0.94^2 is about 0.9.
Value* StepEmitter::growth_by_error(Value* control, Value* error_root, Value* accepted) {
    const auto growth = [&](double safety, Value* above, Value* below) {
        return in_.CreateFMul(number(safety), in_.CreateFPExt(in_.CreateFDiv(above, below), type_));
    };
    Value* one = llvm::ConstantFP::get(small_type_, 1);
    if (method_.implicit()) return growth(0.9, one, error_root);
    Value *half = root(error_root), *quarter = root(half);
    Value* before = load(control, StepRow::quarter_root);
    store(in_.CreateSelect(accepted, in_.CreateFPExt(quarter, type_), before), control,
          StepRow::quarter_root);
    return growth(0.94, in_.CreateSelect(accepted, in_.CreateFPTrunc(before, small_type_), one),
                  in_.CreateSelect(accepted, in_.CreateFMul(half, quarter), error_root));
}

void StepEmitter::explicit_stages(Value* t, Value* h, const Values& y, std::vector<Values>& k, Values& last,
                                  Values& y1) {
    for (std::size_t i = 1; i < method_.stages.size(); ++i) {
        const Stage& stage = method_.stages[i];
        last = stage_state(stage, y, k, h);
        k.push_back(values_of(rhs_, stage_time(stage, t, h), last));
    }
    y1 = stage_state({1, method_.b}, y, k, h);
}

// The dominant eigenvalue's |h lambda|, from two evaluations at the end of the step, against the method's
// bound (Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.2).
Value* StepEmitter::stiffness(Value* h, const Values& f1, const Values& f_last, const Values& y1,
                              const Values& y_last) {
    Value *slopes = number(0), *states = number(0);
    for (std::size_t i = 0; i < n_; ++i) {
        Value* df = in_.CreateFSub(f1[i], f_last[i]);
        Value* dy = in_.CreateFSub(y1[i], y_last[i]);
        slopes = fma(df, df, slopes);
        states = fma(dy, dy, states);
    }
    Value* left = in_.CreateFMul(in_.CreateFMul(h, h), slopes);
    return in_.CreateFCmpOGT(left, in_.CreateFMul(number(method_.stability * method_.stability), states));
}

// ---- the matrix of implicit methods ----

void StepEmitter::prepare_matrix() {
    std::vector<Entry> places;
    for (std::uint32_t i = 0; i < n_; ++i) places.push_back({i, i});
    for (std::uint32_t column = 0; column < n_; ++column)
        for (auto k = system_.column_start[column]; k < system_.column_start[column + 1]; ++k)
            places.push_back({system_.row_index[k], column});
    order_ = elimination_order(static_cast<std::uint32_t>(n_), places);
    by_time_.assign(n_, graph_.number(0));
    const auto derivatives = gradients(graph_, system_.rhs, By::states_and_time);
    for (std::size_t i = 0; i < n_; ++i)
        if (!derivatives[i].empty() && derivatives[i].back().first == time_state)
            by_time_[i] = derivatives[i].back().second;
    by_time_ = gather_fixed_factors(graph_, by_time_);
    jacobian_ = gather_fixed_factors(graph_, system_.jacobian);
}

// 1 / (h gamma) - J into its factors: below the diagonal, multipliers.
void StepEmitter::factorise(Value* t, Value* h, const Values& y) {
    const Values jacobian = values_of(jacobian_, t, y);
    Value* diagonal = in_.CreateFDiv(number(1 / method_.gamma), h);
    for (std::uint32_t i = 0; i < n_; ++i) matrix_[{i, i}] = diagonal;
    for (std::uint32_t column = 0; column < n_; ++column) {
        for (auto k = system_.column_start[column]; k < system_.column_start[column + 1]; ++k) {
            const std::uint32_t row = system_.row_index[k];
            matrix_[{row, column}] =
                row == column ? in_.CreateFSub(diagonal, jacobian[k]) : in_.CreateFNeg(jacobian[k]);
        }
    }
    inverse_pivots_.resize(n_);
    for (std::uint32_t k = 0; k < n_; ++k) {
        const std::uint32_t pivot = order_[k];
        inverse_pivots_[pivot] = in_.CreateFDiv(number(1), matrix_.at({pivot, pivot}));
        for (std::uint32_t i = k + 1; i < n_; ++i) {
            const std::uint32_t row = order_[i];
            const auto below = matrix_.find({row, pivot});
            if (below == matrix_.end()) continue;
            below->second = in_.CreateFMul(below->second, inverse_pivots_[pivot]);
            Value* minus = in_.CreateFNeg(below->second);
            for (std::uint32_t j = k + 1; j < n_; ++j) {
                const auto right = matrix_.find({pivot, order_[j]});
                if (right == matrix_.end()) continue;
                Value*& entry = matrix_[{row, order_[j]}];
                entry = entry ? fma(minus, right->second, entry) : in_.CreateFMul(minus, right->second);
            }
        }
    }
}

void StepEmitter::solve(Values& x) {
    const auto reduce = [&](std::uint32_t row, std::uint32_t column) {
        const auto entry = matrix_.find({row, column});
        if (entry != matrix_.end()) x[row] = fma(in_.CreateFNeg(entry->second), x[column], x[row]);
    };
    for (std::uint32_t k = 0; k < n_; ++k)
        for (std::uint32_t i = k + 1; i < n_; ++i) reduce(order_[i], order_[k]);
    for (std::uint32_t k = static_cast<std::uint32_t>(n_); k-- > 0;) {
        for (std::uint32_t j = k + 1; j < n_; ++j) reduce(order_[k], order_[j]);
        x[order_[k]] = in_.CreateFMul(x[order_[k]], inverse_pivots_[order_[k]]);
    }
}

void StepEmitter::rosenbrock_stages(Value* t, Value* h, const Values& y, std::vector<Values>& u, Values& y1) {
    factorise(t, h, y);
    const Values by_time = values_of(by_time_, t, y);
    Value* inverse_h = in_.CreateFDiv(number(1), h);
    for (std::size_t s = 0; s < method_.stages.size(); ++s) {
        const Stage& stage = method_.stages[s];
        y1 = stage_state(stage, y, u, h);
        Values right = values_of(rhs_, stage_time(stage, t, h), y1);
        for (std::size_t i = 0; i < n_; ++i) {
            if (Value* coupled = weigh(method_.c[s], u, i)) right[i] = fma(inverse_h, coupled, right[i]);
            if (method_.d[s] != 0 && !graph_.is_number(by_time_[i], 0))
                right[i] = fma(in_.CreateFMul(number(method_.d[s]), h), by_time[i], right[i]);
        }
        solve(right);
        u.push_back(std::move(right));
    }
    y1 = stage_state({1, method_.b}, y, u, h);
}

// ---- the functions ----

void StepEmitter::emit_step() {
    llvm::Function* function = begin("step", in_.getInt64Ty(), 5);
    Value *control = function->getArg(0), *y_rows = function->getArg(1), *work = function->getArg(4);
    p_ = function->getArg(2);
    atol_ = function->getArg(3);
    Value* t = load(control, StepRow::t);
    Value* asked = load(control, StepRow::h);
    Value* end = load(control, StepRow::end);
    rtol_ = load(control, StepRow::rtol);
    Value* rest = in_.CreateFSub(end, t);
    Value* last_one = in_.CreateFCmpOGE(in_.CreateFMul(asked, number(stretch)), rest);
    Value* h = in_.CreateSelect(last_one, rest, asked);

    const Values y = load_all(y_rows, 0);
    Values y1, y_last;
    std::vector<Values> k;
    if (method_.implicit()) {
        rosenbrock_stages(t, h, y, k, y1);
    } else {
        k.push_back(load_all(work, layout_.slope));
        explicit_stages(t, h, y, k, y_last, y1);
    }
    Value* t1 = in_.CreateSelect(last_one, end, in_.CreateFAdd(t, h));
    Values f1 = k.front();
    if (!method_.implicit()) {
        f1 = values_of(rhs_, t1, y1);
        k.push_back(f1);
    }
    Value* error = squared_error(y, y1, k, h);
    Value* accepted = in_.CreateFCmpOLE(error, number(1));
    Value* growth = load(control, StepRow::growth);
    Value* asked_growth = growth_by_error(control, root_of_error(error), accepted);
    Value* factor = smaller(larger(asked_growth, number(least_factor)), growth);
    Value* ended = bits(in_.CreateAnd(accepted, last_one));
    Value* mask = in_.CreateOr(bits(accepted), in_.CreateShl(ended, 16));

    if (!method_.implicit()) {
        Value* held = stiffness(h, f1, k[method_.stages.size() - 1], y1, y_last);
        Value* before = load(control, StepRow::stiff);
        Value* less = larger(in_.CreateFSub(before, number(stiff_forget)), number(0));
        Value* evidence = in_.CreateSelect(held, in_.CreateFAdd(before, number(1)), less);
        store(in_.CreateSelect(accepted, evidence, before), control, StepRow::stiff);
        Value* stiff = bits(in_.CreateFCmpOGE(evidence, number(stiff_steps)));
        mask = in_.CreateOr(mask, in_.CreateShl(stiff, 32));
        for (std::size_t i = 0; i < n_; ++i) k.back()[i] = in_.CreateSelect(accepted, f1[i], k.front()[i]);
    }
    store(t, control, StepRow::t_before);
    store(h, control, StepRow::h_taken);
    store(in_.CreateSelect(accepted, t1, t), control, StepRow::t);
    store(in_.CreateFMul(h, factor), control, StepRow::h);
    store(in_.CreateSelect(accepted, number(largest_growth), number(1)), control, StepRow::growth);
    store_all(y, work, layout_.y_before);
    for (std::size_t s = 0; s < k.size(); ++s) store_all(k[s], work, layout_.k + s * n_);
    for (std::size_t i = 0; i < n_; ++i) store(in_.CreateSelect(accepted, y1[i], y[i]), y_rows, i);
    in_.CreateRet(mask);
}

void StepEmitter::emit_dense() {
    llvm::Function* function = begin("dense", in_.getVoidTy(), 4);
    Value *control = function->getArg(0), *work = function->getArg(2), *out = function->getArg(3);
    p_ = function->getArg(1);
    Value* t = load(control, StepRow::t_before);
    Value* h = load(control, StepRow::h_taken);
    const Values y = load_all(work, layout_.y_before);
    std::vector<Values> k;
    for (std::size_t s = 0; s < layout_.stage_rows; ++s) k.push_back(load_all(work, layout_.k + s * n_));
    for (const Stage& stage : method_.dense_stages)
        k.push_back(values_of(rhs_, stage_time(stage, t, h), stage_state(stage, y, k, h)));
    store_all(y, out, 0);
    for (std::size_t d = 0; d < method_.degree(); ++d) {
        for (std::size_t i = 0; i < n_; ++i) {
            Value* coefficient = weigh(method_.dense[d], k, i);
            if (!method_.implicit()) coefficient = in_.CreateFMul(h, coefficient);
            store(coefficient, out, (d + 1) * n_ + i);
        }
    }
    in_.CreateRetVoid();
}

}  // namespace

std::unique_ptr<llvm::Module> emit_steps(const OdeSystem& system, const StepMethod& method, int lanes,
                                         llvm::LLVMContext& context) {
    StepEmitter emitter(system, method, lanes, context);
    emitter.emit_step();
    emitter.emit_dense();
    return emitter.take();
}

}  // namespace rondo
