// parser.h: the state that reading models and studies shares. Recursive descent; operators by precedence.
//
// An error in a statement is reported once, then thrown as Failed to the statement's loop, which goes on
// behind the statement.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsl/syntax/lexer.h"
#include "dsl/syntax/tree.h"

namespace rondo {

class Parser {
  public:
    Parser(std::uint32_t file, std::uint32_t begin, std::uint32_t end, Language language,
           Diagnostics& diagnostics);

    ModelFile models();
    StudyFile study();
    ExprPtr selection();

  private:
    struct Failed {};  // reported; caught where statements are read
    struct Nested {    // guards the stack
        explicit Nested(Parser& parser);
        ~Nested() { --parser_.depth_; }
        Parser& parser_;
    };
    struct Operator {
        int level = 0;  // 0: none
        std::string_view text;
        int tokens = 1;
    };
    struct Opened {  // a block that waits for its `end`
        Span span;
        std::string what;
    };

    // parser.cpp: words, errors, recovery
    const Token& peek(std::size_t ahead = 0);
    Token take();
    bool at_sign(std::string_view sign, std::size_t ahead = 0);
    bool at_word(std::string_view word, std::size_t ahead = 0);
    bool at_kind(TokenKind kind, std::size_t ahead = 0) { return peek(ahead).kind == kind; }
    bool adjacent(std::size_t ahead) { return !peek(ahead).spaced; }
    bool accept_sign(std::string_view sign);
    bool accept_word(std::string_view word);
    void expect_sign(std::string_view sign, const std::string& where, std::string help = {});
    Token expect_word(const std::string& what);
    void skip_newlines();
    bool at_statement_end();
    void open(std::string_view sign);
    void close(std::string_view sign);
    void rewind(std::uint32_t position);
    void switch_language(Language language);
    std::string describe(const Token& token) const;
    Span between(Span begin) const { return join(begin, last_); }
    void error(Span span, std::string message, std::string help = {});
    [[noreturn]] void fail(Span span, std::string message, std::string help = {});
    [[noreturn]] void fail_here(const std::string& expected, std::string help = {});
    void unsupported(Span span, std::string_view feature);
    void report_unsupported();
    void recover();
    void recover_model();
    void recover_study();
    static bool is_arrow(const Token& token);
    void note(const Token& token);
    void give_up(Span span, std::string message, std::string help);
    bool finished() { return at_kind(TokenKind::end_of_file) || diagnostics_->full(file_); }
    std::string place(Span span) const;
    void close_block(const Token& end);
    void report_unclosed();

    // parse_expression.cpp
    ExprPtr expression() { return binary(1); }
    ExprPtr binary(int least);
    ExprPtr unary();
    ExprPtr power();
    ExprPtr postfix();
    ExprPtr primary();
    ExprPtr number();
    ExprPtr group();
    ExprPtr list();
    ExprPtr name_or_call();
    ExprPtr concentration();
    ExprPtr anonymous_function();
    ExprPtr field(ExprPtr value);
    ExprPtr index(ExprPtr value);
    ExprPtr with(ExprPtr value);
    std::vector<Argument> arguments(std::string_view opening, std::string_view closing);
    Argument argument();
    Operator operator_ahead();
    void check_mixing(const Expr& left, const Operator& op);
    ExprPtr make(Expr expr);
    bool study_language() const { return language_ == Language::study; }

    // parse_string.cpp
    ExprPtr string_literal();
    ExprPtr string_value(const Token& token);
    ExprPtr interpolation(std::uint32_t& at, std::uint32_t end);
    char escape(std::uint32_t at);
    std::string plain_string(const Token& token);

    // parse_model.cpp
    std::shared_ptr<ModelTree> model_block();
    void model_header(ModelTree& model);
    std::string old_model_name(Token name);
    void model_body(ModelTree& model);
    void model_statement(ModelTree& model);
    void end_model_statement();
    std::shared_ptr<FunctionTree> model_function();
    bool title(ModelFile& file);
    std::string old_title();
    bool at_model_end();
    bool at_model_start();
    void add_model(ModelFile& file);
    bool at_assignment(std::size_t ahead);
    bool at_declaration();
    bool assigned_value(AssignmentKind& kind, ExprPtr& value);
    void assignment(ModelTree& model);
    void declaration(ModelTree& model);
    DeclarationItem declaration_item();
    void in_statement(ModelTree& model);
    void name_statement(ModelTree& model);
    [[noreturn]] void fail_unknown_statement();

    // parse_reaction.cpp
    void reaction(ModelTree& model);
    void reaction_label(ReactionStatement& reaction);
    std::vector<SpeciesTerm> reaction_side();
    SpeciesTerm species_term();
    double stoichiometry();
    bool at_side_end();
    void arrow(ReactionStatement& reaction);
    void rate(ReactionStatement& reaction);

    // parse_unread.cpp: what Antimony has and Rondo does not read yet
    static constexpr std::string_view annotations = "annotations ('x identity \"...\"')";
    bool unread_statement();
    std::string_view feature_ahead(std::size_t at);
    std::string_view feature_of_word(std::size_t at);
    bool at_annotation(std::size_t at);
    void skip_statement();

    // parse_study.cpp
    void statements(Block& block);
    Statement study_statement();
    void end_study_statement();
    template <class Read>
    void header(Read read);
    bool at_keyword(std::string_view word);
    bool at_block_end() { return at_keyword("end") || at_keyword("else"); }
    void open_block(Span span, std::string what) { blocks_.push_back({span, std::move(what)}); }
    std::shared_ptr<const Block> body(bool may_else = false);
    void end_block();
    void check_misspelled();
    Statement import_statement();
    Statement use_statement();
    Statement function_statement();
    Statement study_model();
    Statement if_statement();
    Statement while_statement();
    Statement for_statement();
    Statement return_statement();
    Statement assert_statement();
    Statement bind_or_expression();
    std::shared_ptr<const FunctionTree> function_rest(Token keyword, Token name);
    std::vector<Parameter> parameters();

    Diagnostics* diagnostics_;
    std::uint32_t file_;
    Language language_;
    Lexer lexer_;
    bool selection_ = false;
    std::array<Token, 16> ahead_;  // ring of words read ahead
    std::size_t ahead_begin_ = 0, ahead_count_ = 0;
    bool last_read_newline_ = false;
    Span last_;                    // of the word taken last
    std::vector<Token> brackets_;  // open ones
    std::vector<Opened> blocks_;
    std::optional<Opened> suspect_;  // closed by an `end` that stands below another block's opening
    int depth_ = 0;
    bool failed_ = false, gave_up_ = false, unclosed_at_end_ = false;
    std::uint32_t statement_begin_ = 0;           // in a model
    std::vector<std::string>* unread_ = nullptr;  // where skipped words are noted
    struct Feature {
        std::string name;
        Span first;
        int count = 0;
    };
    std::vector<Feature> features_;  // met and not read
    std::map<std::string, std::string, std::less<>>
        old_names_;  // `A_-_B` as written -> id, see old_model_name
};

}  // namespace rondo
