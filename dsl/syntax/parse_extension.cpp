// parse_extension.cpp: what models may say beyond Antimony, and `--strict-antimony` refuses.
#include <cmath>
#include <utility>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

constexpr int max_rounds = 100'000;  // of all loops of a file

ExprPtr leaf(ExprKind kind, std::string text, Span span) {
    return std::make_shared<const Expr>(
        Expr{.kind = kind, .span = span, .text = std::move(text), .text_span = span});
}

}  // namespace

void Parser::extension(Span span, const std::string& what, const std::string& help) {
    if (!study_language()) diagnostics_->extension(span, what + " is no Antimony", help);
}

// ---- if c then a else b ----

// `if` in front of an operand; else it is a name.
bool Parser::at_choice() {
    if (study_language() || !at_word("if")) return false;
    const Token& next = peek(1);
    return next.kind == TokenKind::word || next.kind == TokenKind::number || at_sign("!", 1) ||
           at_sign("(", 1);
}

ExprPtr Parser::choice() {
    const Nested nested(*this);
    const Token word = take();
    extension(word.span, "'if ... then ... else'", "write 'piecewise(value, condition, otherwise)'");
    ++choices_;
    const ExprPtr condition = expression();
    if (!accept_word("then")) fail_here("'then'");
    const ExprPtr value = expression();
    if (!accept_word("else"))
        fail_here("'else'", "a choice has a value in either case: 'if c then a else b'");
    --choices_;
    const ExprPtr otherwise = expression();
    return make({.kind = ExprKind::call,
                 .span = between(word.span),
                 .text = "piecewise",
                 .text_span = word.span,
                 .arguments = {{.value = value}, {.value = condition}, {.value = otherwise}}});
}

// ---- @k1, k2 ----

// k times the species of a side, each to the power of its stoichiometry.
ExprPtr Parser::mass_action(ExprPtr rate, const std::vector<SpeciesTerm>& side) {
    const auto binary = [&](const char* sign, const ExprPtr& a, const ExprPtr& b) {
        return make({.kind = ExprKind::binary,
                     .span = rate->span,
                     .text = sign,
                     .text_span = rate->span,
                     .children = {a, b}});
    };
    const Span span = rate->span;
    if (rate->kind == ExprKind::binary || rate->kind == ExprKind::unary) {
        const auto grouped = std::make_shared<Expr>(*rate);
        grouped->grouped = true;
        rate = grouped;
    }
    for (const SpeciesTerm& term : side) {
        ExprPtr factor = leaf(ExprKind::name, term.species.text, span);
        if (!term.symbol.empty()) {
            factor = binary("^", factor, leaf(ExprKind::name, term.symbol.text, span));
        } else if (term.stoichiometry != 1) {
            factor = binary(
                "^", factor,
                std::make_shared<const Expr>(Expr{
                    .kind = ExprKind::number, .span = span, .value = term.stoichiometry, .text_span = span}));
        }
        rate = binary("*", rate, factor);
    }
    return rate;
}

// `@k1` is mass action forward, `@k1, k2` less mass action backward.
void Parser::mass_action_rate(ReactionStatement& reaction) {
    const Token at = take();
    extension(at.span, "'@'", "write the rate law out: 'k1*A*B - k2*C'");
    reaction.rate = mass_action(expression(), reaction.reactants);
    if (!at_sign(",")) return;
    const Token comma = take();
    if (!reaction.reversible) fail(comma.span, "a reaction written '=>' has no rate backward", "write '->'");
    const ExprPtr backward = mass_action(expression(), reaction.products);
    reaction.rate = make({.kind = ExprKind::binary,
                          .span = between(at.span),
                          .text = "-",
                          .text_span = comma.span,
                          .children = {reaction.rate, backward}});
}

// ---- S[i] and for ----

bool Parser::at_loop() {
    return at_word("for") && at_kind(TokenKind::word, 1) && at_word("in", 2);
}

