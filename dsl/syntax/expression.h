// expression.h: formulas of models and expressions of studies, as written: one tree for both.
//
// Trees are immutable and shared. Depth is bounded by the parser, so recursion over them is safe.
//
// Where models (Antimony) and habit disagree, a study refuses instead of guessing: a chain `0 < x < 1` and a
// mix of `and` and `or` without parentheses are errors there. Operators are written in one way in the tree:
// `not` is "!", `and` "&&", `or` "||". `not` takes a whole comparison in a study (`not a == b`), but only its
// operand in a model, as `!` does in both.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "dsl/syntax/source.h"

namespace rondo {

enum class ExprKind : std::uint8_t {
    number,  // value; text: its unit in a model, if one follows
    string,  // text; interpolated "{x}": children are the parts, strings and other expressions; `\{` is a
             // brace
    name,    // text, in a model with the points of submodels: "A.x"
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
    bool spread = false;  // `..x`: the fields of a record, as named arguments
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

}  // namespace rondo
