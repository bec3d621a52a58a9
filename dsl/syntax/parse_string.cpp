// parse_string.cpp: the inside of strings.
//
// In a model `\` takes the next character literally. In a study there are \n \t \" \\ \{ \}, and {x} is the
// value of x.
#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

std::string_view content(const Token& token) {
    const std::size_t quotes = token.text.starts_with('`') ? 3 : 1;
    return token.text.substr(quotes, token.text.size() - 2 * quotes);
}

}  // namespace

std::string Parser::plain_string(const Token& token) {
    if (token.broken) throw Failed{};
    if (study_language()) {
        const ExprPtr expr = string_value(token);
        if (!expr->children.empty()) fail(token.span, "this text must be fixed", "write '\\{' for a brace");
        return expr->text;
    }
    std::string text;
    const std::string_view inside = content(token);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
        text += inside[i];
    }
    return text;
}

char Parser::escape(std::uint32_t at) {
    const char c = diagnostics_->sources().text(file_)[at + 1];
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c == '"' || c == '\\' || c == '{' || c == '}') return c;
    const std::size_t length = character_length(diagnostics_->sources().slice({file_, at + 1, last_.end}));
    fail({file_, at, at + 1 + static_cast<std::uint32_t>(length)}, "unknown escape in a string",
         "there are \\n \\t \\\" \\\\ \\{ \\}; write '\\\\' for a backslash");
}

// `{x}` at `at`, which moves behind it.
ExprPtr Parser::interpolation(std::uint32_t& at, std::uint32_t end) {
    const Nested nested(*this);
    Parser inside(file_, at, end, Language::study, *diagnostics_);
    inside.depth_ = depth_;
    inside.open("{");
    if (inside.at_sign("}"))
        fail(inside.between({file_, at, at}), "nothing between '{' and '}'", "write '\\{' for a brace");
    const ExprPtr value = inside.expression();
    inside.close("}");
    at = inside.last_.end;
    return value;
}

ExprPtr Parser::string_value(const Token& token) {
    const std::string& text = diagnostics_->sources().text(file_);
    const std::uint32_t end = token.span.end - 1;
    Expr result{.kind = ExprKind::string, .span = token.span};
    std::uint32_t part = token.span.begin + 1;  // where `literal` began
    std::string literal;
    const auto flush = [&](std::uint32_t at) {
        if (!literal.empty())
            result.children.push_back(
                make({.kind = ExprKind::string, .span = {file_, part, at}, .text = literal}));
        literal.clear();
    };
    for (std::uint32_t at = part; at < end;) {
        if (text[at] == '\\') {
            literal += escape(at);
            at += 2;
        } else if (text[at] == '{') {
            flush(at);
            result.children.push_back(interpolation(at, end));
            part = at;
        } else {
            literal += text[at++];
        }
    }
    if (!result.children.empty())
        flush(end);
    else
        result.text = std::move(literal);
    return make(std::move(result));
}

ExprPtr Parser::string_literal() {
    if (peek().broken) throw Failed{};
    if (!study_language()) fail(peek().span, "text cannot stand in a formula");
    const Token token = take();
    if (token.text.starts_with('`')) fail(token.span, "a string of a study is written \"...\"");
    return string_value(token);
}

}  // namespace rondo
