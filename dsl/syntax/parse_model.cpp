// parse_model.cpp: Antimony's files, models and statements (parse_reaction.cpp has the reactions).
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

constexpr std::string_view flags[] = {"var", "const", "ext", "substanceOnly"};

constexpr std::string_view kinds[] = {"species", "compartment", "formula", "reaction",
                                      "gene",    "operator",    "DNA",     "geneProduct"};

constexpr std::string_view statement_words[] = {
    "species",  "compartment", "formula",     "reaction", "var",    "const",   "ext",        "substanceOnly",
    "model",    "end",         "function",    "at",       "unit",   "gene",    "constraint", "maximize",
    "minimize", "delete",      "geneProduct", "module",   "import", "operator"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

ModelStatement statement_of(ModelStatement::Kind kind, Span begin) {
    return {.kind = kind, .span = begin};
}

}  // namespace

bool Parser::at_assignment(std::size_t ahead) {
    return at_sign("=", ahead) || at_sign(":=", ahead) || (at_sign("'", ahead) && at_sign("=", ahead + 1));
}

bool Parser::at_model_end() {
    return at_word("end") && !at_assignment(1);
}

// `model publication "..."` annotates the model around it.
bool Parser::at_model_start() {
    if (!at_word("model") && !at_word("module")) return false;
    return at_sign("*", 1) || (at_kind(TokenKind::word, 1) && !at_kind(TokenKind::string, 2));
}

// `= e`, `:= e`, `'= e`; the value is null where nothing follows.
bool Parser::assigned_value(AssignmentKind& kind, ExprPtr& value) {
    if (!at_assignment(0)) return false;
    kind = at_sign("=")    ? AssignmentKind::initial
           : at_sign(":=") ? AssignmentKind::assignment
                           : AssignmentKind::rate;
    if (take().text == "'") take();
    if (!at_statement_end() && !at_sign(",")) value = expression();
    return true;
}

void Parser::assignment(ModelTree& model) {
    ModelStatement statement = statement_of(ModelStatement::Kind::assignment, peek().span);
    AssignmentStatement& assignment = statement.assignment;
    const Token name = take();
    assignment.id = name.text;
    assignment.id_span = name.span;
    assigned_value(assignment.kind, assignment.value);
    statement.span = between(name.span);
    model.statements.push_back(std::move(statement));
}

// A word that is also a flag or a kind declares only in front of a name.
bool Parser::at_declaration() {
    if (!at_kind(TokenKind::word)) return false;
    const std::string_view word = peek().text;
    if (!contains(flags, word) && !contains(kinds, word)) return false;
    return at_sign("$", 1) ||
           (at_kind(TokenKind::word, 1) && !at_word("in", 1) && !at_word("is", 1) && !at_word("has", 1));
}

DeclarationItem Parser::declaration_item() {
    DeclarationItem item;
    item.boundary = accept_sign("$");
    const Token name = expect_word("a name to declare");
    item.id = name.text;
    item.id_span = name.span;
    if (accept_word("in")) {
        const Token compartment = expect_word("a compartment");
        item.compartment = compartment.text;
        item.compartment_span = compartment.span;
    }
    item.has_value = assigned_value(item.kind, item.value);
    if (at_word("has")) {
        unsupported(peek().span, "units ('x has u')");
        while (!at_statement_end() && !at_sign(",")) take();
    }
    return item;
}

void Parser::declaration(ModelTree& model) {
    ModelStatement statement = statement_of(ModelStatement::Kind::declaration, peek().span);
    DeclarationStatement& declaration = statement.declaration;
    while (at_declaration() && contains(flags, peek().text)) {
        const std::string_view flag = take().text;
        if (flag == "substanceOnly") declaration.substance_only = true;
        if (flag == "var") declaration.constancy = Constancy::variable;
        if (flag == "const" || flag == "ext") declaration.constancy = Constancy::constant;
    }
    if (at_declaration()) {
        const Token kind = take();
        if (kind.text == "species") declaration.declared = Declared::species;
        if (kind.text == "compartment") declaration.declared = Declared::compartment;
        if (kind.text == "formula") declaration.declared = Declared::parameter;
        if (kind.text == "reaction") declaration.declared = Declared::reaction;
        if (contains(std::span(kinds).subspan(4), kind.text)) {
            unsupported(kind.span, kind.text == "geneProduct" ? "gene products ('geneProduct g')"
                                                              : "genes and DNA strands");
            return skip_statement();
        }
    }
    do {
        skip_newlines();
        declaration.items.push_back(declaration_item());
    } while (accept_sign(","));
    statement.span = between(statement.span);
    model.statements.push_back(std::move(statement));
}

