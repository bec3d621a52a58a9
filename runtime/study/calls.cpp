// calls.cpp: functions of the study, verbs and callable objects.
#include <algorithm>
#include <cstddef>

#include "runtime/study/elementary.h"
#include "runtime/study/interpreter.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

constexpr int deepest = 1000;                           // calls inside calls
constexpr std::ptrdiff_t most_stack = 5 * 1024 * 1024;  // bytes, of the 8 MiB a thread usually has

bool is_callable(const Value& value) {
    const auto* object = value.get_if<Object>();
    return value.get_if<Function>() || (object && object->callable());
}

std::pair<std::uint32_t, std::uint32_t> site(const Call& call) {
    return {call.span.file, call.span.begin};
}

Verb elementary_verb(const std::string& name) {
    return {name, {"..."}, [name](Call& call) {
                std::vector<Value> operands;
                for (const auto& given : call.rest()) operands.push_back(given.value);
                return call_elementary(name, operands);
            }};
}

}  // namespace

// Fields of `..record` count where they stand, unless the same name is given beside it.
std::vector<Call::Given> Interpreter::evaluate_arguments(const std::vector<Argument>& arguments) {
    const auto is_given = [&](const std::string& name) {
        return std::ranges::any_of(arguments, [&](const Argument& each) { return each.name == name; });
    };
    std::vector<Call::Given> given;
    for (const auto& argument : arguments) {
        Value value = evaluate(*argument.value);
        const Span span =
            argument.name.empty() ? argument.value->span : join(argument.name_span, argument.value->span);
        if (!argument.spread) {
            given.push_back({argument.name, std::move(value), span});
            continue;
        }
        const auto* record = value.get_if<Record>();
        if (!record)
            at(span, [&] { throw Mistake("'..' spreads a record, not " + with_article(value.type())); });
        for (const auto& [name, field] : *record) {
            if (is_given(name)) continue;
            std::erase_if(given, [&](const Call::Given& each) { return each.name == name; });
            given.push_back({name, field, span});
        }
    }
    return given;
}

Call Interpreter::make_call(std::string name, Span span, std::vector<Call::Given> given) {
    Call call(environment_, std::move(name), span, std::move(given),
              [this, span](const Value& function, std::vector<Value> values) {
                  std::vector<Call::Given> arguments;
                  for (Value& value : values) arguments.push_back({"", std::move(value), span});
                  Call back = make_call("the function", span, std::move(arguments));
                  return call_value(function, back);
              });
    call.origin = origin(span);
    return call;
}

const Verb* Interpreter::find_verb(const std::string& name) {
    const auto found = verbs_.find(name);
    if (found != verbs_.end()) return &found->second;
    return is_elementary(name) ? &verbs_.emplace(name, elementary_verb(name)).first->second : nullptr;
}

// A value of the same name hides no verb: after `box = box(a = 0..1)`, box(...) still makes boxes.
Value Interpreter::evaluate_call(const Expr& expr) {
    const Value* bound = look_up(expr.text);
    const Verb* verb = bound && is_callable(*bound) ? nullptr : find_verb(expr.text);
    if (!bound && !verb) at(expr.text_span, [&] { fail_unknown(expr.text, expr.text_span); });
    const Value callee = verb ? Value() : *bound;
    Call call = make_call(expr.text, expr.span, evaluate_arguments(expr.arguments));
    return at(expr.span, [&] { return verb ? call_verb(*verb, call) : call_value(callee, call); });
}

Value Interpreter::call_value(const Value& callee, Call& call) {
    if (const auto* function = callee.get_if<Function>()) return call_function(*function, call);
    const auto* object = callee.get_if<Object>();
    if (object && object->callable()) return object->call(call);
    throw Mistake("'" + call.verb + "' is " + with_article(callee.type()) + ", not a function");
}

void Interpreter::check_depth() const {
    const auto* here = static_cast<const char*>(__builtin_frame_address(0));
    if (calls_ < deepest && stack_ - here < most_stack) return;
    throw Mistake("calls are nested " + std::to_string(calls_) + " deep", "does the recursion end?");
}

Value Interpreter::call_function(const Function& function, Call& call) {
    if (calls_ == 0) stack_ = static_cast<const char*>(__builtin_frame_address(0));
    check_depth();
    environment_.executor.throw_if_stopping();
    const Counted in_call(calls_);
    const FunctionTree& tree = *function.tree;
    if (!tree.name.empty()) call.verb = tree.name;
    std::vector<std::string> names;
    for (const auto& parameter : tree.parameters) names.push_back(parameter.name);
    call.bind(names);
    for (const auto& parameter : tree.parameters)
        if (!parameter.fallback) (void)call.value(parameter.name);

    Frame frame{frame_, call.span, function.home, nullptr, &tree};
    frame.locals.insert(function.captured.begin(), function.captured.end());
    const Entered entered(*this, frame);
    for (const auto& parameter : tree.parameters)
        frame.locals[parameter.name] =
            call.has(parameter.name) ? call.value(parameter.name) : evaluate(*parameter.fallback);
    if (tree.expression) return evaluate(*tree.expression);
    return traced_result(execute(*tree.body));
}

Value Interpreter::call_verb(const Verb& verb, Call& call) {
    call.bind(verb.parameters);
    const bool draws = verb.stochastic && (!verb.draws || verb.draws(call));
    if (draws && !call.has("seed")) note_seed(verb, call);
    if (draws)
        for (const std::uint64_t seed : call.seeds()) environment_.seeds[verb.name].insert(seed);
    return verb.run(call);
}

void Interpreter::note_seed(const Verb& verb, const Call& call) {
    if (seeds_noted_.insert(site(call)).second) {
        environment_.warn(environment_.sources.where(call.span) + ": note: " + verb.name + ": seed = " +
                          std::to_string(Call::default_seed) + " (the default, since none is given)\n");
    }
    if (loops_ == 0 || !loops_warned_.insert(site(call)).second) return;
    environment_.warn(
        render({Severity::warning, call.span,
                "'" + verb.name + "' without a seed draws the same numbers each time around the loop",
                "give it a seed that changes, such as seed = i"},
               environment_.sources));
}

}  // namespace rondo
