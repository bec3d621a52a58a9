// bytes.h: tables as bytes, exactly: names, text, and every bit of a number. Little-endian, versioned.
#pragma once
#include <string>
#include <string_view>

#include "runtime/table/table.h"

namespace rondo {

std::string to_bytes(const Table&);
// Throws Error(input) for anything else.
Table table_from_bytes(std::string_view bytes);
bool is_table(std::string_view bytes);  // whether they begin as those of a table

}  // namespace rondo