// `S in C`, and `S in C = 3`, which only adds a value.
void Parser::in_statement(ModelTree& model) {
    ModelStatement statement = statement_of(ModelStatement::Kind::in, peek().span);
    const DeclarationItem item = declaration_item();
    statement.span = between(statement.span);
    if (item.has_value) {
        statement.kind = ModelStatement::Kind::declaration;
        statement.declaration.items.push_back(item);
    } else {
        statement.in = {item.id, item.compartment, item.id_span, item.compartment_span};
    }
    model.statements.push_back(std::move(statement));
}

void Parser::name_statement(ModelTree& model) {
    ModelStatement statement = statement_of(ModelStatement::Kind::name, peek().span);
    const Token name = take();
    take();
    statement.name = {std::string(name.text), plain_string(take()), name.span};
    statement.span = between(name.span);
    model.statements.push_back(std::move(statement));
}

void Parser::fail_unknown_statement() {
    const Token word = peek();
    if (word.kind != TokenKind::word) fail_here("a statement");
    const std::vector<std::string> keywords(std::begin(statement_words), std::end(statement_words));
    const auto near = nearest(word.text, keywords);
    if (at_kind(TokenKind::word, 1) || at_kind(TokenKind::number, 1) || at_kind(TokenKind::string, 1))
        fail(word.span, "unknown statement " + describe(word), near ? "did you mean '" + *near + "'?" : "");
    const std::string name(word.text);
    take();
    if (!at_statement_end())
        fail_here("'=', ':=', an arrow or another statement's sign behind '" + name + "'",
                  at_sign("*") || at_sign("/") ? "a rate law stands on the line of its reaction" : "");
    fail(word.span, "'" + name + "' alone is no statement", "'species " + name + "' declares it");
}

void Parser::model_statement(ModelTree& model) {
    if (unread_statement()) return;
    if (at_declaration()) return declaration(model);
    const bool word = at_kind(TokenKind::word);
    if (word && at_assignment(1)) return assignment(model);
    if (word && at_word("is", 1) && at_kind(TokenKind::string, 2)) return name_statement(model);
    const bool labelled = word && (at_sign(":", 1) || (at_word("in", 1) && at_sign(":", 3)));
    if (word && at_word("in", 1) && !labelled) return in_statement(model);
    reaction(model);
}

void Parser::end_model_statement() {
    if (at_statement_end()) return;
    if (at_model_end()) return error(peek().span, "expected a new line or ';' before 'end'");
    const bool colon = at_sign(":");
    fail_here("a new line or ';'",
              colon
                  ? "a reaction without a rate law ends with ';;' where another statement follows on its line"
                  : "");
}

// Up to and with the `end`. A new model or function inside says that it was forgotten.
void Parser::model_body(ModelTree& model) {
    unread_ = &model.unread;
    while (true) {
        while (!finished() && (at_kind(TokenKind::newline) || at_sign(";"))) take();
        const bool next = at_model_start() || (at_word("function") && at_kind(TokenKind::word, 1));
        if (finished() || next) {
            report_unclosed();
            break;
        }
        if (at_model_end()) {
            close_block(take());
            break;
        }
        statement_begin_ = peek().span.begin;
        try {
            model_statement(model);
            end_model_statement();
        } catch (Failed) {
            recover();
        }
    }
    unread_ = nullptr;
}

// A database of old files has names like `A_-_B` or `A/B`: one name up to a space or '(', the signs read as
// '_'.
std::string Parser::old_model_name(Token name) {
    while (!at_statement_end() && !at_sign("(") && adjacent(0)) take();
    const std::string written(diagnostics_->sources().slice(between(name.span)));
    std::string id = written;
    std::replace_if(
        id.begin(), id.end(), [](char c) { return c == '-' || c == '/'; }, '_');
    if (id != written) old_names_[written] = id;
    return id;
}

