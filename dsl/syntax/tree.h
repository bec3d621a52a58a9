// tree.h: what was written, as written: one expression tree for models and studies, then their statements.
//
// Trees are immutable and shared. Depth is bounded by the parser, so recursion over them is safe.
//
// Where models (Antimony) and habit disagree, a study refuses instead of guessing: a chain `0 < x < 1` and a
// mix of `and` and `or` without parentheses are errors there. Operators are written in one way in the tree:
// `not` is
// "!", `and` "&&", `or` "||". `not` takes a whole comparison in a study (`not a == b`), but only its
// operand in a model, as `!` does in both.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "dsl/syntax/source.h"

namespace rondo {

enum class ExprKind : std::uint8_t {
    number,  // value
    string,  // text; interpolated "{x}": children are the parts, strings and other expressions; `\{` is a
             // brace
    name,    // text
    unary,   // text is - + !; children {x}
    binary,  // text is + - * / % ^ < <= > >= == != && ||; children {x, y}
    call,    // text is the function's name; arguments
    list,    // children            [a, b]
    record,  // arguments           {a = 1, b = 2}
    index,   // children {x, i}     x[i]
    field,   // children {x}, text  x.name
    range,   // children {a, b}     a..b
    with,    // children {model}, arguments (a = 2, b = 6)
    concentration,  // text                [S] in a selection (parse_expression)
    function,       // function            function(x, y) ... end
};

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

struct FunctionTree;

struct Argument {
    std::string name;  // empty if positional; may be written as a string: {"[S]" = 1}
    Span name_span;
    ExprPtr value;
};

struct Expr {
    ExprKind kind;
    Span span;
    double value = 0;
    std::string text;
    Span text_span;  // of the name or operator alone
    std::vector<ExprPtr> children;
    std::vector<Argument> arguments;
    std::shared_ptr<const FunctionTree> function;
    bool grouped = false;     // in parentheses: ends a chain of comparisons
    std::uint32_t depth = 1;  // of the tree; at most max_depth
};

// Of a sum of n terms, the tree is n deep.
constexpr std::uint32_t max_depth = 10000;

// ---- models (Antimony) ----

struct SpeciesTerm {  // `2 $S`
    double stoichiometry = 1;
    bool boundary = false;
    std::string id;
    Span span;
};

struct ReactionStatement {
    std::string id;  // empty: to be named _J0, _J1, ...
    std::string compartment;
    std::vector<SpeciesTerm> reactants, products;
    bool reversible = true;  // `->`; `=>` is irreversible
    ExprPtr rate;            // null: no kinetic law
    Span id_span, compartment_span;
};

enum class AssignmentKind : std::uint8_t { initial, assignment, rate };  // =  :=  '=

struct AssignmentStatement {
    AssignmentKind kind;
    std::string id;
    Span id_span;
    ExprPtr value;  // null: `x =` clears
};

enum class Declared : std::uint8_t { unspecified, species, compartment, parameter, reaction };
enum class Constancy : std::uint8_t { unspecified, constant, variable };

struct DeclarationItem {
    bool boundary = false;  // $
    bool has_value = false;
    std::string id, compartment;
    Span id_span, compartment_span;
    AssignmentKind kind = AssignmentKind::initial;
    ExprPtr value;
};

struct DeclarationStatement {
    Constancy constancy = Constancy::unspecified;
    bool substance_only = false;
    Declared declared = Declared::unspecified;
    std::vector<DeclarationItem> items;
};

struct InStatement {  // `S in C`
    std::string id, compartment;
    Span id_span, compartment_span;
};

struct NameStatement {  // `S is "display name"`
    std::string id, text;
    Span id_span;
};

struct ModelStatement {
    enum class Kind : std::uint8_t { reaction, assignment, declaration, in, name } kind;
    Span span;
    ReactionStatement reaction;
    AssignmentStatement assignment;
    DeclarationStatement declaration;
    InStatement in;
    NameStatement name;
};

struct ModelTree {
    std::string id, title;  // title: display name, of `id is "..."` after its end
    bool main = false;      // `model *id`
    Span span, id_span;
    std::vector<ModelStatement> statements;
    std::vector<std::string> unread;  // words of statements that could not be read: not to be called unknown
};

// ---- studies ----

enum class StatementKind : std::uint8_t {
    expression,  // value
    bind,        // targets {name} = value; with a field, t.col = value
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
};

struct StudyFile {
    Block statements;
};

}  // namespace rondo
