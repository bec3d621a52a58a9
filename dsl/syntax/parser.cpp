// parser.cpp: words ahead, errors and how reading goes on behind them.
#include "dsl/syntax/parser.h"

#include <algorithm>
#include <cassert>

#include "dsl/syntax/parse.h"

namespace rondo {

namespace {

constexpr int max_nesting = 500;            // brackets and blocks: bounds the parser's own stack
constexpr int max_recovery = 10000;         // words searched for the end of a broken statement
constexpr std::size_t max_shown = 30;       // bytes of a word in a message
constexpr std::size_t max_unread = 100000;  // words noted of broken statements

struct Hint {
    std::string_view sign, help;
};

// What was probably meant by a sign that cannot stand where it was found.
constexpr Hint hints[] = {
    {"<->", "write '->' or '<==>' (reversible), or '=>' (irreversible)"},
    {"<=>", "write '->' or '<==>' (reversible), or '=>' (irreversible)"},
    {"**", "write '^' for a power"},
    {"&", "write '&&'"},
    {"|", "write '||'"},
    {"=", "'=' binds a name; '==' compares"},
    {"=>", "'=>' is a reaction's arrow; write '>=' to compare"},
    {"->", "reactions stand at the start of a statement inside 'model ... end'"},
    {":=", "rules stand inside 'model ... end'"},
    {"+=", "write 'x = x + ...'"},
    {"-=", "write 'x = x - ...'"},
    {"*=", "write 'x = x*...'"},
    {"/=", "write 'x = x/...'"},
    {"?", "write 'piecewise(value, condition, otherwise)'"},
};

}  // namespace

Parser::Parser(std::uint32_t file, std::uint32_t begin, std::uint32_t end, Language language,
               Diagnostics& diagnostics)
    : diagnostics_(&diagnostics),
      file_(file),
      language_(language),
      lexer_(file, begin, end, language, diagnostics),
      last_{file, begin, begin} {}

Parser::Nested::Nested(Parser& parser) : parser_(parser) {
    if (++parser_.depth_ <= max_nesting) return;
    --parser_.depth_;
    parser_.give_up(parser_.peek().span, "nested more than " + std::to_string(max_nesting) + " deep",
                    "the rest of the file is not read");
}

const Token& Parser::peek(std::size_t ahead) {
    assert(ahead < ahead_.size());
    while (ahead_count_ <= ahead) {
        const Token token = lexer_.next();
        const bool newline = token.kind == TokenKind::newline;
        if (newline && last_read_newline_) continue;
        last_read_newline_ = newline;
        ahead_[(ahead_begin_ + ahead_count_++) % ahead_.size()] = token;
    }
    return ahead_[(ahead_begin_ + ahead) % ahead_.size()];
}

Token Parser::take() {
    const Token token = peek();
    ahead_begin_ = (ahead_begin_ + 1) % ahead_.size();
    --ahead_count_;
    if (token.kind != TokenKind::newline) last_ = token.span;
    return token;
}

bool Parser::at_sign(std::string_view sign, std::size_t ahead) {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::sign && token.text == sign;
}

bool Parser::at_word(std::string_view word, std::size_t ahead) {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::word && token.text == word;
}

bool Parser::accept_sign(std::string_view sign) {
    const bool there = at_sign(sign);
    if (there) take();
    return there;
}

bool Parser::accept_word(std::string_view word) {
    const bool there = at_word(word);
    if (there) take();
    return there;
}

void Parser::expect_sign(std::string_view sign, const std::string& where, std::string help) {
    if (!accept_sign(sign)) fail_here("'" + std::string(sign) + "' " + where, std::move(help));
}

Token Parser::expect_word(const std::string& what) {
    if (!at_kind(TokenKind::word)) fail_here(what);
    return take();
}

void Parser::skip_newlines() {
    while (at_kind(TokenKind::newline)) take();
}

bool Parser::at_statement_end() {
    return at_kind(TokenKind::newline) || at_kind(TokenKind::end_of_file) || at_sign(";");
}

void Parser::open(std::string_view sign) {
    if (!at_sign(sign)) fail_here("'" + std::string(sign) + "'");
    brackets_.push_back(take());
}

void Parser::close(std::string_view sign) {
    if (at_kind(TokenKind::newline) && at_sign(sign, 1)) take();
    if (at_sign(sign)) {
        take();
        brackets_.pop_back();
        return;
    }
    const Token opening = brackets_.back();
    fail_here("'" + std::string(sign) + "'",
              "'" + std::string(opening.text) + "' was opened at " + place(opening.span));
}

void Parser::rewind(std::uint32_t position) {
    if (gave_up_ || lexer_.gave_up()) return;
    ahead_count_ = 0;
    last_read_newline_ = false;
    lexer_.set_position(position);
}

void Parser::switch_language(Language language) {
    const std::uint32_t position = ahead_count_ > 0 ? peek().span.begin : lexer_.position();
    language_ = language;
    lexer_.set_language(language);
    rewind(position);
}

std::string Parser::place(Span span) const {
    const Place at = diagnostics_->sources().place(span.file, span.begin);
    return "line " + std::to_string(at.line) + ", column " + std::to_string(at.column);
}

std::string Parser::describe(const Token& token) const {
    if (token.kind == TokenKind::end_of_file)
        return "the end of the " + std::string(brackets_.empty() ? "file" : "text");
    if (token.kind == TokenKind::newline) return "the end of the line";
    if (token.text.size() <= max_shown) return "'" + std::string(token.text) + "'";
    std::size_t size = max_shown;
    while (size > 0 && (static_cast<unsigned char>(token.text[size]) & 0xc0) == 0x80) --size;
    return "'" + std::string(token.text.substr(0, size)) + "...'";
}

void Parser::error(Span span, std::string message, std::string help) {
    failed_ = true;
    if (!gave_up_ && !lexer_.gave_up()) diagnostics_->error(span, std::move(message), std::move(help));
}

void Parser::fail(Span span, std::string message, std::string help) {
    error(span, std::move(message), std::move(help));
    throw Failed{};
}

void Parser::fail_here(const std::string& expected, std::string help) {
    const Token& found = peek();
    if (found.broken) throw Failed{};
    const auto hint =
        std::find_if(std::begin(hints), std::end(hints), [&](const Hint& h) { return h.sign == found.text; });
    if (help.empty() && found.kind == TokenKind::sign && hint != std::end(hints)) help = hint->help;
    const bool at_end = found.kind == TokenKind::newline || found.kind == TokenKind::end_of_file;
    const Span behind_last{file_, last_.end, last_.end};
    fail(at_end ? behind_last : found.span, "expected " + expected + ", found " + describe(found),
         std::move(help));
}

void Parser::give_up(Span span, std::string message, std::string help) {
    error(span, std::move(message), std::move(help));
    gave_up_ = true;
    ahead_count_ = 0;
    lexer_.stop();
    throw Failed{};
}

// In a model: from the statement's beginning, noting its words, to the end of the line or `;` behind the
// error. A reaction has one `;` inside.
void Parser::recover_model() {
    const std::uint32_t failed_at = peek().span.begin;
    bool reaction = false;
    rewind(statement_begin_);
    while (!at_kind(TokenKind::end_of_file)) {
        const bool passed = peek().span.begin >= failed_at;
        if (passed && (at_kind(TokenKind::newline) || (at_sign(";") && !reaction))) return;
        const Token token = take();
        if (token.text == ";") reaction = false;
        if (is_arrow(token)) reaction = true;
        note(token);
    }
}

// In a study: behind the brackets still open, or, where they are never closed, to the end of the line.
void Parser::recover_study() {
    std::size_t open = brackets_.size();
    std::uint32_t line_end = 0;
    for (int words = 0;; ++words) {
        const Token& token = peek();
        if (token.kind == TokenKind::end_of_file || words == max_recovery) {
            if (line_end > 0 && open > 0 && !unclosed_at_end_) rewind(line_end);
            return;
        }
        if (open == 0 && (token.kind == TokenKind::newline || at_sign(";"))) return;
        if (token.kind == TokenKind::newline && line_end == 0) line_end = token.span.begin;
        if (at_sign("(") || at_sign("[") || at_sign("{")) ++open;
        if (open > 0 && (at_sign(")") || at_sign("]") || at_sign("}"))) --open;
        take();
    }
}

void Parser::recover() {
    failed_ = true;
    study_language() ? recover_study() : recover_model();
    brackets_.clear();
}

bool Parser::is_arrow(const Token& token) {
    constexpr std::string_view arrows[] = {"->", "=>", "<==>", "<->", "<=>"};
    return token.kind == TokenKind::sign &&
           std::find(std::begin(arrows), std::end(arrows), token.text) != std::end(arrows);
}

// To its end; the newline may follow a `,`.
void Parser::skip_statement() {
    while (!at_kind(TokenKind::end_of_file) && !at_sign(";")) {
        if (at_kind(TokenKind::newline) && diagnostics_->sources().slice(last_) != ",") return;
        take();
    }
}

void Parser::note(const Token& token) {
    if (token.kind == TokenKind::word && unread_ && unread_->size() < max_unread)
        unread_->push_back(std::string(token.text));
}

// Takes note where an `end` closes an inner block but stands below the opening of an outer one.
void Parser::close_block(const Token& end) {
    const auto indentation = [&](Span span) {
        const Sources& sources = diagnostics_->sources();
        const std::string_view line = sources.line(file_, sources.place(file_, span.begin).line);
        return std::min(line.find_first_not_of(" \t"), line.size());
    };
    const Opened inner = blocks_.back();
    blocks_.pop_back();
    if (blocks_.empty() || suspect_ || indentation(end.span) >= indentation(inner.span)) return;
    suspect_ = inner;
}

// The innermost block has no `end`. At the end of the text that is said once, not of the blocks around it
// too.
void Parser::report_unclosed() {
    const Opened opened = suspect_ ? *suspect_ : blocks_.back();
    blocks_.pop_back();
    if (!unclosed_at_end_) error(opened.span, "'" + opened.what + "' is never closed", "add 'end'");
    unclosed_at_end_ = at_kind(TokenKind::end_of_file);
}

ExprPtr Parser::selection() {
    selection_ = true;
    try {
        const ExprPtr result = expression();
        skip_newlines();
        if (!at_kind(TokenKind::end_of_file)) fail_here("nothing more");
        return result;
    } catch (Failed) {
        return nullptr;
    }
}

namespace {

Parser whole_file(std::uint32_t file, Language language, Diagnostics& diagnostics) {
    const auto size = static_cast<std::uint32_t>(diagnostics.sources().text(file).size());
    return Parser(file, 0, size, language, diagnostics);
}

}  // namespace

ModelFile parse_models(std::uint32_t file, Diagnostics& diagnostics) {
    return parse_models(file, diagnostics, {});
}

ModelFile parse_models(std::uint32_t file, Diagnostics& diagnostics, const Import& import) {
    if (!check_text(file, diagnostics)) return {};
    Imports imports{.load = import, .open = {file}};
    return whole_file(file, Language::model, diagnostics).models(imports);
}

StudyFile parse_study(std::uint32_t file, Diagnostics& diagnostics) {
    if (!check_text(file, diagnostics)) return {};
    return whole_file(file, Language::study, diagnostics).study();
}

ExprPtr parse_expression(std::uint32_t file, Diagnostics& diagnostics) {
    if (!check_text(file, diagnostics)) return nullptr;
    return whole_file(file, Language::model, diagnostics).selection();
}

}  // namespace rondo
