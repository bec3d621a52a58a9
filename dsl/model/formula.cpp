// formula.cpp: what operators and function names of the text mean.
#include "dsl/model/formula.h"

#include <algorithm>
#include <array>

#include "dsl/model/resolve.h"
#include "dsl/model/unit.h"

namespace rondo {

namespace {

constexpr int max_mixed_chains = 4;  // each doubles the operands between its comparisons

struct Sign {
    std::string_view sign;
    Op op;
};

constexpr Sign signs[] = {{"+", Op::plus},      {"-", Op::minus}, {"*", Op::times}, {"/", Op::divide},
                          {"%", Op::remainder}, {"^", Op::power}, {"<", Op::lt},    {"<=", Op::leq},
                          {">", Op::gt},        {">=", Op::geq},  {"==", Op::eq},   {"!=", Op::neq},
                          {"&&", Op::and_},     {"||", Op::or_}};

Op op_of(const Expr& expr) {
    return std::find_if(std::begin(signs), std::end(signs),
                        [&](const Sign& s) { return s.sign == expr.text; })
        ->op;
}

bool is_comparison(const Expr& expr) {
    return expr.kind == ExprKind::binary && info(op_of(expr)).precedence == 2;
}

bool flattens(Op op) {
    return op == Op::plus || op == Op::times || op == Op::and_ || op == Op::or_;
}

std::string count(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " argument" : " arguments");
}

// "1 argument", "at least 2 arguments"
std::string taken_by(const OpInfo& op) {
    if (op.max_arity == op.min_arity) return count(op.min_arity);
    return "at least " + count(op.min_arity);
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (int op = 0; op <= static_cast<int>(Op::call); ++op) {
        const OpInfo& row = info(static_cast<Op>(op));
        if (function_named(row.name)) names.emplace_back(row.name);
    }
    names.insert(names.end(), {"pow", "sqr", "ceiling", "power"});
    return names;
}

}  // namespace

MathPtr MathReader::wrong(Span span, std::string message, std::string help) {
    diagnostics_->error(span, std::move(message), std::move(help));
    return make_math(Op::notanumber, {}, span);
}

MathPtr MathReader::wrong_count(const Expr& call, const std::string& takes) {
    return wrong(call.span,
                 "'" + call.text + "' takes " + takes + ", not " + std::to_string(call.arguments.size()));
}

MathPtr MathReader::unknown_function(const Expr& call) {
    auto candidates = function_names();
    for (const auto& [name, arguments] : functions_) candidates.emplace_back(name);
    std::sort(candidates.begin(), candidates.end());
    return wrong(
        call.text_span, "unknown function '" + call.text + "'",
        did_you_mean(call.text, candidates, "a product is written with '*': '" + call.text + "*(...)'"));
}

// Functions without an operation of their own, or with one that depends on the number of arguments.
MathPtr MathReader::read_special(const Expr& call, const std::vector<MathPtr>& args) {
    const std::string& name = call.text;
    if (name == "sqr") {
        if (args.size() != 1) return wrong_count(call, "1 argument");
        return make_math(Op::power, {args[0], make_number(2)}, call.span);
    }
    if (args.size() == 1 && name == "log") return make_math(Op::ln, args, call.span);
    if (args.size() == 1 && name == "root") return make_math(Op::sqrt, args, call.span);
    if (args.size() == 1 && name == "minus") return make_math(Op::negate, args, call.span);
    if (args.size() != 2 && (name == "log" || name == "root" || name == "minus"))
        return wrong_count(call, "1 or 2 arguments");
    return nullptr;
}

MathPtr MathReader::read_call(const Expr& call) {
    std::vector<MathPtr> args;
    for (const Argument& argument : call.arguments) {
        if (!argument.name.empty()) return wrong(argument.name_span, "a formula's arguments have no names");
        if (argument.spread) return wrong(argument.value->span, "'..' has no meaning in a formula");
        args.push_back(read(*argument.value));
    }
    const auto defined = functions_.find(call.text);
    if (defined != functions_.end()) {
        if (defined->second != args.size()) return wrong_count(call, count(defined->second));
        return make_math(Op::call, std::move(args), call.span, call.text);
    }
    if (MathPtr special = read_special(call, args)) return special;
    if (is_distribution(call.text)) return make_math(Op::draw, std::move(args), call.span, call.text);
    const auto op = function_named(call.text);
    if (!op) return unknown_function(call);
    const OpInfo& row = info(*op);
    const int given = static_cast<int>(args.size());
    if (given < row.min_arity || (row.max_arity >= 0 && given > row.max_arity))
        return wrong_count(call, taken_by(row));
    return make_math(*op, std::move(args), call.span);
}

