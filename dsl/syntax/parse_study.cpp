// parse_study.cpp: the statements of studies.
//
// A word is a keyword only where its statement can begin, and not before `=` or `.`: `end = 3` binds a name.
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

constexpr std::string_view blocks[] = {"function", "for", "while", "if", "model"};

constexpr std::string_view words[] = {"import", "use",  "function", "model",  "for",   "while",
                                      "if",     "else", "end",      "return", "assert"};

constexpr std::string_view model_words[] = {"species",       "compartment", "var", "const",
                                            "substanceOnly", "at",          "unit"};

template <std::size_t n>
bool contains(const std::string_view (&list)[n], std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

bool Parser::at_keyword(std::string_view word) {
    return at_word(word) && !at_sign("=", 1) && !at_sign(".", 1);
}

void Parser::end_study_statement() {
    if (!at_statement_end() && !at_block_end()) fail_here("a new line or ';'");
}

// The first line of a block: if it is wrong, the block behind it is read all the same.
template <class Read>
void Parser::header(Read read) {
    try {
        read();
        if (!at_statement_end()) fail_here("a new line or ';'");
    } catch (Failed) {
        recover();
    }
}

// Statements up to `end`, `else` or the end of the file.
void Parser::statements(Block& block) {
    const Nested nested(*this);
    while (!finished()) {
        if (at_kind(TokenKind::newline) || at_sign(";")) {
            take();
            continue;
        }
        if (at_block_end()) return;
        try {
            check_misspelled();
            block.push_back(study_statement());
            end_study_statement();
        } catch (Failed) {
            recover();
        }
    }
}

std::shared_ptr<const Block> Parser::body(bool may_else) {
    auto block = std::make_shared<Block>();
    statements(*block);
    while (at_keyword("else") && !may_else) {
        error(take().span, "'else' belongs to no 'if'");
        statements(*block);
    }
    return block;
}

void Parser::end_block() {
    if (at_keyword("end"))
        close_block(take());
    else
        report_unclosed();
}

// Two values side by side are no expression: the first was meant as a keyword.
void Parser::check_misspelled() {
    const Token word = peek();
    if (word.kind != TokenKind::word || contains(words, word.text)) return;
    const bool value =
        at_kind(TokenKind::word, 1) || at_kind(TokenKind::string, 1) || at_kind(TokenKind::number, 1);
    if (!value || at_word("and", 1) || at_word("or", 1) || at_word("with", 1) || at_word("end", 1)) return;
    std::string help;
    const std::vector<std::string> candidates(std::begin(words), std::end(words));
    const auto near = nearest(word.text, candidates);
    if (near) help = "did you mean '" + *near + "'?";
    if (contains(model_words, word.text)) help = "a model's statements stand inside 'model ... end'";
    error(word.span, "unknown statement " + describe(word), help);
    if (near && contains(blocks, *near)) {
        recover();
        open_block(word.span, *near);
        body(true);
        end_block();
    }
    throw Failed{};
}

Statement Parser::study_statement() {
    if (at_keyword("import")) return import_statement();
    if (at_keyword("use")) return use_statement();
    if (at_keyword("function") && !at_sign("(", 1)) return function_statement();
    if (at_keyword("model")) return study_model();
    if (at_keyword("if")) return if_statement();
    if (at_keyword("while")) return while_statement();
    if (at_keyword("for")) return for_statement();
    if (at_keyword("return")) return return_statement();
    if (at_keyword("assert")) return assert_statement();
    return bind_or_expression();
}

Statement Parser::import_statement() {
    Statement statement{.kind = StatementKind::import, .span = take().span};
    if (!at_kind(TokenKind::string))
        fail_here("the file's name in quotes", "write 'import \"model.ant\" as m'");
    statement.text = plain_string(take());
    if (accept_word("as")) {
        const Token name = expect_word("a name");
        statement.name = name.text;
        statement.name_span = name.span;
    }
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::use_statement() {
    Statement statement{.kind = StatementKind::use, .span = take().span};
    const Token name = expect_word("the name of a part of the library");
    statement.name = name.text;
    statement.name_span = name.span;
    statement.span = between(statement.span);
    return statement;
}

std::vector<Parameter> Parser::parameters() {
    std::vector<Parameter> result;
    open("(");
    do {
        skip_newlines();
        if (at_sign(")")) break;
        const Token name = expect_word("a parameter's name");
        Parameter parameter{std::string(name.text), name.span, nullptr};
        if (accept_sign("=")) parameter.fallback = expression();
        result.push_back(std::move(parameter));
        if (at_kind(TokenKind::newline) && at_sign(",", 1)) take();
    } while (accept_sign(","));
    close(")");
    return result;
}

// A body of one expression is the function's value.
std::shared_ptr<const FunctionTree> Parser::function_rest(Token keyword, Token name) {
    auto function = std::make_shared<FunctionTree>();
    function->name = name.text;
    function->name_span = name.span;
    try {
        function->parameters = parameters();
    } catch (Failed) {
        recover();
    }
    open_block(keyword.span, name.text.empty() ? "function" : "function " + function->name);
    function->body = body();
    end_block();
    function->span = between(keyword.span);
    if (function->body->size() == 1 && function->body->front().kind == StatementKind::expression) {
        function->expression = function->body->front().value;
        function->body = nullptr;
    }
    return function;
}

Statement Parser::function_statement() {
    const Token keyword = take();
    Statement statement{.kind = StatementKind::function};
    Token name;
    if (at_kind(TokenKind::word))
        name = take();
    else
        error(peek().span, "expected the function's name, found " + describe(peek()));
    statement.name = name.text;
    statement.name_span = name.span;
    statement.function = function_rest(keyword, name);
    statement.span = between(keyword.span);
    return statement;
}

Statement Parser::study_model() {
    switch_language(Language::model);
    const auto model = model_block();
    report_kept();
    features_.clear();
    switch_language(Language::study);
    return {.kind = StatementKind::model,
            .span = model->span,
            .name = model->id,
            .name_span = model->id_span,
            .model = model};
}

Statement Parser::if_statement() {
    Statement statement{.kind = StatementKind::if_, .span = peek().span};
    open_block(statement.span, "if");
    bool conditional = true;
    do {
        take();  // if, else
        Branch branch;
        header([&] {
            conditional = at_kind(TokenKind::word) && accept_word("if");
            const bool first = statement.branches.empty();
            if (first || conditional) branch.condition = expression();
            conditional = conditional || first;
        });
        branch.body = body(conditional);
        statement.branches.push_back(std::move(branch));
    } while (conditional && at_keyword("else"));
    end_block();
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::while_statement() {
    Statement statement{.kind = StatementKind::while_, .span = take().span};
    open_block(statement.span, "while");
    header([&] { statement.value = expression(); });
    statement.body = body();
    end_block();
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::for_statement() {
    Statement statement{.kind = StatementKind::for_, .span = take().span};
    open_block(statement.span, "for");
    header([&] {
        const Token name = expect_word("a name");
        statement.name = name.text;
        statement.name_span = name.span;
        if (!accept_word("in")) fail_here("'in'", "write 'for x in 1..10'");
        statement.value = expression();
    });
    statement.body = body();
    end_block();
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::return_statement() {
    Statement statement{.kind = StatementKind::return_, .span = take().span};
    if (!at_statement_end() && !at_block_end()) statement.value = expression();
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::assert_statement() {
    Statement statement{.kind = StatementKind::assert_, .span = take().span};
    statement.value = expression();
    if (accept_sign(",")) statement.message = expression();
    statement.span = between(statement.span);
    return statement;
}

Statement Parser::bind_or_expression() {
    Statement statement{.kind = StatementKind::expression, .span = peek().span};
    const bool name = at_kind(TokenKind::word) && at_sign("=", 1);
    const bool column =
        at_kind(TokenKind::word) && at_sign(".", 1) && at_kind(TokenKind::word, 2) && at_sign("=", 3);
    if (name || column) {
        const Token target = take();
        statement.kind = StatementKind::bind;
        statement.name = target.text;
        statement.name_span = target.span;
        if (column) {
            take();
            statement.field = take().text;
        }
        take();
    }
    statement.value = expression();
    const bool key = statement.kind == StatementKind::expression &&
                     statement.value->kind == ExprKind::index &&
                     statement.value->children[0]->kind == ExprKind::name && accept_sign("=");
    if (key) {
        const Expr& target = *statement.value->children[0];
        statement.kind = StatementKind::bind;
        statement.name = target.text;
        statement.name_span = target.span;
        statement.key = statement.value->children[1];
        statement.value = expression();
    }
    if (!name && !column && at_sign("="))
        fail(statement.value->span, "only a name or a column can be bound",
             "write 'name = value' or 't.column = value'");
    statement.span = between(statement.span);
    return statement;
}

StudyFile Parser::study() {
    StudyFile file;
    try {
        statements(file.statements);
        while (!finished()) {
            const Token stray = take();
            if (!failed_)
                error(stray.span,
                      describe(stray) + (stray.text == "end" ? " closes nothing" : " belongs to no 'if'"));
            statements(file.statements);
        }
    } catch (Failed) {
        recover();
    }
    return file;
}

}  // namespace rondo
