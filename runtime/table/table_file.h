// table_file.h: tables to files, by the ending of the name: HDF5 (.h5, .hdf5), else CSV.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/table/table.h"

namespace rondo {

// Whether the name says HDF5.
bool is_hdf5(const std::filesystem::path& file);

// A table written in parts, which stand below each other; the file is there, whole, once finish() was called.
// HDF5: a dataset a column, the attributes `columns` (names in order) and `identity` of the root. All throw
// Error(input) with path and reason; Error(unsupported) where Rondo was built without HDF5.
class TableWriter {
  public:
    explicit TableWriter(const std::filesystem::path& file);
    ~TableWriter();
    void add(const Table& part);
    // identity: of the contents, 64 digits; a CSV has no place for it.
    void finish(const std::string& identity);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

void write_table(const std::filesystem::path& file, const Table& table, const std::string& identity);

}  // namespace rondo
