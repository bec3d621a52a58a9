// reserved.h: words that libAntimony keeps for itself, and that we therefore do not write as names.
#pragma once
#include <string>
#include <string_view>

namespace rondo {

// Of an id of a model.
bool is_reserved(std::string_view id);
// Of an argument of a function, which may be called like a unit.
bool is_reserved_argument(std::string_view id);

// `id` in ASCII: Greek letters spelled out, others as _u and their number.
std::string ascii_id(std::string_view id);

}  // namespace rondo