// a < b < c holds if both do; (a < b) < c is something else.
MathPtr MathReader::read_comparisons(const Expr& expr) {
    std::vector<const Expr*> chain{&expr};  // right to left
    while (is_comparison(*chain.back()->children[0]) && !chain.back()->children[0]->grouped)
        chain.push_back(chain.back()->children[0].get());
    std::reverse(chain.begin(), chain.end());
    const Op first = op_of(*chain[0]);
    const bool mixed = chain.size() > 1 &&
                       (first == Op::neq || std::any_of(chain.begin(), chain.end(),
                                                        [&](const Expr* e) { return op_of(*e) != first; }));
    if (mixed && mixed_chains_ >= max_mixed_chains)
        return wrong(expr.span, "comparisons are chained inside each other", "write 'a < b && b == c'");
    mixed_chains_ += mixed;
    std::vector<MathPtr> operands{read(*chain[0]->children[0])};
    for (const Expr* comparison : chain) operands.push_back(read(*comparison->children[1]));
    mixed_chains_ -= mixed;
    if (!mixed) return make_math(first, std::move(operands), expr.span);
    std::vector<MathPtr> pairs;
    for (std::size_t i = 0; i < chain.size(); ++i)
        pairs.push_back(make_math(op_of(*chain[i]), {operands[i], operands[i + 1]}, chain[i]->span));
    return make_math(Op::and_, std::move(pairs), expr.span);
}

// Walks down the left side without recursion: a sum may have thousands of terms.
MathPtr MathReader::read_binary(const Expr& expr) {
    if (is_comparison(expr)) return read_comparisons(expr);
    std::vector<const Expr*> spine{&expr};
    while (spine.back()->children[0]->kind == ExprKind::binary && !is_comparison(*spine.back()->children[0]))
        spine.push_back(spine.back()->children[0].get());
    MathPtr left = read(*spine.back()->children[0]);
    while (!spine.empty()) {
        const Op op = op_of(*spine.back());
        std::vector<MathPtr> args{left};
        Span span;
        do {
            span = spine.back()->span;
            args.push_back(read(*spine.back()->children[1]));
            spine.pop_back();
        } while (flattens(op) && !spine.empty() && op_of(*spine.back()) == op);
        left = make_math(op, std::move(args), span);
    }
    return left;
}

MathPtr MathReader::read(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::number:
            if (expr.text.empty()) return make_number(expr.value, expr.span);
            return make_quantity(expr.value, unit_name(expr.text), expr.span);
        case ExprKind::name:
            if (const auto constant = constant_named(expr.text)) return make_math(*constant, {}, expr.span);
            return make_symbol(expr.text, expr.span);
        case ExprKind::unary: {
            const MathPtr operand = read(*expr.children[0]);
            if (expr.text == "+") return operand;
            return make_math(expr.text == "-" ? Op::negate : Op::not_, {operand}, expr.span);
        }
        case ExprKind::binary: return read_binary(expr);
        case ExprKind::call: return read_call(expr);
        case ExprKind::concentration:
            return wrong(expr.span, "'[" + expr.text + "]' stands alone, outside formulas");
        default: return wrong(expr.span, "this cannot stand in a model's formula");
    }
}

MathPtr to_math(const Expr& expr, const std::vector<FunctionDefinition>& functions,
                Diagnostics& diagnostics) {
    MathReader reader(diagnostics);
    for (const FunctionDefinition& function : functions)
        reader.add_function(function.id, function.arguments.size());
    return reader.read(expr);
}

void for_each_symbol(const Math& math, const std::function<void(const Math&)>& visit) {
    if (math.op == Op::symbol) visit(math);
    for (const MathPtr& argument : math.args) for_each_symbol(*argument, visit);
}

std::vector<std::string> symbol_names(const Math& math) {
    std::vector<std::string> names;
    for_each_symbol(math, [&](const Math& symbol) { names.push_back(symbol.name); });
    return names;
}

}  // namespace rondo
