// equation_verbs.cpp: equation and condition, what a network has to satisfy; losses; spectral, the reference.
#include "runtime/study/equation_verbs.h"

#include <algorithm>

#include "runtime/spectral/spectral.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

constexpr int spectral_version = 1;

// A function of fields, coordinates and further columns of its points.
class ConditionValue : public Object {
  public:
    ConditionValue(Value function_given, Table at, double times)
        : function(std::move(function_given)), points(std::move(at)), weight(times) {}
    std::string_view type() const override { return "condition"; }
    std::string print() const override {
        return "condition at " + std::to_string(points.rows()) + " points: " + to_text(function);
    }
    void identify(Identity& identity) const override {
        function.identify(identity);
        identity.add(points).add(weight);
    }

    const Value function;
    const Table points;
    const double weight;
};

Value run_condition(Call& call) {
    if (!call.value("residual").get_if<Function>()) call.fail_type("residual", "function of the study");
    const double weight = call.number("weight", 1);
    if (!(weight > 0)) call.fail_at("weight", "a condition's weight must be positive");
    if (call.table("at").rows() == 0) call.fail_at("at", "a condition holds at one point at least");
    return make_object(ConditionValue(call.value("residual"), call.table("at"), weight));
}

// Calls the residual with unknowns: what it computes with them is the formula.
class ResidualReader {
  public:
    ResidualReader(Call& call, const Box& box, const std::vector<std::string>& fields)
        : call_(call), axes_(box.names()), fields_(fields) {}

    // columns: what the points have beside coordinates. argument: of the verb, for messages.
    Residual read(const Value& value, const std::vector<std::string>& columns, std::string_view argument) {
        tracing_ = std::make_shared<Tracing>();
        residual_ = {};
        std::vector<Value> unknowns;
        for (const auto& parameter : value.get_if<Function>()->tree->parameters) {
            const auto meaning = meaning_of(parameter.name, columns);
            if (!meaning && parameter.fallback) break;
            if (!meaning)
                call_.fail_at(argument,
                              "the residual has an argument '" + parameter.name +
                                  "', which is no field, no axis of the box and no column of its points",
                              "the fields are " + joined(fields_) + ", the axes " + joined(axes_));
            unknowns.push_back(add(*meaning, parameter.name));
        }
        tracing_->derivative = [this](NodeId of, NodeId by) { return derivative(of, by); };
        const Value result = call_.apply(value, unknowns);
        const auto list = list_of_values(result);
        for (const Value& each : list ? *list : List{result}) {
            const auto* formula = object_if<FormulaValue>(each);
            if (!formula || formula->truth)
                call_.fail_at(argument, "the residual gives " +
                                            (formula ? "a truth value" : with_article(each.type())) +
                                            "; it must be a formula of a field, or a list of such");
            residual_.roots.push_back(formula->node);
        }
        tracing_->derivative = {};
        if (!tracing_->procedure.loops.empty())
            call_.fail_at(argument, "the residual holds a long loop, which cannot be trained with");
        residual_.graph = tracing_->procedure.graph;
        return std::move(residual_);
    }

  private:
    using Unknown = std::variant<Derivative, std::string>;

    std::optional<Unknown> meaning_of(const std::string& name,
                                      const std::vector<std::string>& columns) const {
        if (const auto field = std::ranges::find(fields_, name); field != fields_.end())
            return Derivative{static_cast<std::size_t>(field - fields_.begin()), {}};
        if (std::ranges::count(axes_, name) || std::ranges::count(columns, name)) return name;
        return std::nullopt;
    }

    Value add(const Unknown& meaning, const std::string& name) {
        const Value value = unknown(tracing_, name);
        // Between those of the residual there may be others that have no meaning, as of loops.
        residual_.unknowns.resize(tracing_->procedure.parameters, std::string());
        residual_.unknowns.back() = meaning;
        return value;
    }

