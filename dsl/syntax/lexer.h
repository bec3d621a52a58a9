// lexer.h: bytes to words, one at a time, for models and studies alike.
//
// Newlines are tokens; comments and a `\` before a newline are not. Keywords are ordinary words: the parser
// knows where one is meant.
#pragma once
#include <cstdint>
#include <string_view>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

enum class Language : std::uint8_t { model, study };

enum class TokenKind : std::uint8_t { end_of_file, newline, word, number, string, sign };

struct Token {
    TokenKind kind = TokenKind::end_of_file;
    Span span;
    std::string_view text;  // as written; a string with its quotes
    double value = 0;       // number
    bool spaced = false;    // white space before it
    bool broken = false;    // a string without its end, already reported
};

// What is wrong with the file as a whole: binary, XML, too large. True if it can be read.
bool check_text(std::uint32_t file, Diagnostics& diagnostics);

class Lexer {
  public:
    // Reads bytes [begin, end) of `file`.
    Lexer(std::uint32_t file, std::uint32_t begin, std::uint32_t end, Language language,
          Diagnostics& diagnostics);

    // At the end: end_of_file, again and again.
    Token next();

    std::uint32_t position() const { return at_; }
    void set_position(std::uint32_t at) { at_ = at; }
    void set_language(Language language) { language_ = language; }
    void stop() { at_ = end_; }
    bool gave_up() const {
        return gave_up_;
    }  // the rest is no text: whatever follows from that is not worth saying

  private:
    char look(std::uint32_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
    bool skip_blank();
    void skip_block_comment();
    bool skip_continuation();
    Token word();
    Token number();
    Token string();
    Token long_string();
    Token sign();
    Token finish(TokenKind kind, std::uint32_t begin);
    bool skip_string(int depth);
    bool check_utf8(std::uint32_t begin);
    void error(Span span, std::string message, std::string help = {});
    Span span(std::uint32_t begin) const { return {file_, begin, at_}; }

    std::string_view text_;
    std::uint32_t file_, at_, end_;
    bool gave_up_ = false;
    std::uint32_t reported_ = 0;  // errors before it were reported: the parser may read a place twice
    Language language_;
    Diagnostics* diagnostics_;
};

}  // namespace rondo
