// parser.h: the state that reading models and studies shares. Recursive descent; operators by precedence.
//
// An error in a statement is reported once, then thrown as Failed to the statement's loop, which goes on
// behind the statement.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dsl/syntax/lexer.h"
#include "dsl/syntax/parse.h"
#include "dsl/syntax/tree.h"

namespace rondo {

struct Imports {
    Import load;                                      // empty: there are none
    std::vector<std::uint32_t> open = {}, read = {};  // files
};

class Parser {
  public:
    Parser(std::uint32_t file, std::uint32_t begin, std::uint32_t end, Language language,
           Diagnostics& diagnostics);

    ModelFile models(Imports& imports);
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
    void end_model_statement();
    std::shared_ptr<FunctionTree> model_function();
    void set_title(ModelFile& file, const std::string& id, const std::string& title);
    bool outside_remark(ModelFile& file);
    std::string old_title();
    bool at_model_end();
    bool at_model_start();
    void add_model(ModelFile& file);
    void read_models(ModelFile& file, ModelTree& bare, Imports& imports);
    void import_models(ModelFile& file, ModelTree& bare, Imports& imports);
    bool at_assignment(std::size_t ahead);

    // parse_statement.cpp
    template <class Content>
    void add(ModelTree& model, Span begin, Content content) {
        model.statements.push_back({between(begin), std::move(content)});
    }
    std::size_t name_end(std::size_t at);
    Name word_name(const std::string& what);
    Name name(const std::string& what);
    Name label();
    void model_statement(ModelTree& model);
    bool keyword_statement(ModelTree& model, std::size_t at);
    bool name_first_statement(ModelTree& model, std::size_t at, std::size_t end);
    bool assigned_value(AssignmentKind& kind, ExprPtr& value);
    void assignment(ModelTree& model);
    void algebraic(ModelTree& model);
    bool at_comparison(std::size_t at);
    void constraint(ModelTree& model);
    void objective(ModelTree& model);
    bool at_declaration();
    Declared declared_kind();
    void declaration(ModelTree& model);
    DeclarationItem declaration_item();
    void in_statement(ModelTree& model);
    void name_statement(ModelTree& model);
    [[noreturn]] void fail_unknown_statement();

    // parse_reaction.cpp
    void reaction(ModelTree& model);
    bool at_reaction_side();
    bool at_arrow(std::size_t at);
    void reaction_label(ReactionStatement& reaction);
    std::vector<SpeciesTerm> reaction_side();
    SpeciesTerm species_term();
    double stoichiometry();
    bool at_side_end();
    void arrow(ReactionStatement& reaction);
    bool at_rate();
    void rate(ReactionStatement& reaction);

    // parse_event.cpp
    bool at_event(std::size_t at);
    bool truth_value();
    void event_option(EventStatement& event);
    void event(ModelTree& model);

    // parse_unit.cpp
    double signed_number();
    UnitTree unit_factor();
    UnitTree unit_product();
    UnitTree unit();
    void unit_statement(ModelTree& model);
    void has_statement(ModelTree& model);

    // parse_remark.cpp
    std::size_t qualifier_end(std::size_t at);
    bool at_annotation(std::size_t at);
    bool at_property(std::size_t at);
    std::string qualifier();
    std::vector<std::string> remark_values();
    RemarkStatement annotation();
    std::string sbo_term();
    std::vector<std::string> written_values();
    void property(ModelTree& model);
    void skip_statement();
    void kept_only(Span span, std::string_view kind);
    void report_kept();

    // parse_submodel.cpp
    SubmodelArgument submodel_argument();
    void submodel(ModelTree& model);
    bool at_synchrony(std::size_t end);
    void synchrony(ModelTree& model);
    void deletion(ModelTree& model);
    bool at_interaction(std::size_t at);
    void interaction(ModelTree& model);
    bool at_strand(std::size_t at);
    bool accept_strand();
    void strand(ModelTree& model);

    // parse_extension.cpp
    void extension(Span span, const std::string& what, const std::string& help);
    bool at_choice();
    ExprPtr choice();
    ExprPtr mass_action(ExprPtr rate, const std::vector<SpeciesTerm>& side);
    void mass_action_rate(ReactionStatement& reaction);
    bool at_loop();
    std::size_t index_end(std::size_t at);
    std::string indices();
    double constant(const Expr& expr);
    long whole_number(const std::string& what);
    void loop(ModelTree& model);
    void loop_body(ModelTree& model);

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
    std::array<Token, 64> ahead_;  // ring of words read ahead
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
    std::vector<Feature> features_;                         // met and only kept
    std::map<std::string, double, std::less<>> constants_;  // of loops, and given to names, for indices
    std::set<std::string, std::less<>> loops_;              // variables of the loops that are open
    int choices_ = 0, rounds_ = 0;
    std::vector<std::string> submodels_;  // of the model being read
    std::map<std::string, std::string, std::less<>>
        old_names_;  // `A_-_B` as written -> id, see old_model_name
};

}  // namespace rondo
