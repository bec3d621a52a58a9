// operators.h: what operators, indices and fields do with values. All throw Mistake.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/study/value.h"

namespace rondo {

// `op` as in the tree: + - !
Value unary(std::string_view op, const Value& x);
// + - * / % ^ and comparisons on numbers, and element by element on lists; == and != on texts and truth
// values too, < on texts by alphabet. A comparison with a list gives a list of truth values: a mask.
Value binary(std::string_view op, const Value& x, const Value& y);
// `op` && or ||, of truth values, and of masks element by element. The evaluator does the short circuit.
Value logic(std::string_view op, const Value& x, const Value& y);
// What `if`, `while`, `assert`, `and`, `or` and `not` need; `what` names it in the message.
bool truth(const Value& value, std::string_view what);

// x[i]: a list's item, a table's row or column, a record's field; a range, a list of indices or a mask picks
// several. Indices run from 1.
Value item(const Value& x, const Value& index);
// x.name
Value field(const Value& x, const std::string& name);
// `x` with x.name = value: a table's column (a single value fills it) or a record's field.
Value with_field(const Value& x, const std::string& name, const Value& value);

// Number of things in a list, range (which must have whole ends), table (rows), text (characters) or record.
std::size_t length(const Value& x);
// Thing number i, from 0, of what length() counts: what a loop over `x` sees. Lists, ranges, tables.
Value element(const Value& x, std::size_t i);

// A list of numbers, or a range with whole ends, as numbers; a single number is none.
std::optional<Numbers> list_of_numbers(const Value&);
// A list's items, or a range's.
std::optional<List> list_of_values(const Value&);

bool is_whole(double value);

// "a number", "an oracle"
std::string with_article(std::string_view type);

}  // namespace rondo
