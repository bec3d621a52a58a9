// elementary.cpp: operations on values. What they mean in numbers is the expression graph's business, so a
// formula gives the same value in a study and in a model.
#include "runtime/study/elementary.h"

#include <map>
#include <memory>

#include "dsl/model/resolve.h"
#include "jit/graph/formula.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

// An operation, or what a function's name means, as a formula of its operands x0, x1, ..., which are the
// graph's parameters.
class Elementary {
  public:
    explicit Elementary(MathPtr math) : math_(std::move(math)), root_(read(graph_)) {
        const auto operands = graph_.operands(root_);
        direct_ = !operands.empty();
        for (std::size_t i = 0; i < operands.size(); ++i)
            direct_ = direct_ && operands[i] == graph_.parameter(static_cast<std::uint32_t>(i));
    }

    double operator()(std::span<const double> x) const {
        return direct_ ? apply_to_numbers(graph_[root_].op, x) : evaluate(graph_, root_, 0, {}, x);
    }
    // Of nodes of another graph.
    NodeId of(Graph& graph, std::span<const NodeId> x) const {
        return NodeReader(graph, {}).read(*math_, [&](const std::string& name) { return x[number(name)]; });
    }
    Op op() const { return math_->op; }

  private:
    static std::uint32_t number(const std::string& operand) {
        return static_cast<std::uint32_t>(std::stoul(operand.substr(1)));
    }
    NodeId read(Graph& graph) const {
        return NodeReader(graph, {}).read(
            *math_, [&](const std::string& name) { return graph.parameter(number(name)); });
    }

    MathPtr math_;
    Graph graph_;
    NodeId root_;
    bool direct_;  // a single operation on the operands in order: no need to walk the graph
};

std::string operand_name(std::size_t i) {
    return "x" + std::to_string(i);
}

const Elementary& elementary_of(Op op, std::size_t count) {
    thread_local std::map<std::pair<Op, std::size_t>, Elementary> known;
    const auto found = known.find({op, count});
    if (found != known.end()) return found->second;
    std::vector<MathPtr> operands;
    for (std::size_t i = 0; i < count; ++i) operands.push_back(make_symbol(operand_name(i)));
    return known.emplace(std::pair(op, count), Elementary(make_math(op, operands))).first->second;
}

bool is_comparison(Op op) {
    return op == Op::eq || op == Op::neq || op == Op::lt || op == Op::leq || op == Op::gt || op == Op::geq;
}

bool is_logic(Op op) {
    return op == Op::and_ || op == Op::or_ || op == Op::xor_ || op == Op::not_ || op == Op::implies;
}

bool takes_truth(Op op, std::size_t operand, std::size_t count) {
    if (op == Op::piecewise) return operand % 2 == 1 && operand < count;
    return is_logic(op);
}

// One operand: a number for all items, or a number an item. Truth values count as 1 and 0.
struct Operand {
    double one = 0;
    Numbers many;
    bool is_list = false;
    double operator[](std::size_t i) const { return is_list ? many[i] : one; }
};

std::optional<Operand> truth_operand(const Value& value) {
    if (const auto* one = value.get_if<bool>()) return Operand{*one ? 1.0 : 0.0, {}, false};
    const auto* none = value.get_if<Numbers>();
    if (none && none->empty()) return Operand{0, {}, true};
    const auto* list = value.get_if<List>();
    if (!list) return std::nullopt;
    Operand operand{0, {}, true};
    for (const Value& item : *list) {
        const auto* one = item.get_if<bool>();
        if (!one) return std::nullopt;
        operand.many.push_back(*one ? 1 : 0);
    }
    return operand;
}

std::optional<Operand> number_operand(const Value& value) {
    if (const auto* one = value.get_if<double>()) return Operand{*one, {}, false};
    if (auto many = list_of_numbers(value)) return Operand{0, std::move(*many), true};
    return std::nullopt;
}

[[noreturn]] void fail_operand(std::string_view name, bool truth, const Value& value) {
    std::string help;
    if (name == "+" && value.get_if<std::string>()) help = "texts are joined in a text: \"{a}{b}\"";
    if (truth && value.get_if<double>()) help = "compare the number with something, such as x > 0";
    throw Mistake("'" + std::string(name) + "' needs " + (truth ? "truth values" : "numbers") + ", not " +
                      with_article(value.type()),
                  help);
}

std::vector<Operand> operands_of(Op op, std::string_view name, std::span<const Value> values) {
    std::vector<Operand> operands;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool truth = takes_truth(op, i, values.size());
        auto operand = truth ? truth_operand(values[i]) : number_operand(values[i]);
        if (!operand) fail_operand(name, truth, values[i]);
        operands.push_back(std::move(*operand));
    }
    return operands;
}

// A list of `size` items beside those of `length`, if there are any yet.
void check_length(std::string_view name, std::optional<std::size_t>& length, std::size_t size) {
    if (length && *length != size) {
        throw Mistake("'" + std::string(name) + "' of lists of " + std::to_string(*length) + " and " +
                      std::to_string(size) + " items; they must have the same length");
    }
    length = size;
}

