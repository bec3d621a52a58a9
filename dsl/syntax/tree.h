// tree.h: what was written, as written: the statements of studies, and whole files.
#pragma once
#include "dsl/syntax/model_tree.h"

namespace rondo {

// ---- studies ----

enum class StatementKind : std::uint8_t {
    expression,  // value
    bind,        // name = value; with a field, t.col = value; with a key, t[key] = value
    import,      // text "file", name
    use,         // name
    function,    // function
    model,       // model
    if_,         // branches; the last may have no condition
    while_,      // value, body
    for_,        // name, value, body
    return_,     // value (may be null)
    assert_,     // value, message (may be null)
};

struct Statement;
using Block = std::vector<Statement>;

struct Branch {
    ExprPtr condition;  // null: else
    std::shared_ptr<const Block> body;
};

struct Parameter {
    std::string name;
    Span span;
    ExprPtr fallback;  // null: required
};

struct FunctionTree {
    std::string name, title;  // name: empty if anonymous
    Span span, name_span;
    std::vector<Parameter> parameters;
    ExprPtr expression;                 // `function f(x) x + 1 end`: serves models and studies alike
    std::shared_ptr<const Block> body;  // else statements
};

struct Statement {
    StatementKind kind;
    Span span;
    std::string name, field, text;
    ExprPtr key;
    Span name_span;
    ExprPtr value, message;
    std::vector<Branch> branches;
    std::shared_ptr<const Block> body;
    std::shared_ptr<const FunctionTree> function;
    std::shared_ptr<const ModelTree> model;
};

// ---- files ----

struct ModelFile {  // a file of Antimony
    std::vector<std::shared_ptr<const FunctionTree>> functions;
    std::vector<std::shared_ptr<const ModelTree>> models;  // bare statements make a model `__main`, last
    std::vector<RemarkStatement> remarks;                  // on models and functions, written outside them
};

struct StudyFile {
    Block statements;
};

}  // namespace rondo