    NodeId node_of(const Derivative& wanted) {
        const auto found = std::ranges::find(residual_.unknowns, Unknown(wanted));
        if (found != residual_.unknowns.end())
            return tracing_->procedure.graph.parameter(
                static_cast<std::uint32_t>(found - residual_.unknowns.begin()));
        return to_node(*tracing_, add(wanted, name_of(wanted)));
    }

    std::string name_of(const Derivative& wanted) const {
        std::string name = "d(" + fields_[wanted.field];
        for (const std::size_t axis : wanted.by) name += ", " + axes_[axis];
        return name + ")";
    }

    // Along an axis everything changes by the chain rule, fields by their derivatives.
    NodeId derivative(NodeId of, NodeId by) {
        const std::size_t axis = axis_of(by);
        NodeId sum = tracing_->procedure.graph.number(0);
        const Gradient gradient = gradients(tracing_->procedure.graph, std::span(&of, 1), By::parameters)[0];
        for (const auto& [index, slope] : gradient) {
            if (index >= residual_.unknowns.size() || residual_.unknowns[index] == Unknown(std::string()))
                throw Mistake("the derivative of what a long loop computes is not known");
            const NodeId change = change_of(residual_.unknowns[index], axis);
            Graph& graph = tracing_->procedure.graph;
            sum = graph.apply(Op::plus, {sum, graph.apply(Op::times, {slope, change})});
        }
        return sum;
    }

    std::size_t axis_of(NodeId by) const {
        const Node node = tracing_->procedure.graph[by];
        if (node.op == Op::symbol && node.symbol.index < residual_.unknowns.size()) {
            const auto* name = std::get_if<std::string>(&residual_.unknowns[node.symbol.index]);
            const auto axis = name ? std::ranges::find(axes_, *name) : axes_.end();
            if (axis != axes_.end()) return static_cast<std::size_t>(axis - axes_.begin());
        }
        throw Mistake(
            "'" + FormulaValue(tracing_, by, false).print() + "' is no axis of the box to differentiate by",
            "the axes are " + joined(axes_));
    }

    NodeId change_of(const Unknown& unknown, std::size_t axis) {
        if (const auto* field = std::get_if<Derivative>(&unknown)) {
            Derivative further = *field;
            further.by.push_back(axis);
            std::ranges::sort(further.by);
            if (further.by.size() > 2)
                throw Mistake("the derivative " + name_of(further) + " is not known",
                              "of a network first and second derivatives are");
            return node_of(further);
        }
        const auto& name = std::get<std::string>(unknown);
        if (!std::ranges::count(axes_, name))
            throw Mistake("'" + name +
                          "' is a column of the condition's points, of which no derivative is known");
        return tracing_->procedure.graph.number(name == axes_[axis] ? 1 : 0);
    }

    Call& call_;
    std::vector<std::string> axes_;
    const std::vector<std::string>& fields_;
    TracingPtr tracing_;
    Residual residual_;
};

// equation(function(u, t, x) d(u, t) - d(u, x, x) end, of = "u", over = box(t = 0..1, x = 0..1), conditions =
// [...])
Value run_equation(Call& call) {
    if (!call.value("residual").get_if<Function>()) call.fail_type("residual", "function of the study");
    const Box& box = call.object<BoxValue>("over", "box").box;
    Equation equation;
    equation.fields = call.texts("of");
    for (const auto& field : equation.fields)
        if (std::ranges::count(box.names(), field))
            call.fail_at("of", "'" + field + "' is an axis of the box and cannot be a field too");
    ResidualReader reader(call, box, equation.fields);
    equation.residual = reader.read(call.value("residual"), {}, "residual");
    const List conditions =
        call.has("conditions")
            ? list_of_values(call.value("conditions")).value_or(List{call.value("conditions")})
            : List();
    std::vector<Value> known;
    for (const Value& each : conditions) {
        const auto* condition = object_if<ConditionValue>(each);
        if (!condition) call.fail_type("conditions", "list of conditions");
        for (const auto& axis : box.names())
            if (!condition->points.find(axis))
                call.fail_at("conditions", "the points of a condition have no column '" + axis + "'");
        equation.conditions.push_back(
            {reader.read(condition->function, condition->points.names(), "conditions"), condition->points,
             condition->weight});
    }
    return make_object(EquationValue(box, std::move(equation), call.value("residual"), Value(conditions)));
}

