// statements.cpp: what each statement does.
#include "runtime/study/formula.h"
#include "runtime/study/interpreter.h"
#include "runtime/study/operators.h"
#include "runtime/study/syntax.h"

namespace rondo {

Interpreter::Flow Interpreter::execute(const Block& statements) {
    for (const Statement& statement : statements)
        if (execute(statement) == Flow::returned) return Flow::returned;
    return Flow::next;
}

Interpreter::Flow Interpreter::execute(const Statement& statement) {
    last_ = {};
    switch (statement.kind) {
        case StatementKind::expression: last_ = evaluate(*statement.value); break;
        case StatementKind::bind: execute_bind(statement); break;
        case StatementKind::import: execute_import(statement); break;
        case StatementKind::use: execute_use(statement); break;
        case StatementKind::function:
            bind(statement.function->name,
                 at(statement.span, [&] { return Value(make_function(statement.function)); }),
                 statement.function->name_span);
            break;
        case StatementKind::model: execute_model(statement); break;
        case StatementKind::if_: return execute_if(statement);
        case StatementKind::while_: return execute_while(statement);
        case StatementKind::for_: return execute_for(statement);
        case StatementKind::return_: {
            if (!frame_->function)
                at(statement.span, [] { throw Mistake("'return' stands outside of a function"); });
            Value value = statement.value ? evaluate(*statement.value) : Value();
            if (!frame_->path.is_nothing() || !frame_->returned.empty()) {
                frame_->returned.emplace_back(frame_->path, std::move(value));
            } else {
                frame_->result = std::move(value);
            }
            return Flow::returned;
        }
        case StatementKind::assert_: execute_assert(statement); break;
    }
    return Flow::next;
}

bool Interpreter::condition(const Expr& expr, std::string_view what) {
    const Value value = evaluate(expr);
    return at(expr.span, [&] { return truth(value, what); });
}

Interpreter::Flow Interpreter::execute_if(const Statement& statement) {
    return execute_branches(statement, 0);
}

// The first branch from `from` on whose condition holds.
Interpreter::Flow Interpreter::execute_branches(const Statement& statement, std::size_t from) {
    for (std::size_t i = from; i < statement.branches.size(); ++i) {
        const Branch& branch = statement.branches[i];
        if (!branch.condition) return execute(*branch.body);
        const Value condition = evaluate(*branch.condition);
        if (object_if<FormulaValue>(condition)) return trace_if(statement, i, condition);
        if (at(branch.condition->span, [&] { return truth(condition, "if"); })) return execute(*branch.body);
    }
    return Flow::next;
}

Interpreter::Flow Interpreter::execute_while(const Statement& statement) {
    const Counted in_loop(loops_);
    while (true) {
        const Value condition = evaluate(*statement.value);
        if (object_if<FormulaValue>(condition)) {
            trace_loop(statement, nullptr);
            return Flow::next;
        }
        if (!at(statement.value->span, [&] { return truth(condition, "while"); })) return Flow::next;
        environment_.executor.throw_if_stopping();
        if (execute(*statement.body) == Flow::returned) return Flow::returned;
    }
}

Interpreter::Flow Interpreter::execute_for(const Statement& statement) {
    const Value items = evaluate(*statement.value);
    if (is_long(items)) {
        trace_loop(statement, &items);
        return Flow::next;
    }
    const std::size_t count = at(statement.value->span, [&] { return length(items); });
    const Counted in_loop(loops_);
    for (std::size_t i = 0; i < count; ++i) {
        environment_.executor.throw_if_stopping();
        bind(statement.name, at(statement.value->span, [&] { return element(items, i); }),
             statement.name_span);
        if (execute(*statement.body) == Flow::returned) return Flow::returned;
    }
    return Flow::next;
}

// The name of a column or field.
std::string Interpreter::key_of(const Expr& expr) {
    const Value key = evaluate(expr);
    if (const auto* name = key.get_if<std::string>()) return *name;
    at(expr.span, [&] {
        throw Mistake("a column or field is set by its name, not by " + with_article(key.type()),
                      "write t[\"name\"] = ...; single items of a list never change");
    });
    return {};
}

void Interpreter::execute_bind(const Statement& statement) {
    const auto set = settings_.find(&statement);
    Value value = set != settings_.end() ? set->second : evaluate(*statement.value);
    if (!statement.field.empty() || statement.key) {
        const std::string field = statement.key ? key_of(*statement.key) : statement.field;
        value = at(statement.span, [&] {
            const Value* whole = look_up(statement.name);
            if (!whole) fail_unknown(statement.name, statement.name_span);
            return with_field(*whole, field, value);
        });
    }
    bind(statement.name, std::move(value), statement.name_span);
}

void Interpreter::execute_assert(const Statement& statement) {
    if (condition(*statement.value, "assert")) return;
    const std::string text = statement.message
                                 ? to_text(evaluate(*statement.message))
                                 : std::string(environment_.sources.slice(statement.value->span));
    const Span here = statement.value->span, asked = origin(here);
    const bool in_library = asked.begin != here.begin || asked.file != here.file;
    fail(Fault::input, asked, in_library ? text : "assertion failed: " + text, "");
}

Function Interpreter::make_function(std::shared_ptr<const FunctionTree> tree) {
    Function function{std::move(tree), frame_->scope};
    if (!frame_->function) return function;
    for (const auto& name : free_names(*function.tree)) {
        const auto local = frame_->locals.find(name);
        if (local != frame_->locals.end()) function.captured.emplace_back(name, local->second);
    }
    return function;
}

}  // namespace rondo
