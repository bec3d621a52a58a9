// rows.h: a table's cells as people read them; for text and HTML alike.
#pragma once
#include <string>

#include "runtime/table/table.h"

namespace rondo {

// Numbers with six significant digits.
std::string cell_text(const Column& column, std::size_t row);

// "120 rows x 3 columns".
std::string shape(const Table& table);

}  // namespace rondo
