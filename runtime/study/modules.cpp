// modules.cpp: what a study takes from other files, and from the command line.
#include <algorithm>
#include <charconv>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/petab/files.h"
#include "runtime/petab/petab.h"
#include "runtime/study/check.h"
#include "runtime/study/interpreter.h"
#include "runtime/study/likelihood_verbs.h"
#include "runtime/study/objects.h"
#include "runtime/study/syntax.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

const Expr* literal_of(const Statement& statement) {
    if (statement.kind != StatementKind::bind || !statement.field.empty() || statement.key) return nullptr;
    const Expr& value = *statement.value;
    const bool negative = value.kind == ExprKind::unary && value.text == "-";
    const Expr& inner = negative ? *value.children[0] : value;
    const bool truth = inner.kind == ExprKind::name && (inner.text == "true" || inner.text == "false");
    const bool text = inner.kind == ExprKind::string && inner.children.empty();
    const bool literal = inner.kind == ExprKind::number || (!negative && (truth || text));
    return literal ? &inner : nullptr;
}

// `text` as a value of the literal's kind.
Value setting_value(const std::string& name, const std::string& text, const Expr& literal) {
    if (literal.kind == ExprKind::string) return text;
    if (literal.kind == ExprKind::name) {
        if (text == "true" || text == "false") return text == "true";
        throw Error(Fault::input,
                    "--set " + name + "=" + text + ": '" + name + "' is true or false in the study");
    }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
    throw Error(Fault::input, "--set " + name + "=" + text + ": '" + name + "' is a number in the study");
}

[[noreturn]] void fail_setting(const std::string& name, std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const std::string near = did_you_mean(name, names);
    throw Error(Fault::input,
                "--set " + name + ": the study binds no literal to '" + name + "' at its top level" +
                    (near.empty() ? "" : "; " + near) +
                    (names.empty() ? "; there is nothing to set" : "; to be set: " + joined(names)));
}

}  // namespace

StudyFile Interpreter::parse(std::uint32_t file, bool checked) {
    Diagnostics diagnostics(environment_.sources);
    StudyFile tree = parse_study(file, diagnostics);
    diagnostics.throw_if_errors();
    if (!diagnostics.list().empty()) environment_.warn(diagnostics.render());
    Diagnostics found(
        environment_.sources);  // its warnings are about models, which say them when they are made
    if (checked) check_statements(tree, verbs_, environment_, found);
    found.throw_if_errors();
    return tree;
}

void Interpreter::announce(const Block& statements, FileScope& scope) const {
    for (const Statement& statement : statements) {
        const bool binds = statement.kind == StatementKind::bind || statement.kind == StatementKind::for_ ||
                           (statement.kind == StatementKind::import && !statement.name.empty());
        if (binds) scope.announced.emplace(statement.name, statement.name_span);
        if (statement.function)
            scope.announced.emplace(statement.function->name, statement.function->name_span);
        if (statement.model) scope.announced.emplace(statement.model->id, statement.model->id_span);
        for (const auto& branch : statement.branches) announce(*branch.body, scope);
        if (statement.body) announce(*statement.body, scope);
    }
}

void Interpreter::execute_use(const Statement& statement) {
    FileScope* into = frame_->top;
    const auto path = at(statement.span, [&] {
        if (!into) throw Mistake("'use' stands inside a function; it belongs at the top level");
        return environment_.input(statement.name + ".rondo").lexically_normal().string();
    });
    const auto known = modules_.find(path);
    if (known != modules_.end() && known->second.loading)
        at(statement.span, [&] {
            throw Mistake("'" + statement.name + "' is used while it is being read: a circle of 'use'");
        });
    const FileScope& from = known != modules_.end() ? known->second.scope : load_module(path, statement);
    for (const auto& [name, binding] : from.bindings) {
        if (!binding.own) continue;
        into->bindings[name] = {binding.value, statement.span, ++order_, false};
    }
}

