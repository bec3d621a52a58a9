// lexer.cpp: hand-written, one character of look-ahead mostly.
#include "dsl/syntax/lexer.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <limits>

namespace rondo {

namespace {

constexpr int max_string_depth = 50;  // strings inside the {...} of strings

// Longest first. The arrows <-> and <=> and the operators ** and += are no part of either language, but what
// people write; the parser says what to write instead.
constexpr std::string_view signs[] = {"<==>", "<->", "<=>", "->", "=>", ":=", "==", "!=", "<=",
                                      ">=",   "&&",  "||",  "..", "**", "+=", "-=", "*=", "/="};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}
bool is_newline(char c) {
    return c == '\n' || c == '\r';
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

std::string hexadecimal(char c) {
    std::array<char, 8> digits;
    std::snprintf(digits.data(), digits.size(), "0x%02x", static_cast<unsigned char>(c));
    return digits.data();
}

}  // namespace

bool check_text(std::uint32_t file, Diagnostics& diagnostics) {
    const std::string& text = diagnostics.sources().text(file);
    const std::string name = "'" + diagnostics.sources().name(file) + "'";
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
        diagnostics.error({file, 0, 0}, name + " is larger than 4 GB");
        return false;
    }
    const std::size_t zero = text.find('\0');
    if (zero != std::string::npos) {
        const auto at = static_cast<std::uint32_t>(zero);
        diagnostics.error({file, at, at + 1},
                          name + " looks binary: byte 0x00 at offset " + std::to_string(zero),
                          "models and studies are UTF-8 text");
        return false;
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first != std::string::npos && text[first] == '<' && text.compare(first, 2, "<=") != 0) {
        const auto at = static_cast<std::uint32_t>(first);
        diagnostics.error({file, at, at + 1}, name + " looks like XML, not like text in this language",
                          "SBML is read where a model is imported or named on the command line");
        return false;
    }
    return true;
}

Lexer::Lexer(std::uint32_t file, std::uint32_t begin, std::uint32_t end, Language language,
             Diagnostics& diagnostics)
    : text_(diagnostics.sources().text(file)),
      file_(file),
      at_(begin),
      end_(end),
      language_(language),
      diagnostics_(&diagnostics) {
    if (begin == 0 && text_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

void Lexer::error(Span span, std::string message, std::string help) {
    if (span.begin < reported_) return;
    diagnostics_->error(span, std::move(message), std::move(help));
    reported_ = span.begin + 1;
}

// False, after one diagnostic and giving up on the rest, if the bytes from `begin` on are not UTF-8.
bool Lexer::check_utf8(std::uint32_t begin) {
    for (std::string_view rest = text_.substr(begin, at_ - begin); !rest.empty();) {
        const std::size_t length = character_length(rest);
        if (length == 0) {
            const auto place = static_cast<std::uint32_t>(rest.data() - text_.data());
            error({file_, place, place + 1},
                  "'" + diagnostics_->sources().name(file_) + "' is not UTF-8 text: byte " +
                      hexadecimal(rest[0]) + " at offset " + std::to_string(place),
                  "save it as UTF-8");
            gave_up_ = true;
            stop();
            return false;
        }
        rest.remove_prefix(length);
    }
    return true;
}

void Lexer::skip_block_comment() {
    const std::uint32_t begin = at_;
    const std::size_t close = text_.substr(0, end_).find("*/", at_ + 2);
    if (close == std::string_view::npos) {
        error({file_, begin, begin + 2}, "this comment is never closed", "add '*/'");
        at_ = end_;
    } else {
        at_ = static_cast<std::uint32_t>(close + 2);
    }
}

// `\`, spaces, newline.
bool Lexer::skip_continuation() {
    std::uint32_t ahead = 1;
    while (is_space(look(ahead))) ++ahead;
    if (!is_newline(look(ahead))) return false;
    at_ += ahead + (look(ahead) == '\r' && look(ahead + 1) == '\n' ? 2 : 1);
    return true;
}

// True if there was any.
bool Lexer::skip_blank() {
    const std::uint32_t begin = at_;
    while (at_ < end_) {
        if (is_space(look())) {
            ++at_;
        } else if (look() == '#' || (look() == '/' && look(1) == '/')) {
            while (at_ < end_ && !is_newline(look())) ++at_;
        } else if (look() == '/' && look(1) == '*') {
            skip_block_comment();
        } else if (look() != '\\' || !skip_continuation()) {
            break;
        }
    }
    return at_ != begin;
}

Token Lexer::finish(TokenKind kind, std::uint32_t begin) {
    return {kind, span(begin), text_.substr(begin, at_ - begin)};
}

Token Lexer::word() {
    const std::uint32_t begin = at_;
    bool ascii = true;
    for (; is_letter(look()) || is_digit(look()) || is_high(look()); ++at_) ascii = ascii && !is_high(look());
    const Token token = finish(TokenKind::word, begin);
    if (ascii || !check_utf8(begin)) return token;
    if (language_ == Language::model)
        diagnostics_->extension(token.span, "a name with letters that are not ASCII is no Antimony",
                                "spell the letter out ('alpha')");
    else
        error(token.span, "names are made of ASCII letters, digits and '_'",
              "spell the letter out ('alpha'); other alphabets may stand in strings and comments");
    return token;
}

// Digits, point, digits, exponent. `0..5` is a range; `2e` is a number and a name.
Token Lexer::number() {
    const std::uint32_t begin = at_;
    while (is_digit(look())) ++at_;
    if (look() == '.' && look(1) != '.') ++at_;
    while (is_digit(look())) ++at_;
    const std::uint32_t sign = look(1) == '+' || look(1) == '-' ? 1 : 0;
    if ((look() == 'e' || look() == 'E') && is_digit(look(1 + sign))) {
        at_ += 1 + sign;
        while (is_digit(look())) ++at_;
    }
    Token token = finish(TokenKind::number, begin);
    const auto end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, token.value).ec != std::errc{})
        error(token.span, "the number is out of range",
              "the largest is about 1.8e308, the smallest above zero about 5e-324");
    return token;
}