void Parser::model_header(ModelTree& model) {
    model.main = accept_sign("*");
    const Token name = expect_word("the model's name");
    model.id = old_model_name(name);
    model.id_span = between(name.span);
    if (!accept_sign("(")) return;
    if (!at_sign(")")) unsupported(peek().span, "models with arguments ('model m(a, b)')");
    while (!at_sign(")") && !at_statement_end()) take();
    expect_sign(")", "behind the model's arguments");
}

std::shared_ptr<ModelTree> Parser::model_block() {
    statement_begin_ = peek().span.begin;
    const Token keyword = take();
    auto model = std::make_shared<ModelTree>();
    try {
        model_header(*model);
        if (!at_statement_end()) fail_here("a new line or ';' behind the model's name");
    } catch (Failed) {
        recover();
    }
    blocks_.push_back({keyword.span, "model " + model->id});
    model_body(*model);
    model->span = between(keyword.span);
    return model;
}

std::shared_ptr<FunctionTree> Parser::model_function() {
    const Token keyword = take();
    auto function = std::make_shared<FunctionTree>();
    const Token name = take();
    function->name = name.text;
    function->name_span = name.span;
    open("(");
    while (!at_sign(")")) {
        const Token argument = expect_word("an argument's name");
        function->parameters.push_back({std::string(argument.text), argument.span, nullptr});
        if (!accept_sign(",")) break;
    }
    close(")");
    while (at_kind(TokenKind::newline) || at_sign(";")) take();
    function->expression = expression();
    while (at_kind(TokenKind::newline) || at_sign(";")) take();
    if (!accept_word("end")) fail_here("'end' behind the function's one formula");
    function->span = between(keyword.span);
    return function;
}

// The id of an old model whose name stands here as it was written, and which is then taken; else empty.
std::string Parser::old_title() {
    if (old_names_.empty()) return {};
    const std::uint32_t begin = peek().span.begin;
    std::string_view written = std::string_view(diagnostics_->sources().text(file_)).substr(begin);
    written = written.substr(0, written.find_first_of(" \t\r\n;"));
    const auto old = old_names_.find(written);
    if (old == old_names_.end()) return {};
    while (!at_statement_end() && peek().span.begin < begin + written.size()) take();
    return old->second;
}

// `m is "..."` behind the end of model or function m.
bool Parser::title(ModelFile& file) {
    std::string id = old_title();
    const std::size_t is = id.empty() ? 1 : 0;
    const bool named = at_word("is", is) && at_kind(TokenKind::string, is + 1);
    if (is == 0 && !named) {
        unsupported(peek().span, annotations);
        skip_statement();
        return true;
    }
    if (!named || (is == 1 && !at_kind(TokenKind::word))) return false;
    if (is == 1) id = peek().text;
    std::string* title = nullptr;
    for (auto& function : file.functions)
        if (function->name == id) title = &std::const_pointer_cast<FunctionTree>(function)->title;
    for (auto& model : file.models)
        if (model->id == id) title = &std::const_pointer_cast<ModelTree>(model)->title;
    if (!title) return false;
    for (std::size_t i = 0; i <= is; ++i) take();
    *title = plain_string(take());
    return true;
}

void Parser::add_model(ModelFile& file) {
    auto model = model_block();
    const bool known = std::any_of(file.models.begin(), file.models.end(),
                                   [&](const auto& m) { return m->id == model->id; });
    if (known && !model->id.empty()) error(model->id_span, "model '" + model->id + "' is defined twice");
    file.models.push_back(std::move(model));
}

ModelFile Parser::models() {
    ModelFile file;
    auto bare = std::make_shared<ModelTree>();
    bare->id = "__main";
    while (!finished()) {
        unread_ = &bare->unread;
        statement_begin_ = peek().span.begin;
        try {
            if (at_kind(TokenKind::newline) || at_sign(";")) {
                take();
            } else if (at_model_start()) {
                add_model(file);
            } else if (at_word("function") && at_kind(TokenKind::word, 1)) {
                file.functions.push_back(model_function());
            } else if (at_model_end()) {
                const Token end = take();
                if (!failed_) fail(end.span, "'end' closes nothing");
            } else if (!title(file)) {
                model_statement(*bare);
                end_model_statement();
            }
        } catch (Failed) {
            recover();
        }
    }
    report_unsupported();
    if (!bare->statements.empty()) file.models.push_back(bare);
    return file;
}

}  // namespace rondo
