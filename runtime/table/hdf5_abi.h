// hdf5_abi.h: the C interface between Rondo and the plugin that writes HDF5 (hdf5_plugin.cpp). Functions
// return 0 when done, else `error` says why. Nothing is thrown across.
#pragma once
#include <cstddef>

namespace rondo::hdf5 {

struct Column {
    const char* name;
    const double* numbers;     // null: texts
    const char* const* texts;  // UTF-8, ended by 0
};

struct File;

extern "C" {
// Overwrites what is there.
[[gnu::visibility("default")]] File* rondo_hdf5_open(const char* path, char* error, std::size_t error_size);
// Rows below those that are there: the same columns each time.
[[gnu::visibility("default")]] int rondo_hdf5_add(File*, const Column* columns, std::size_t count,
                                                  std::size_t rows, char* error, std::size_t error_size);
// Writes the identity and closes the file; to be called once, whatever failed before.
[[gnu::visibility("default")]] int rondo_hdf5_close(File*, const char* identity, char* error,
                                                    std::size_t error_size);
}

}  // namespace rondo::hdf5
