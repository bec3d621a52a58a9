// files.h: which files make a PEtab problem, as its YAML file says.
#pragma once
#include <filesystem>
#include <vector>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

struct PetabFiles {
    std::filesystem::path model;
    std::vector<std::filesystem::path> parameters, conditions, observables, measurements;
};

// Of format version 1, paths relative to the file's folder. What is wrong or not supported (version 2,
// several problems or models, models in other languages, extensions) goes to `diagnostics`.
PetabFiles read_petab_files(const std::filesystem::path& file, Diagnostics& diagnostics);

// Whether the name says YAML.
bool is_yaml(const std::filesystem::path& file);

}  // namespace rondo