// Number of items; none if no operand is a list.
std::optional<std::size_t> common_length(std::string_view name, const std::vector<Operand>& operands) {
    std::optional<std::size_t> length;
    for (const Operand& operand : operands)
        if (operand.is_list) check_length(name, length, operand.many.size());
    return length;
}

Value truth_or_number(bool truth, double value) {
    return truth ? Value(value != 0) : Value(value);
}

bool gives_truth(Op op) {
    return is_comparison(op) || is_logic(op);
}

// Operands that are not known yet: nodes, one or, where a list is among them, one an item.
Value traced(const TracingPtr& tracing, const Elementary& formula, std::string_view name,
             std::span<const Value> values) {
    std::vector<std::optional<List>> lists;
    std::optional<std::size_t> length;
    for (const Value& value : values) {
        lists.push_back(list_of_values(value));
        if (lists.back()) check_length(name, length, lists.back()->size());
    }
    std::vector<NodeId> operands(values.size());
    const auto at = [&](std::size_t i) {
        for (std::size_t k = 0; k < values.size(); ++k) {
            const Value& value = lists[k] ? (*lists[k])[i] : values[k];
            const bool truth = takes_truth(formula.op(), k, values.size());
            const auto* unknown = object_if<FormulaValue>(value);
            const bool fits = unknown ? unknown->truth == truth
                              : truth ? value.get_if<bool>() != nullptr
                                      : value.get_if<double>() != nullptr;
            if (!fits) fail_operand(name, truth, value);
            operands[k] = to_node(*tracing, value);
        }
        return from_node(tracing, formula.of(tracing->procedure.graph, operands), gives_truth(formula.op()));
    };
    if (!length) return at(0);
    List results;
    for (std::size_t i = 0; i < *length; ++i) results.push_back(at(i));
    return results;
}

Value apply_elementary(const Elementary& formula, std::string_view name, std::span<const Value> values) {
    if (const TracingPtr tracing = tracing_of_any(values)) return traced(tracing, formula, name, values);
    const bool truth = gives_truth(formula.op());
    const auto operands = operands_of(formula.op(), name, values);
    const auto length = common_length(name, operands);
    std::vector<double> x(operands.size());
    const auto at = [&](std::size_t i) {
        for (std::size_t k = 0; k < x.size(); ++k) x[k] = operands[k][i];
        return formula(x);
    };
    if (!length) return truth_or_number(truth, at(0));
    if (truth) {
        List mask;
        for (std::size_t i = 0; i < *length; ++i) mask.emplace_back(at(i) != 0);
        return mask;
    }
    Numbers numbers(*length);
    for (std::size_t i = 0; i < *length; ++i) numbers[i] = at(i);
    return numbers;
}

// A named function of x0, x1, ...: the reader of models knows its aliases and arities.
Elementary read_named(const std::string& name, std::size_t count) {
    Expr call;
    call.kind = ExprKind::call;
    call.text = name;
    for (std::size_t i = 0; i < count; ++i) {
        auto operand = std::make_shared<Expr>();
        operand->kind = ExprKind::name;
        operand->text = operand_name(i);
        call.arguments.push_back({"", {}, operand});
    }
    Sources sources;
    Diagnostics diagnostics(sources);
    const MathPtr math = to_math(call, {}, diagnostics);
    if (!diagnostics.list().empty()) throw Mistake(diagnostics.list()[0].message, diagnostics.list()[0].help);
    return Elementary(math);
}

const Elementary& named(const std::string& name, std::size_t count) {
    thread_local std::map<std::pair<std::string, std::size_t>, Elementary> known;
    const auto found = known.find({name, count});
    if (found != known.end()) return found->second;
    return known.emplace(std::pair(name, count), read_named(name, count)).first->second;
}

}  // namespace

Value apply(Op op, std::string_view name, std::span<const Value> operands) {
    return apply_elementary(elementary_of(op, operands.size()), name, operands);
}

std::optional<Value> elementary_constant(std::string_view name) {
    const auto op = constant_named(name);
    if (!op || *op == Op::time) return std::nullopt;
    if (*op == Op::true_ || *op == Op::false_) return *op == Op::true_;
    return elementary_of(*op, 0)({});
}

bool is_elementary(std::string_view name) {
    return function_named(name) || name == "sqrt" || name == "sqr";
}

std::vector<std::string> elementary_names() {
    std::vector<std::string> names = {"sqrt"};
    for (int op = 0; op < static_cast<int>(Op::call); ++op) {
        const OpInfo& row = info(static_cast<Op>(op));
        if (function_named(row.name)) names.emplace_back(row.name);
    }
    return names;
}

Value call_elementary(const std::string& name, std::span<const Value> arguments) {
    return apply_elementary(named(name, arguments.size()), name, arguments);
}

}  // namespace rondo
