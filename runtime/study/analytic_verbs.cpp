// analytic_verbs.cpp: oracle: a function of the study, compiled, over a box; or what a surrogate says.
#include <algorithm>

#include "jit/steps.h"
#include "runtime/stability/predict.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"
#include "runtime/study/objects.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

class AnalyticOracle : public Oracle {
  public:
    AnalyticOracle(Box over, std::vector<std::string> labels, std::vector<std::string> arguments,
                   Value function, std::shared_ptr<const CompiledProcedure> procedure)
        : Oracle(std::move(over), std::move(labels)),
          arguments_(std::move(arguments)),
          function_(std::move(function)),
          procedure_(std::move(procedure)) {}

    std::string print() const override { return "oracle of " + joined(targets) + ": " + to_text(function_); }

    void identify(Identity& identity) const override {
        rondo::identify(box, identity);
        function_.identify(identity);
        for (const auto& name : targets) identity.add(name);
    }

    Table label(const Table& points, Environment& environment) const override {
        std::vector<std::span<const double>> columns;
        for (const auto& name : arguments_) columns.push_back(points.numbers(name));
        auto values = procedure_->evaluate(columns, environment.executor);
        environment.work["oracle"].computed += points.rows();
        Table labelled = points;
        for (std::size_t i = 0; i < targets.size(); ++i) labelled.set(targets[i], std::move(values[i]));
        return labelled;
    }

  private:
    std::vector<std::string> arguments_;  // of the function, in its order
    Value function_;
    std::shared_ptr<const CompiledProcedure> procedure_;
};

// Labels by a surrogate, so that others learn from it.
class SurrogateOracle : public Oracle {
  public:
    // teacher: a SurrogateValue.
    explicit SurrogateOracle(Value teacher)
        : Oracle(of(teacher).surrogate.box, of(teacher).surrogate.outputs), teacher_(std::move(teacher)) {}

    std::string print() const override { return "oracle of " + joined(targets) + ": " + to_text(teacher_); }
    void identify(Identity& identity) const override {
        identity.add("surrogate");
        teacher_.identify(identity);
    }

    Table label(const Table& points, Environment& environment) const override {
        const Table predicted =
            predict_points(of(teacher_).surrogate, points, "points", environment.executor,
                           [&](const std::string& text) { environment.warn("oracle: " + text); });
        environment.work["oracle"].computed += points.rows();
        Table labelled = points;
        for (const auto& name : targets) labelled.set(name, predicted.at(name).numbers());
        return labelled;
    }

  private:
    static const SurrogateValue& of(const Value& teacher) { return *object_if<SurrogateValue>(teacher); }

    Value teacher_;
};

// The function's arguments: the axes of the box, in the function's own order; others behind them have values.
std::vector<std::string> arguments_of(const Call& call, const Function& function, const Box& box) {
    const auto axes = box.names();
    std::vector<std::string> arguments;
    for (const auto& parameter : function.tree->parameters) {
        if (std::ranges::count(axes, parameter.name)) {
            arguments.push_back(parameter.name);
            continue;
        }
        if (parameter.fallback) break;
        call.fail_at("over",
                     "the function has an argument '" + parameter.name + "', which is no axis of the box",
                     "give the box such an axis, or the argument a value");
    }
    for (const auto& axis : axes)
        if (!std::ranges::count(arguments, axis))
            call.fail_at("over", "the box has an axis '" + axis + "', which is no argument of the function");
    return arguments;
}

// The outputs of the function, by name.
Record outputs_of(const Call& call, const Value& value) {
    if (const auto* record = value.get_if<Record>()) {
        if (call.has("of"))
            call.fail_at("of", "the function gives a record, whose fields have names already");
        return *record;
    }
    const auto list = list_of_values(value);
    const List values = list ? *list : List{value};
    const auto names = call.has("of") ? call.texts("of") : std::vector<std::string>{"value"};
    if (names.size() != values.size())
        call.fail_at("of", "the function gives " + std::to_string(values.size()) + " numbers; 'of' names " +
                               std::to_string(names.size()));
    Record outputs;
    for (std::size_t i = 0; i < names.size(); ++i) outputs.emplace_back(names[i], values[i]);
    return outputs;
}

// oracle(function(x, y) ... end, over = box(x = 0..1, y = 0..2), of = "z") or oracle(surrogate)
Value run_oracle(Call& call) {
    if (object_if<SurrogateValue>(call.value("function"))) {
        for (const char* name : {"over", "of"})
            if (call.has(name)) call.fail_at(name, std::string("a surrogate has its own '") + name + "'");
        return make_object(SurrogateOracle(call.value("function")));
    }
    const auto* function = call.value("function").get_if<Function>();
    if (!function) call.fail_type("function", "function of the study or a surrogate");
    const Box& box = call.object<BoxValue>("over", "box").box;
    const auto arguments = arguments_of(call, *function, box);
    const auto tracing = std::make_shared<Tracing>();
    std::vector<Value> unknowns;
    for (const auto& name : arguments) unknowns.push_back(unknown(tracing, name));
    tracing->procedure.arguments = tracing->procedure.parameters;
    std::vector<std::string> targets;
    for (const auto& [name, value] : outputs_of(call, call.apply(call.value("function"), unknowns))) {
        if (std::ranges::count(arguments, name))
            call.fail_at("function", "'" + name + "' is an axis of the box and cannot be a label too");
        const auto* formula = object_if<FormulaValue>(value);
        if (!value.get_if<double>() && !(formula && !formula->truth))
            call.fail_at("function", "the function gives " + with_article(value.type()) + " as '" + name +
                                         "'; a label is a number");
        targets.push_back(name);
        tracing->procedure.outputs.push_back(to_node(*tracing, value));
    }
    auto procedure = std::make_shared<const CompiledProcedure>(std::move(tracing->procedure), native_lanes());
    return make_object(
        AnalyticOracle(box, std::move(targets), arguments, call.value("function"), std::move(procedure)));
}

}  // namespace

void add_analytic_verbs(Verbs& verbs) {
    verbs["oracle"] = {"oracle", {"function", "over", "of"}, run_oracle};
}

}  // namespace rondo
