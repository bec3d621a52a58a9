// format.cpp: words as they come, and what stands between them: blanks, comments, continued lines.
#include "dsl/syntax/format.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "dsl/syntax/lexer.h"

namespace rondo {

namespace {

constexpr std::size_t step = 2, continued = 4;  // columns

constexpr std::string_view apart[] = {
    "=", ":=", "==", "!=", "<", "<=", ">", ">=", "->", "=>", "<==>", "<->", "<=>", "&&", "||"};
constexpr std::string_view tight_before[] = {",", ";", ")", "]", "'", ":"};
constexpr std::string_view tight_behind[] = {"(", "[", "$", "@"};
constexpr std::string_view tight[] = {"^", "**", ".", ".."};

template <std::size_t n>
bool is_one(const Token& token, const std::string_view (&signs)[n]) {
    return token.kind == TokenKind::sign &&
           std::find(std::begin(signs), std::end(signs), token.text) != std::end(signs);
}

bool is(const Token& token, std::string_view text) {
    return token.text == text && token.kind != TokenKind::string;
}

std::size_t width(std::string_view text) {
    const std::size_t line = text.rfind('\n') + 1;  // 0 without one
    return std::count_if(text.begin() + static_cast<std::ptrdiff_t>(line), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

class Formatter {
  public:
    Formatter(std::uint32_t file, Diagnostics& diagnostics)
        : text_(diagnostics.sources().text(file)), sources_(diagnostics.sources()), file_(file) {
        Lexer lexer(file, 0, static_cast<std::uint32_t>(text_.size()), Language::model, diagnostics);
        do {
            tokens_.push_back(lexer.next());
        } while (tokens_.back().kind != TokenKind::end_of_file);
    }

    std::string run() {
        std::uint32_t end = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
        for (at_ = 0; at_ < tokens_.size(); ++at_) {
            const Token& token = tokens_[at_];
            gap(end, token.span.begin);
            end = token.span.end;
            if (token.kind == TokenKind::newline)
                end_line();
            else if (token.kind != TokenKind::end_of_file)
                put(token);
        }
        if (!line_.empty()) end_line();
        while (out_.ends_with("\n\n")) out_.pop_back();
        return std::move(out_);
    }

  private:
    const Token& token(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }

    // ---- between words ----

    // A `\` at the end of its line, and comments.
    void gap(std::uint32_t begin, std::uint32_t end) {
        for (std::uint32_t at = begin; at < end;) {
            const std::string_view rest = text_.substr(at, end - at);
            std::size_t length = 1;
            if (rest.starts_with("/*")) {
                length = std::min(rest.size(), rest.find("*/", 2) + 2);
                comment(at, rest.substr(0, length));
            } else if (rest.starts_with("//") || rest.starts_with("#")) {
                length = std::min(rest.size(), rest.find_first_of("\r\n"));
                comment(at, rest.substr(0, length));
            } else if (rest[0] == '\\') {
                line_ += " \\";
                end_line();
                continues_ = true;
                length = std::min(rest.size(), rest.find('\n') + 1);
            }
            at += static_cast<std::uint32_t>(length);
        }
    }

    void comment(std::uint32_t at, std::string_view comment) {
        while (comment.ends_with(' ') || comment.ends_with('\t')) comment.remove_suffix(1);
        if (line_.empty()) {
            line_ = std::string(indentation(), ' ');
        } else {
            const std::size_t column = sources_.place(file_, at).column - 1;
            const std::size_t here = width(line_);
            line_ += std::string(column > here ? column - here : 1, ' ');
        }
        line_ += comment;
        commented_ = true;
    }

    void end_line() {
        while (line_.ends_with(' ')) line_.pop_back();
        const bool blank = line_.empty();
        if (!blank || !(out_.empty() || out_.ends_with("\n\n"))) out_ += line_ + "\n";
        line_.clear();
        commented_ = false;
        continues_ = brackets_ > 0 || (last_ && (is(*last_, ",") || is(*last_, ":")));
        if (!continues_) starts_ = true;
    }

    // ---- words ----

    std::size_t indentation() const { return step * blocks_.size() + (continues_ ? continued : 0); }

    // `model m`, `function f(`, `for i in`; in a model, `model` and `end` may mean something else.
    void open_block() {
        const bool named = token(1).kind == TokenKind::word;
        const bool model = is(token(), "model") || is(token(), "module");
        if (blocks_.empty() && model && (is(token(1), "*") || (named && token(2).kind != TokenKind::string)))
            blocks_.push_back('m');
        else if (blocks_.empty() && is(token(), "function") && named)
            blocks_.push_back('f');
        else if (is(token(), "for") && named && is(token(2), "in"))
            blocks_.push_back('l');
    }

    bool closes_block() const {
        if (blocks_.empty() || !is(token(), "end") || is(token(1), "=") || is(token(1), ":=") ||
            is(token(1), "'"))
            return false;
        return starts_ || blocks_.back() == 'f';
    }

    bool space_before(const Token& next) const {
        const Token& before = *last_;
        if (is(next, ";") && commented_) return true;
        if (is_one(next, tight_before) || is_one(before, tight_behind)) return false;
        if (is_one(next, tight) || is_one(before, tight)) return false;
        if (is(before, ":")) return !sbo_;
        if (is_one(next, apart) || is_one(before, apart) || is(before, ",") || is(before, ";")) return true;
        return next.spaced || commented_;
    }

    void put(const Token& next) {
        if (closes_block()) blocks_.pop_back();
        if (line_.empty())
            line_ = std::string(indentation(), ' ');
        else if (commented_ || (last_ && space_before(next)))
            line_ += ' ';
        line_ += next.text;
        sbo_ = is(next, ":") && last_ && (is(*last_, "SBO") || is(*last_, "sbo"));
        if (is(next, "(") || is(next, "[") || is(next, "{")) ++brackets_;
        if (brackets_ > 0 && (is(next, ")") || is(next, "]") || is(next, "}"))) --brackets_;
        if (starts_) open_block();
        starts_ = is(next, ";");
        continues_ = commented_ = false;
        last_ = &next;
    }

    std::string_view text_;
    const Sources& sources_;
    std::uint32_t file_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::string out_, line_;
    std::vector<char> blocks_;  // open: m(odel), f(unction), l(oop)
    const Token* last_ = nullptr;
    int brackets_ = 0;
    bool starts_ = true;      // a statement begins here
    bool continues_ = false;  // the line goes on with a statement of one before
    bool commented_ = false;  // a comment stands before the next word
    bool sbo_ = false;        // behind the `:` of an SBO term
};

}  // namespace

std::string format_model(std::uint32_t file, Diagnostics& diagnostics) {
    return Formatter(file, diagnostics).run();
}

}  // namespace rondo