FileScope& Interpreter::load_module(const std::string& path, const Statement& statement) {
    const std::string text = at(statement.span, [&] { return read_file(path); });
    const std::uint32_t file = environment_.sources.add(path, text);
    Module& module = modules_[path];
    Frame frame{frame_, statement.span, &module.scope, &module.scope};
    const Entered entered(*this, frame);
    try {
        run_module(file, module.scope);
    } catch (const Error&) {
        modules_.erase(path);  // a session may try again
        throw;
    }
    module.loading = false;
    return module.scope;
}

void Interpreter::run_module(std::uint32_t file, FileScope& scope) {
    try {
        files_.push_back(parse(file, true));
    } catch (const Error& error) {
        throw LocatedError(error.fault(), error.what() + trace(), true);
    }
    announce(files_.back().statements, scope);
    execute(files_.back().statements);
}

// What `read` makes of a file; what is wrong with it is said with the statement that imports it.
template <class Read>
auto Interpreter::imported(const Statement& statement, Read read) {
    Diagnostics diagnostics(environment_.sources);
    auto result = at(statement.span, [&] { return read(environment_.input(statement.text), diagnostics); });
    try {
        diagnostics.throw_if_errors();
    } catch (const Error& error) {
        const std::string from = "  imported from " + environment_.sources.where(statement.span) + "\n";
        throw LocatedError(error.fault(), error.what() + from + trace(), true);
    }
    if (!diagnostics.list().empty()) environment_.warn(diagnostics.render());
    return result;
}

void Interpreter::execute_import(const Statement& statement) {
    const std::string stem = std::filesystem::path(statement.text).stem().string();
    if (is_yaml(statement.text)) {
        auto problem = imported(statement, [&](const std::filesystem::path& file, Diagnostics& diagnostics) {
            return read_petab(file, environment_.load_model, diagnostics);
        });
        bind(statement.name.empty() ? stem : statement.name, make_object(ProblemValue(std::move(problem))),
             statement.span);
        return;
    }
    Network network = imported(statement, environment_.load_model);
    const std::string id = network.id.empty() ? stem : network.id;
    bind(statement.name.empty() ? id : statement.name,
         at(statement.span, [&] { return make_model_(std::move(network), environment_); }), statement.span);
}

// One-expression functions in sight, in the order they were bound.
std::vector<std::shared_ptr<const FunctionTree>> Interpreter::formula_functions() const {
    std::vector<const Binding*> found;
    for (const auto& [name, binding] : frame_->scope->bindings) {
        const auto* function = binding.value.get_if<Function>();
        if (function && function->tree->expression && function->tree->name == name) found.push_back(&binding);
    }
    std::sort(found.begin(), found.end(),
              [](const Binding* a, const Binding* b) { return a->order < b->order; });
    std::vector<std::shared_ptr<const FunctionTree>> trees;
    for (const Binding* binding : found) trees.push_back(binding->value.get_if<Function>()->tree);
    return trees;
}

void Interpreter::execute_model(const Statement& statement) {
    Diagnostics diagnostics(environment_.sources);
    Network network = resolve(*statement.model, formula_functions(), diagnostics);
    try {
        diagnostics.throw_if_errors();
    } catch (const Error& error) {
        throw LocatedError(error.fault(), error.what() + trace(), true);
    }
    if (!diagnostics.list().empty()) environment_.warn(diagnostics.render());
    bind(statement.model->id,
         at(statement.model->id_span, [&] { return make_model_(std::move(network), environment_); }),
         statement.model->id_span);
}

void Interpreter::apply_settings(const Block& statements) {
    std::vector<std::string> names;
    for (const Statement& statement : statements)
        if (literal_of(statement)) names.push_back(statement.name);
    for (const auto& [name, text] : environment_.settings) {
        if (std::find(names.begin(), names.end(), name) == names.end()) fail_setting(name, names);
        for (const Statement& statement : statements)
            if (const Expr* literal = literal_of(statement); literal && statement.name == name)
                settings_[&statement] = setting_value(name, text, *literal);
    }
}

}  // namespace rondo
