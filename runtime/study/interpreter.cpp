// interpreter.cpp: names, frames and the places of errors.
#include "runtime/study/interpreter.h"

#include "runtime/study/elementary.h"
#include "runtime/study/syntax.h"

namespace rondo {

namespace {

constexpr std::size_t shown_calls = 12;  // of a call chain: more are cut in the middle

// Errors that bring their own lines end in a newline; a diagnostic adds its own.
std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace

Interpreter::Interpreter(Environment& environment, Verbs verbs, MakeModel make_model)
    : environment_(environment), verbs_(std::move(verbs)), make_model_(std::move(make_model)) {}

void Interpreter::run(std::uint32_t file) {
    files_.push_back(parse(file, true));
    apply_settings(files_.back().statements);
    announce(files_.back().statements, main_);
    Frame frame{nullptr, {}, &main_, &main_};
    const Entered entered(*this, frame);
    execute(files_.back().statements);
}

Value Interpreter::evaluate(std::uint32_t file) {
    const StudyFile tree = parse(file, false);
    Frame frame{nullptr, {}, &main_, &main_};
    const Entered entered(*this, frame);
    last_ = {};
    execute(tree.statements);
    return last_;
}

const Value* Interpreter::look_up(const std::string& name) const {
    const auto local = frame_->locals.find(name);
    return local != frame_->locals.end() ? &local->second : frame_->scope->find(name);
}

void Interpreter::bind(const std::string& name, Value value, Span span) {
    if (frame_->top) {
        frame_->top->bindings[name] = {std::move(value), span, ++order_, true};
    } else {
        frame_->locals[name] = std::move(value);
    }
}

std::vector<std::string> Interpreter::names_in_sight() const {
    std::vector<std::string> names = elementary_names();
    for (const auto& [name, value] : frame_->locals) names.push_back(name);
    for (const auto& [name, binding] : frame_->scope->bindings) names.push_back(name);
    for (const auto& [name, verb] : verbs_) names.push_back(name);
    return names;
}

void Interpreter::fail_unknown(const std::string& name, Span use) const {
    const auto& announced = frame_->scope->announced;
    const auto bound = announced.find(name);
    if (bound == announced.end())
        throw Mistake("unknown name '" + name + "'", did_you_mean(name, names_in_sight()));
    const Span span = bound->second;
    const std::string line = std::to_string(environment_.sources.place(span.file, span.begin).line);
    if (span.file == use.file && span.begin < use.begin)
        throw Mistake("'" + name + "' is not bound", "line " + line + " would bind it, but has not run");
    throw Mistake("'" + name + "' is used before it is bound", "it is bound later, at line " + line);
}

std::string Interpreter::trace() const {
    std::vector<std::string> lines;
    for (const Frame* frame = frame_; frame && frame->outer; frame = frame->outer) {
        const auto* caller = frame->outer->function;
        std::string line = frame->function ? "  called from " : "  used from ";
        line += environment_.sources.where(frame->from);
        if (caller)
            line += caller->name.empty() ? " in a function without a name" : " in '" + caller->name + "'";
        lines.push_back(line + "\n");
    }
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines.size() > shown_calls && i == shown_calls / 2) {
            const std::size_t left_out = lines.size() - shown_calls;
            text += "  ... " + std::to_string(left_out) + " more calls ...\n";
            i += left_out;
        }
        text += lines[i];
    }
    return text;
}

// Where the study's own file called what led here: what a library's code says is about that.
Span Interpreter::origin(Span here) const {
    for (const Frame* frame = frame_; frame && frame->scope != &main_; frame = frame->outer) {
        if (!frame->outer) break;
        here = frame->from;
    }
    return here;
}

void Interpreter::fail(Fault fault, Span span, std::string message, const std::string& help) const {
    const auto severity = fault == Fault::unsupported ? Severity::unsupported : Severity::error;
    const Diagnostic diagnostic{severity, span, trimmed(std::move(message)), help};
    throw LocatedError(fault, render(diagnostic, environment_.sources) + trace(), true);
}

// ---- the public face ----

struct Evaluator::State {
    Interpreter interpreter;
};

Evaluator::Evaluator(Environment& environment, Verbs verbs, MakeModel make_model)
    : state_(new State{Interpreter(environment, std::move(verbs), std::move(make_model))}) {}

Evaluator::~Evaluator() = default;

void Evaluator::run(std::uint32_t file) {
    state_->interpreter.run(file);
}

Value Evaluator::evaluate(std::uint32_t file) {
    return state_->interpreter.evaluate(file);
}

const Value* Evaluator::find(std::string_view name) const {
    return state_->interpreter.find(name);
}

}  // namespace rondo