// Behind the brackets at `at`, without looking inside; `at` if there are none.
std::size_t Parser::index_end(std::size_t at) {
    if (study_language() || !at_sign("[", at) || peek(at).spaced) return at;
    std::size_t end = at, open = 0;
    do {
        if (at_kind(TokenKind::newline, end) || at_kind(TokenKind::end_of_file, end) ||
            end + 2 >= ahead_.size() / 2)
            return at;
        if (at_sign("[", end)) ++open;
        if (at_sign("]", end)) --open;
        ++end;
    } while (open > 0);
    return index_end(end);
}

// `[2]`, `[i + 1, j]`: "_2", "_3_1"; nothing if there are no brackets.
std::string Parser::indices() {
    std::string text;
    while (!study_language() && at_sign("[") && !peek().spaced) {
        extension(peek().span, "an index", "write 'S_1' for 'S[1]'");
        open("[");
        do {
            text += "_" + std::to_string(whole_number("an index"));
        } while (accept_sign(","));
        close("]");
    }
    return text;
}

// The value of a formula of numbers, variables of loops, and names given a number above.
double Parser::constant(const Expr& expr) {
    if (expr.kind == ExprKind::number) return expr.value;
    if (expr.kind == ExprKind::name) {
        const auto known = constants_.find(expr.text);
        if (known != constants_.end()) return known->second;
    }
    if (expr.kind == ExprKind::unary && expr.text == "-") return -constant(*expr.children[0]);
    if (expr.kind == ExprKind::binary) {
        const double a = constant(*expr.children[0]), b = constant(*expr.children[1]);
        if (expr.text == "+") return a + b;
        if (expr.text == "-") return a - b;
        if (expr.text == "*") return a * b;
        if (expr.text == "/") return a / b;
        if (expr.text == "%") return a - b * std::floor(a / b);
    }
    fail(expr.span, "this is no number that is known here",
         "numbers, the variables of loops and names given a number above can stand in it");
}

long Parser::whole_number(const std::string& what) {
    const ExprPtr expr = expression();
    const double value = constant(*expr);
    if (value != std::floor(value) || std::abs(value) > 1e9)
        fail(expr->span, what + " is a whole number", "");
    if (value < 0) fail(expr->span, what + " is not below 0", "");
    return static_cast<long>(value);
}

// The body is read once for each value of the variable.
void Parser::loop(ModelTree& model) {
    const Nested nested(*this);
    const Token keyword = take();
    extension(keyword.span, "'for'", "write the statements out");
    const Token variable = take();
    take();
    const long first = whole_number("the first value of a loop");
    expect_sign("..", "in the range of the loop", "'for i in 1..n'");
    const long last = whole_number("the last value of a loop");
    if (!at_statement_end()) fail_here("a new line or ';' behind the loop's range");
    blocks_.push_back({keyword.span, "for " + std::string(variable.text)});
    const std::string id(variable.text);
    const auto known = constants_.find(id);
    const double outer = known == constants_.end() ? std::nan("") : known->second;  // NaN: had none
    const std::uint32_t body = peek().span.begin;
    const std::size_t statements = model.statements.size();
    for (long value = first; value <= std::max(first, last); ++value) {
        if (++rounds_ > max_rounds) give_up(keyword.span, "the loops of this file have too many rounds", "");
        if (value > first) rewind(body);
        constants_[id] = static_cast<double>(value);
        loops_.insert(id);
        const bool before = std::exchange(failed_, false);
        loop_body(model);
        const bool wrong = failed_;  // one round with an error will do
        failed_ = failed_ || before;
        if (!at_model_end() || gave_up_ || wrong) break;
        if (value < last) take();
    }
    if (last < first) model.statements.resize(statements);
    loops_.erase(id);
    constants_.erase(id);
    if (!std::isnan(outer)) constants_[id] = outer;
    if (at_model_end())
        close_block(take());
    else
        report_unclosed();
}

void Parser::loop_body(ModelTree& model) {
    while (true) {
        while (!finished() && (at_kind(TokenKind::newline) || at_sign(";"))) take();
        if (finished() || at_model_end() || at_model_start()) return;
        statement_begin_ = peek().span.begin;
        try {
            model_statement(model);
            end_model_statement();
        } catch (Failed) {
            recover();
        }
    }
}

}  // namespace rondo