// Of columns to learn: the mean square of the errors.
Numbers squared_errors(const Call& call, const Oracle& oracle, const Surrogate& surrogate,
                       const Table& rows) {
    if (surrogate.outputs != oracle.targets)
        call.fail_at("surrogate", "the surrogate was trained for other columns than the oracle's");
    const Table guess = predict(surrogate, rows);
    Numbers squares(rows.rows(), 0.0);
    for (const auto& name : oracle.targets) {
        for (std::size_t row = 0; row < squares.size(); ++row) {
            const double error = guess.numbers(name)[row] - rows.numbers(name)[row];
            squares[row] += error * error / static_cast<double>(oracle.targets.size());
        }
    }
    return squares;
}

// losses(oracle, surrogate, rows): of each row, at the weights as they are: squared residuals of an equation,
// squared errors of labels.
Value run_losses(Call& call) {
    const auto& oracle = call.object<Oracle>("oracle", "oracle");
    const auto& surrogate = call.object<SurrogateValue>("surrogate", "surrogate").surrogate;
    const Table& rows = call.table("rows");
    const auto* equation = dynamic_cast<const EquationValue*>(&oracle);
    if (!equation) return squared_errors(call, oracle, surrogate, rows);
    if (surrogate.outputs != equation->equation.fields || surrogate.box.names() != equation->box.names())
        call.fail_at("surrogate",
                     "the surrogate was trained for other fields or another box than the equation's");
    return losses(surrogate, equation->equation, rows, call.environment.device);
}

// spectral(equation, start = function(x) ... end, modes = 512, steps = 2000, rows = 201)
Value run_spectral(Call& call) {
    const auto& equation = call.object<EquationValue>("equation", "equation");
    SpectralOptions options;
    options.modes = static_cast<std::size_t>(call.whole("modes", 512, 2, 1 << 20));
    options.rows = static_cast<std::size_t>(call.whole("rows", 201, 2, 1'000'000));
    options.steps = static_cast<std::size_t>(call.whole("steps", 2000, 1, 100'000'000));
    options.time = call.text("time", "t");
    const SpectralGrid grid = [&] {
        try {
            return spectral_grid(equation.box, options);
        } catch (const Error& error) {
            call.fail(error.what());
        }
    }();
    const auto start = list_of_numbers(call.apply(call.value("start"), {Value(Numbers(grid.x))}));
    if (!start || start->size() != grid.x.size())
        call.fail_at("start", "the start must give a number for each x");
    Identity identity("spectral", spectral_version);
    equation.identify(identity);
    for (const double value : *start) identity.add(value);
    identity.add(static_cast<std::int64_t>(options.modes)).add(static_cast<std::int64_t>(options.rows));
    identity.add(static_cast<std::int64_t>(options.steps)).add(options.time);
    return memoised(call.environment, identity, "spectral", [&] {
        return spectral(equation.equation, equation.box, *start, options, call.environment.executor);
    });
}

}  // namespace

std::string EquationValue::print() const {
    return "equation of " + joined(equation.fields) + " over " + BoxValue(box).print() +
           ", conditions: " + std::to_string(equation.conditions.size());
}

void EquationValue::identify(Identity& identity) const {
    identity.add("equation");
    rondo::identify(box, identity);
    for (const auto& field : equation.fields) identity.add(field);
    residual_.identify(identity);
    conditions_.identify(identity);
}

void add_equation_verbs(Verbs& verbs) {
    verbs["equation"] = {"equation", {"residual", "of", "over", "conditions"}, run_equation};
    verbs["condition"] = {"condition", {"residual", "at", "weight"}, run_condition};
    verbs["losses"] = {"losses", {"oracle", "surrogate", "rows"}, run_losses};
    verbs["spectral"] = {"spectral", {"equation", "start", "modes", "steps", "rows", "time"}, run_spectral};
}

}  // namespace rondo
