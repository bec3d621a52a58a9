// expressions.cpp: the value of each form of expression.
#include <algorithm>

#include "runtime/study/elementary.h"
#include "runtime/study/interpreter.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

// A verb as a value, so that it can be handed to another: map(sqrt, xs).
class VerbValue : public Object {
  public:
    explicit VerbValue(Verb verb) : verb_(std::move(verb)) {}
    std::string_view type() const override { return "function"; }
    std::string print() const override { return "function " + verb_.name; }
    bool callable() const override { return true; }
    Value call(Call& call) const override {
        call.verb = verb_.name;
        call.bind(verb_.parameters);
        return verb_.run(call);
    }
    void identify(Identity& identity) const override { identity.add(verb_.name); }

  private:
    Verb verb_;
};

}  // namespace

Value Interpreter::evaluate(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::number: return expr.value;
        case ExprKind::string: return evaluate_string(expr);
        case ExprKind::name: return evaluate_name(expr);
        case ExprKind::unary: {
            const Value x = evaluate(*expr.children[0]);
            return at(expr.span, [&] { return unary(expr.text, x); });
        }
        case ExprKind::binary:
            return expr.text == "&&" || expr.text == "||" ? evaluate_logic(expr) : evaluate_binary(expr);
        case ExprKind::call: return evaluate_call(expr);
        case ExprKind::list: {
            List items;
            for (const auto& child : expr.children) items.push_back(evaluate(*child));
            return at(expr.span, [&] { return Value(std::move(items)); });
        }
        case ExprKind::record: return evaluate_record(expr);
        case ExprKind::index: {
            const Value x = evaluate(*expr.children[0]), index = evaluate(*expr.children[1]);
            return at(expr.children[1]->span, [&] { return item(x, index); });
        }
        case ExprKind::field: {
            const Value x = evaluate(*expr.children[0]);
            return at(expr.text_span, [&] { return field(x, expr.text); });
        }
        case ExprKind::range: return evaluate_range(expr);
        case ExprKind::with: return evaluate_with(expr);
        case ExprKind::function: return at(expr.span, [&] { return Value(make_function(expr.function)); });
        case ExprKind::concentration:
            return at(expr.span, [&]() -> Value {
                throw Mistake("'[" + expr.text +
                              "]' is a concentration in a model; it has no value in a study");
            });
    }
    return {};
}

Value Interpreter::evaluate_string(const Expr& expr) {
    if (expr.children.empty()) return expr.text;
    std::string text;
    for (const auto& part : expr.children) text += to_text(evaluate(*part));
    return text;
}

Value Interpreter::evaluate_name(const Expr& expr) {
    if (const Value* value = look_up(expr.text)) return *value;
    if (const auto value = elementary_constant(expr.text)) return *value;
    if (const Verb* verb = find_verb(expr.text))
        return Value(std::shared_ptr<const Object>(std::make_shared<const VerbValue>(*verb)));
    return at(expr.span, [&]() -> Value { fail_unknown(expr.text, expr.text_span); });
}

Value Interpreter::evaluate_binary(const Expr& expr) {
    const Value x = evaluate(*expr.children[0]), y = evaluate(*expr.children[1]);
    return at(expr.span, [&] { return binary(expr.text, x, y); });
}

// Short circuit: `x != 0 and 1 / x > 2` does not divide by 0. Masks have none.
Value Interpreter::evaluate_logic(const Expr& expr) {
    const Value x = evaluate(*expr.children[0]);
    const auto* decided = x.get_if<bool>();
    if (decided && *decided == (expr.text == "||")) return x;
    const Value y = evaluate(*expr.children[1]);
    return at(expr.span, [&] { return logic(expr.text, x, y); });
}

Value Interpreter::evaluate_range(const Expr& expr) {
    const Value first = evaluate(*expr.children[0]), last = evaluate(*expr.children[1]);
    return at(expr.span, [&]() -> Value {
        const auto *a = first.get_if<double>(), *b = last.get_if<double>();
        if (a && b) return Range{*a, *b};
        throw Mistake("a range needs two numbers, not " + with_article((a ? last : first).type()));
    });
}

Value Interpreter::evaluate_record(const Expr& expr) {
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        const Argument& argument = expr.arguments[i];
        const auto same = [&](const Argument& other) {
            return !argument.spread && other.name == argument.name;
        };
        if (std::none_of(expr.arguments.begin(), expr.arguments.begin() + static_cast<std::ptrdiff_t>(i),
                         same))
            continue;
        at(argument.name_span,
           [&] { throw Mistake("the record has the field '" + argument.name + "' twice"); });
    }
    Record record;
    for (auto& given : evaluate_arguments(expr.arguments))
        record.emplace_back(std::move(given.name), std::move(given.value));
    return at(expr.span, [&] { return Value(std::move(record)); });
}

Value Interpreter::evaluate_with(const Expr& expr) {
    const Value x = evaluate(*expr.children[0]);
    const Call call = make_call("with", expr.span, evaluate_arguments(expr.arguments));
    return at(expr.span, [&]() -> Value {
        const auto* object = x.get_if<Object>();
        auto changed = object ? object->with(call) : std::nullopt;
        if (!changed)
            throw Mistake("'with' does not work on " + with_article(x.type()),
                          "models have it: m with (k = 2)");
        return *changed;
    });
}

}  // namespace rondo
