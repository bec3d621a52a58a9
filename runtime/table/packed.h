// packed.h: options on their way to other processes, as tables of one row or more. Lists are columns name.0,
// name.1, ...
#pragma once
#include <string>
#include <vector>

#include "runtime/table/table.h"

namespace rondo {

void pack(Table& row, const std::string& name, const std::string& text);
void pack(Table& row, const std::string& name, const std::vector<double>& numbers);
void pack(Table& row, const std::string& name, const std::vector<std::string>& texts);
// One list a row of the table, all of one length.
void pack_rows(Table& table, const std::string& name, const std::vector<std::vector<double>>& lists);

std::string unpacked_text(const Table& row, const std::string& name);
std::vector<double> unpacked_numbers(const Table& row, const std::string& name, std::size_t number = 0);
std::vector<std::string> unpacked_texts(const Table& row, const std::string& name);

}  // namespace rondo
