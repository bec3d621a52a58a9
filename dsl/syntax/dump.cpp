// dump.cpp: trees as text, for `--dump ast` and for tests.
#include "dsl/syntax/dump.h"

#include <array>
#include <charconv>

#include "dsl/syntax/parse.h"

namespace rondo {

std::string text_of(double value) {
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

namespace {

std::string text_of(const std::vector<Argument>& arguments) {
    std::string text;
    for (const Argument& argument : arguments) {
        if (!text.empty()) text += ", ";
        if (!argument.name.empty()) text += argument.name + "=";
        if (argument.spread) text += "..";
        text += text_of(*argument.value);
    }
    return text;
}

std::string prefix(const std::string& head, const std::vector<ExprPtr>& children) {
    std::string text = "(" + head;
    for (const ExprPtr& child : children) text += " " + text_of(*child);
    return text + ")";
}

std::string head_of(const FunctionTree& function) {
    std::string text = "function " + function.name + "(";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const Parameter& parameter = function.parameters[i];
        text += (i > 0 ? ", " : "") + parameter.name;
        if (parameter.fallback) text += "=" + text_of(*parameter.fallback);
    }
    text += ")";
    return function.expression ? text + " " + text_of(*function.expression) : text;
}

}  // namespace

std::string text_of(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::number: return text_of(expr.value) + (expr.text.empty() ? "" : "[" + expr.text + "]");
        case ExprKind::string:
            return expr.children.empty() ? "\"" + expr.text + "\"" : prefix("string", expr.children);
        case ExprKind::name: return expr.text;
        case ExprKind::unary:
        case ExprKind::binary: return prefix(expr.text, expr.children);
        case ExprKind::call: return expr.text + "(" + text_of(expr.arguments) + ")";
        case ExprKind::list: return prefix("list", expr.children);
        case ExprKind::record: return "{" + text_of(expr.arguments) + "}";
        case ExprKind::index: return prefix("index", expr.children);
        case ExprKind::field: return text_of(*expr.children[0]) + "." + expr.text;
        case ExprKind::range: return prefix("..", expr.children);
        case ExprKind::with:
            return "(with " + text_of(*expr.children[0]) + " " + text_of(expr.arguments) + ")";
        case ExprKind::concentration: return "[" + expr.text + "]";
        case ExprKind::function: return head_of(*expr.function) + (expr.function->body ? " ..." : "");
    }
    return {};
}

namespace {

// A value behind a word, or nothing.
std::string behind(const ExprPtr& value, const std::string& word = " ") {
    return value ? word + text_of(*value) : "";
}

std::string lines(const ModelTree& model, const std::string& indent) {
    std::string text = indent + "model " + (model.main ? "*" : "") + model.id;
    text += (model.title.empty() ? "" : " \"" + model.title + "\"") + "\n";
    for (const ModelStatement& statement : model.statements) text += indent + "  " + dump(statement) + "\n";
    return text;
}

std::string lines(const Block&, const std::string& indent);

std::string lines(const std::vector<Branch>& branches, const std::string& indent) {
    std::string text;
    for (const Branch& branch : branches) {
        text += indent + (&branch == &branches[0] ? "if" : branch.condition ? "else if" : "else");
        text += behind(branch.condition) + "\n" + lines(*branch.body, indent + "  ");
    }
    return text;
}

std::string lines(const Statement& statement, const std::string& indent) {
    const std::string inner = indent + "  ";
    switch (statement.kind) {
        case StatementKind::expression: return indent + text_of(*statement.value) + "\n";
        case StatementKind::bind:
            return indent + statement.name + (statement.field.empty() ? "" : "." + statement.field) +
                   (statement.key ? "[" + text_of(*statement.key) + "]" : "") + " = " +
                   text_of(*statement.value) + "\n";
        case StatementKind::import:
            return indent + "import \"" + statement.text + "\"" +
                   (statement.name.empty() ? "" : " as " + statement.name) + "\n";
        case StatementKind::use: return indent + "use " + statement.name + "\n";
        case StatementKind::function:
            return indent + head_of(*statement.function) + "\n" +
                   (statement.function->body ? lines(*statement.function->body, inner) : "");
        case StatementKind::model: return lines(*statement.model, indent);
        case StatementKind::if_: return lines(statement.branches, indent);
        case StatementKind::while_:
            return indent + "while" + behind(statement.value) + "\n" + lines(*statement.body, inner);
        case StatementKind::for_:
            return indent + "for " + statement.name + " in" + behind(statement.value) + "\n" +
                   lines(*statement.body, inner);
        case StatementKind::return_: return indent + "return" + behind(statement.value) + "\n";
        case StatementKind::assert_:
            return indent + "assert" + behind(statement.value) + behind(statement.message, ", ") + "\n";
    }
    return {};
}

std::string lines(const Block& block, const std::string& indent) {
    std::string text;
    for (const Statement& statement : block) text += lines(statement, indent);
    return text;
}

}  // namespace

std::string dump(const ModelFile& file) {
    std::string text;
    for (const auto& function : file.functions) text += head_of(*function) + "\n";
    for (const auto& model : file.models) text += lines(*model, "");
    return text;
}

std::string dump(const StudyFile& file) {
    return lines(file.statements, "");
}

}  // namespace rondo
