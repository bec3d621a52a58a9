// csv.h: tables as CSV: header line, shortest text that reads back to the same double, INF, -INF, NaN.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/table/table.h"

namespace rondo {

// RFC 4180, and what is met in practice: LF, CRLF or CR; a UTF-8 byte order mark; blank lines (skipped);
// blanks around unquoted cells (dropped); numbers in quotes; content packed by gzip, whatever the file's
// name.
//
// A column is text if one of its cells is no number (or is ""); then unquoted empty cells are empty text. In
// a column of numbers an empty cell is an error: a missing value is written NaN.
//
// Throws Error(input) "points.csv:3:7: ..." with the way out for anything that is no table: missing file,
// directory, binary, empty file, no header line, rows of different lengths, duplicate or empty column names.
Table read_csv(const std::filesystem::path& file);
Table parse_csv(std::string_view text, const std::string& name);

// Reads back equal, bit for bit (NaNs are one), but for text columns whose cells are all numbers.
std::string to_csv(const Table&);
// The same without the header line: what follows it in a file made piece by piece.
std::string csv_rows(const Table&);

// A whole text as a number: decimal, with INF and NaN in any case; blanks around it are allowed. Empty for
// anything else, and for what no double is near (1e400, 1e-400).
std::optional<double> parse_number(std::string_view text);
// The shortest text that reads back to the same double.
std::string shortest(double value);

}  // namespace rondo
