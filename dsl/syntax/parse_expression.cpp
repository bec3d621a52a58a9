// parse_expression.cpp: formulas of models and expressions of studies.
//
// Tightest first: call, index, field, with; ^ (right); unary - + !; * / %; + -; ..; comparisons; && || (one
// level).
#include <algorithm>
#include <utility>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

constexpr std::uint32_t max_study_depth = 1000;  // a study is walked by recursion

enum Level { logic = 1, comparison, range, sum, product };

struct Sign {
    std::string_view sign;
    int level;
};

constexpr Sign binary_signs[] = {
    {"&&", logic},      {"||", logic},     {"==", comparison}, {"!=", comparison}, {"<", comparison},
    {"<=", comparison}, {">", comparison}, {">=", comparison}, {"+", sum},         {"-", sum},
    {"*", product},     {"/", product},    {"%", product}};

int level_of(const Expr& expr) {
    if (expr.kind != ExprKind::binary || expr.grouped) return 0;
    for (const Sign& sign : binary_signs)
        if (sign.sign == expr.text) return sign.level;
    return 0;
}

}  // namespace

ExprPtr Parser::make(Expr expr) {
    for (const ExprPtr& child : expr.children) expr.depth = std::max(expr.depth, child->depth + 1);
    for (const Argument& argument : expr.arguments)
        expr.depth = std::max(expr.depth, argument.value->depth + 1);
    const std::uint32_t limit = study_language() ? max_study_depth : max_depth;
    if (expr.depth > limit)
        fail(expr.text_span.known() ? expr.text_span : expr.span,
             "the formula has more than " + std::to_string(limit) + " operations in a row",
             "split it into several");
    return std::make_shared<const Expr>(std::move(expr));
}

Parser::Operator Parser::operator_ahead() {
    const bool wrapped = !brackets_.empty() && at_kind(TokenKind::newline);
    const std::size_t at = wrapped ? 1 : 0;
    const Token token = peek(at);
    Operator found;
    if (token.kind == TokenKind::word) {
        if (token.text == "and") found = {logic, "&&"};
        if (token.text == "or") found = {logic, "||"};
    } else if (token.kind == TokenKind::sign) {
        for (const Sign& sign : binary_signs)
            if (sign.sign == token.text) found = {sign.level, sign.sign};
        if (study_language() && token.text == "..") found = {range, ".."};
        if (token.text == "!" && at_sign("=", at + 1))
            found = {comparison, "!=", 2};  // `a ! = b` of old files
    }
    if (wrapped && found.level > 0) take();
    return found;
}

// What habit and Antimony read differently is not guessed in a study.
void Parser::check_mixing(const Expr& left, const Operator& op) {
    if (!study_language() || level_of(left) != op.level) return;
    if (op.level == comparison)
        fail(peek().span, "comparisons do not chain", "write 'a < b and b < c', or add parentheses");
    if (op.level == logic && left.text != op.text)
        fail(peek().span, "'and' and 'or' are mixed without parentheses", "write '(a and b) or c'");
}

ExprPtr Parser::binary(int least) {
    ExprPtr left = unary();
    for (Operator op = operator_ahead(); op.level >= least; op = operator_ahead()) {
        check_mixing(*left, op);
        Span sign = take().span;
        if (op.tokens == 2) sign = join(sign, take().span);
        const ExprPtr right = binary(op.level + 1);
        const ExprKind kind = op.level == range ? ExprKind::range : ExprKind::binary;
        left = make({.kind = kind,
                     .span = join(left->span, right->span),
                     .text = std::string(op.text),
                     .text_span = sign,
                     .children = {left, right}});
    }
    return left;
}

ExprPtr Parser::unary() {
    if (!brackets_.empty()) skip_newlines();
    const bool word = at_word("not") && (study_language() || !at_sign("(", 1));
    if (!word && !at_sign("-") && !at_sign("+") && !at_sign("!")) return power();
    const Nested nested(*this);
    const Token sign = take();
    const bool loose = study_language() && sign.text == "not";
    const ExprPtr operand = loose ? binary(comparison) : unary();
    return make({.kind = ExprKind::unary,
                 .span = join(sign.span, operand->span),
                 .text = sign.text == "not" ? "!" : std::string(sign.text),
                 .text_span = sign.span,
                 .children = {operand}});
}

ExprPtr Parser::power() {
    ExprPtr base = postfix();
    if (study_language() && at_sign("**")) fail_here("'^'");
    if (!brackets_.empty() && at_kind(TokenKind::newline) && (at_sign("^", 1) || at_sign("**", 1))) take();
    if (!at_sign("^") && !at_sign("**")) return base;
    const Nested nested(*this);
    const Token sign = take();
    if (sign.text == "**") extension(sign.span, "'**'", "write '^' for a power");
    const ExprPtr exponent = unary();
    return make({.kind = ExprKind::binary,
                 .span = join(base->span, exponent->span),
                 .text = "^",
                 .text_span = sign.span,
                 .children = {base, exponent}});
}

ExprPtr Parser::postfix() {
    ExprPtr value = primary();
    while (study_language()) {
        if (at_sign(".") && at_kind(TokenKind::word, 1))
            value = field(value);
        else if (at_sign("["))
            value = index(value);
        else if (at_word("with") && at_sign("(", 1))
            value = with(value);
        else if (at_sign("("))
            fail(peek().span, "only a name can be called", "bind it to a name first: 'f = ...'");
        else
            break;
    }
    return value;
}

