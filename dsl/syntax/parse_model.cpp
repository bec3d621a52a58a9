// parse_model.cpp: Antimony's files, and models but for their statements.
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

bool Parser::at_assignment(std::size_t ahead) {
    return at_sign("=", ahead) || at_sign(":=", ahead) || (at_sign("'", ahead) && at_sign("=", ahead + 1));
}

bool Parser::at_model_end() {
    return at_word("end") && !at_assignment(1);
}

// `model publication "..."` annotates the model around it.
bool Parser::at_model_start() {
    if (!at_word("model") && !at_word("module")) return false;
    return at_sign("*", 1) || (at_kind(TokenKind::word, 1) && !at_annotation(0));
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
    submodels_.clear();
    constants_.clear();
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
    while (!at_sign(")")) {
        model.parameters.push_back(word_name("an argument's name"));
        if (!accept_sign(",")) break;
    }
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

void Parser::set_title(ModelFile& file, const std::string& id, const std::string& title) {
    for (auto& function : file.functions)
        if (function->name == id) std::const_pointer_cast<FunctionTree>(function)->title = title;
    for (auto& model : file.models)
        if (model->id == id) std::const_pointer_cast<ModelTree>(model)->title = title;
}

// `m is "..."`, `m part "..."` and `m.sboTerm = 3` behind the end of model or function m.
bool Parser::outside_remark(ModelFile& file) {
    Name of{old_title(), peek().span};
    const bool old = !of.empty();
    const auto is_m = [&](const auto& m) { return m->id == peek().text; };
    const auto is_f = [&](const auto& f) { return f->name == peek().text; };
    const bool known = old || std::any_of(file.models.begin(), file.models.end(), is_m) ||
                       std::any_of(file.functions.begin(), file.functions.end(), is_f);
    if (!known) return false;
    const std::size_t behind = old ? 0 : 1;
    const bool titled = at_word("is", behind) && at_kind(TokenKind::string, behind + 1);
    const bool sbo = at_sign(".", behind) && at_word("sboTerm", behind + 1) && at_sign("=", behind + 2);
    if (!old && !titled && !sbo && !at_annotation(0)) return false;
    if (!old) of = word_name("a model");
    RemarkStatement remark{.of = of, .span = of.span};
    if (titled) {
        take();
        set_title(file, of.text, plain_string(take()));
        return true;
    }
    if (sbo) {
        for (int words = 0; words < 3; ++words) take();
        remark.property = "sboTerm";
        remark.values = {sbo_term()};
    } else {
        remark.property = qualifier();
        remark.values = remark_values();
    }
    remark.span = between(of.span);
    file.remarks.push_back(std::move(remark));
    return true;
}

void Parser::add_model(ModelFile& file) {
    auto model = model_block();
    const bool known = std::any_of(file.models.begin(), file.models.end(),
                                   [&](const auto& m) { return m->id == model->id; });
    if (known && !model->id.empty()) error(model->id_span, "model '" + model->id + "' is defined twice");
    file.models.push_back(std::move(model));
}

// `import "file"`: its text, as if it stood here.
void Parser::import_models(ModelFile& file, ModelTree& bare, Imports& imports) {
    const Span begin = take().span;
    const Token path = take();
    const std::string name = plain_string(path);
    if (!imports.load) fail(join(begin, path.span), "nothing can be imported here");
    const auto found = imports.load(name, path.span);
    if (!found) throw Failed{};
    if (std::find(imports.open.begin(), imports.open.end(), *found) != imports.open.end())
        fail(path.span, "'" + name + "' imports itself");
    if (std::find(imports.read.begin(), imports.read.end(), *found) != imports.read.end()) return;
    if (!check_text(*found, *diagnostics_)) throw Failed{};
    imports.open.push_back(*found);
    const auto size = static_cast<std::uint32_t>(diagnostics_->sources().text(*found).size());
    Parser(*found, 0, size, Language::model, *diagnostics_).read_models(file, bare, imports);
    imports.open.pop_back();
    imports.read.push_back(*found);
}

void Parser::read_models(ModelFile& file, ModelTree& bare, Imports& imports) {
    while (!finished()) {
        unread_ = &bare.unread;
        statement_begin_ = peek().span.begin;
        try {
            if (at_kind(TokenKind::newline) || at_sign(";")) {
                take();
            } else if (at_model_start()) {
                add_model(file);
            } else if (at_word("function") && at_kind(TokenKind::word, 1)) {
                file.functions.push_back(model_function());
            } else if (at_word("import") && at_kind(TokenKind::string, 1)) {
                import_models(file, bare, imports);
            } else if (at_model_end()) {
                const Token end = take();
                if (!failed_) fail(end.span, "'end' closes nothing");
            } else if (!outside_remark(file)) {
                model_statement(bare);
                end_model_statement();
            }
        } catch (Failed) {
            recover();
        }
    }
    report_kept();
}

ModelFile Parser::models(Imports& imports) {
    ModelFile file;
    auto bare = std::make_shared<ModelTree>();
    bare->id = "__main";
    read_models(file, *bare, imports);
    if (!bare->statements.empty()) file.models.push_back(bare);
    return file;
}

}  // namespace rondo
