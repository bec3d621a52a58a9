// versions.h: what this program is made of and where its own files are.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

// Name and version of Rondo and its libraries, and the processor that code is made for. Loads no LibTorch.
std::vector<std::pair<std::string, std::string>> versions();

// GPUs that the driver shows; empty if there is none.
std::vector<std::string> devices();

// The folder of stdlib/: beside the installed program, else the source tree's.
std::filesystem::path stdlib_folder();

}  // namespace rondo
