// travel.h: models and options on their way to other processes, as tables of one row.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/simulate/model.h"
#include "runtime/table/table.h"

namespace rondo {

// The model as text and the values of its inputs. Nothing where its text does not bring back the very same
// equations: then runs are made here alone.
std::optional<Table> packed(const Model& model);
Model unpacked_model(const Table& packed);

void pack(Table& row, const std::string& name, const std::string& text);
void pack(Table& row, const std::string& name, const std::vector<double>& numbers);
void pack(Table& row, const std::string& name, const std::vector<std::string>& texts);
std::string unpacked_text(const Table& row, const std::string& name);
std::vector<double> unpacked_numbers(const Table& row, const std::string& name);
std::vector<std::string> unpacked_texts(const Table& row, const std::string& name);

}  // namespace rondo