// Leaves `at_` behind the closing quote; false, and at the end of the line, if there is none.
bool Lexer::skip_string(int depth) {
    ++at_;
    int braces = 0;
    while (at_ < end_ && !is_newline(look())) {
        const char c = look();
        if (c == '\\' && at_ + 1 < end_ && !is_newline(look(1))) {
            at_ += 2;
        } else if (c == '"' && braces == 0) {
            ++at_;
            return true;
        } else if (c == '"' && depth < max_string_depth) {
            skip_string(depth + 1);
        } else {
            if (language_ == Language::study && c == '{') ++braces;
            if (c == '}' && braces > 0) --braces;
            ++at_;
        }
    }
    return false;
}

Token Lexer::string() {
    const std::uint32_t begin = at_;
    const bool closed = skip_string(0);
    Token token = finish(TokenKind::string, begin);
    token.broken = !closed;
    if (check_utf8(begin) && !closed) error(token.span, "this string is not closed on its line", "add '\"'");
    return token;
}

// ```...```, which may span lines.
Token Lexer::long_string() {
    const std::uint32_t begin = at_;
    const std::size_t close = text_.substr(0, end_).find("```", at_ + 3);
    at_ = close == std::string_view::npos ? end_ : static_cast<std::uint32_t>(close + 3);
    Token token = finish(TokenKind::string, begin);
    token.broken = close == std::string_view::npos;
    if (token.broken) error({file_, begin, begin + 3}, "this string is never closed", "add '```'");
    return token;
}

Token Lexer::sign() {
    const std::uint32_t begin = at_;
    for (const std::string_view sign : signs) {
        if (text_.substr(0, end_).substr(at_, sign.size()) == sign) {
            at_ += static_cast<std::uint32_t>(sign.size());
            return finish(TokenKind::sign, begin);
        }
    }
    const char c = look();
    ++at_;
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) return finish(TokenKind::sign, begin);
    error(span(begin), "'" + diagnostics_->sources().name(file_) + "' looks binary: byte " + hexadecimal(c) +
                           " at offset " + std::to_string(begin));
    gave_up_ = true;
    stop();
    return finish(TokenKind::end_of_file, at_);
}

Token Lexer::next() {
    const bool spaced = skip_blank();
    const std::uint32_t begin = at_;
    Token token;
    if (at_ >= end_) {
        token = finish(TokenKind::end_of_file, begin);
    } else if (is_newline(look())) {
        at_ += look() == '\r' && look(1) == '\n' ? 2 : 1;
        token = finish(TokenKind::newline, begin);
    } else if (is_letter(look()) || is_high(look())) {
        token = word();
    } else if (is_digit(look()) || (look() == '.' && is_digit(look(1)))) {
        token = number();
    } else if (look() == '"') {
        token = string();
    } else if (look() == '`' && look(1) == '`' && look(2) == '`') {
        token = long_string();
    } else {
        token = sign();
    }
    token.spaced = spaced;
    return token;
}

}  // namespace rondo
