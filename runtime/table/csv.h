// csv.h: tables as CSV: header line, shortest text that reads back to the same double, INF, -INF, NaN. Files
// ending in .gz are read through zlib.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "runtime/table/table.h"

namespace rondo {

// Throws Error(input) "points.csv:3:7: ..." for anything that is no table: missing file, directory, binary,
// empty file, rows of different lengths, duplicate or empty column names. A column is text if one of its
// cells is no number.
Table read_csv(const std::filesystem::path& file);
Table parse_csv(std::string_view text, const std::string& name);

std::string to_csv(const Table&);
// The shortest text that reads back to the same double.
std::string shortest(double value);

}  // namespace rondo