ExprPtr Parser::field(ExprPtr value) {
    take();
    const Token name = take();
    return make({.kind = ExprKind::field,
                 .span = join(value->span, name.span),
                 .text = std::string(name.text),
                 .text_span = name.span,
                 .children = {value}});
}

ExprPtr Parser::index(ExprPtr value) {
    const Nested nested(*this);
    open("[");
    const ExprPtr at = expression();
    close("]");
    return make({.kind = ExprKind::index, .span = between(value->span), .children = {value, at}});
}

ExprPtr Parser::with(ExprPtr value) {
    const Token word = take();
    auto changes = arguments("(", ")");
    return make({.kind = ExprKind::with,
                 .span = between(value->span),
                 .text_span = word.span,
                 .children = {value},
                 .arguments = std::move(changes)});
}

ExprPtr Parser::primary() {
    const Nested nested(*this);
    switch (peek().kind) {
        case TokenKind::number: return number();
        case TokenKind::string: return string_literal();
        case TokenKind::word:
            if (study_language() && at_word("function") && at_sign("(", 1)) return anonymous_function();
            if (at_choice()) return choice();
            return name_or_call();
        case TokenKind::sign:
            if (at_sign("(")) return group();
            if (selection_ && at_sign("[")) return concentration();
            if (study_language() && at_sign("[")) return list();
            if (study_language() && at_sign("{")) {
                const Span begin = peek().span;
                auto fields = arguments("{", "}");
                for (const Argument& item : fields)
                    if (item.name.empty() && !item.spread)
                        fail(item.value->span, "a field has a name: '{a = 1}'", "a list is '[1, 2]'");
                return make(
                    {.kind = ExprKind::record, .span = between(begin), .arguments = std::move(fields)});
            }
            [[fallthrough]];
        default: fail_here(study_language() ? "a value" : "a formula");
    }
}

// In a model a name behind a number is its unit, never a product.
ExprPtr Parser::number() {
    const Token token = take();
    const bool unit = !study_language() && at_kind(TokenKind::word) && !at_word("in") && !at_word("and") &&
                      !at_word("or") && !at_word("end") && !at_word("after") && !at_word("has") &&
                      (choices_ == 0 || (!at_word("then") && !at_word("else")));
    Expr expr{.kind = ExprKind::number, .span = token.span, .value = token.value, .text_span = token.span};
    if (unit) {
        expr.text_span = peek().span;
        expr.text = take().text;
        expr.span = between(token.span);
    }
    return make(std::move(expr));
}

ExprPtr Parser::group() {
    const Span begin = peek().span;
    open("(");
    const auto inner = std::const_pointer_cast<Expr>(expression());  // made here, shared with nobody yet
    close(")");
    inner->grouped = true;
    inner->span = between(begin);
    return inner;
}

ExprPtr Parser::list() {
    const Span begin = peek().span;
    Expr list{.kind = ExprKind::list, .span = begin};
    for (const Argument& item : arguments("[", "]")) {
        if (!item.name.empty()) fail(item.name_span, "a list's items have no names", "a record is '{a = 1}'");
        if (item.spread)
            fail(item.value->span, "'..' spreads a record into a call or a record",
                 "append(a, b) joins lists");
        list.children.push_back(item.value);
    }
    list.span = between(begin);
    return make(std::move(list));
}

ExprPtr Parser::concentration() {
    const Span begin = peek().span;
    open("[");
    const Token name = expect_word("a species");
    close("]");
    return make({.kind = ExprKind::concentration,
                 .span = between(begin),
                 .text = std::string(name.text),
                 .text_span = name.span});
}

ExprPtr Parser::name_or_call() {
    const Token name = take();
    Expr expr{
        .kind = ExprKind::name, .span = name.span, .text = std::string(name.text), .text_span = name.span};
    if (!study_language()) {
        if (loops_.contains(name.text) && !at_sign("(")) {
            expr.kind = ExprKind::number;
            expr.value = constants_.find(name.text)->second;
            expr.text.clear();
            return make(std::move(expr));
        }
        expr.text += indices();
        while (at_sign(".") && at_kind(TokenKind::word, 1)) {
            take();
            expr.text += '.' + std::string(take().text);
            expr.text += indices();
        }
        expr.span = expr.text_span = between(name.span);
    }
    if (at_sign("(")) {
        expr.kind = ExprKind::call;
        expr.arguments = arguments("(", ")");
        expr.span = between(name.span);
    }
    return make(std::move(expr));
}

std::vector<Argument> Parser::arguments(std::string_view opening, std::string_view closing) {
    std::vector<Argument> result;
    open(opening);
    do {
        skip_newlines();
        if (at_sign(closing)) break;
        result.push_back(argument());
        if (at_kind(TokenKind::newline) && at_sign(",", 1)) take();
    } while (accept_sign(","));
    close(closing);
    return result;
}

Argument Parser::argument() {
    Argument result;
    const bool named = at_kind(TokenKind::word) || at_kind(TokenKind::string);
    if (study_language() && named && at_sign("=", 1)) {
        const Token name = take();
        result.name = name.kind == TokenKind::string ? plain_string(name) : std::string(name.text);
        result.name_span = name.span;
        take();
    } else if (study_language() && accept_sign("..")) {
        result.spread = true;
    }
    result.value = expression();
    return result;
}

ExprPtr Parser::anonymous_function() {
    const Token keyword = take();
    auto outer = std::exchange(brackets_, {});  // inside, newlines end statements again
    Expr expr{.kind = ExprKind::function, .span = keyword.span, .function = function_rest(keyword, {})};
    brackets_ = std::move(outer);
    expr.span = between(keyword.span);
    return make(std::move(expr));
}

}  // namespace rondo
