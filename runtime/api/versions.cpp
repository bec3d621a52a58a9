#include "runtime/api/versions.h"

#include <fstream>

#include "jit/compile.h"
#include "runtime/integrate/cvode.h"
#include "runtime/store/store.h"
#include "sbml/sbml.h"

namespace rondo {

std::vector<std::pair<std::string, std::string>> versions() {
    return {{"rondo", RONDO_VERSION},       {"llvm", llvm_version()},     {"sundials", sundials_version()},
            {"libsbml", libsbml_version()}, {"sqlite", sqlite_version()}, {"torch", RONDO_TORCH_VERSION},
            {"processor", host_cpu()}};
}

std::vector<std::string> devices() {
    std::vector<std::string> names;
    const std::filesystem::path cards = "/proc/driver/nvidia/gpus";
    std::error_code none;
    for (const auto& card : std::filesystem::directory_iterator(cards, none)) {
        std::ifstream file(card.path() / "information");
        std::string line;
        while (std::getline(file, line)) {
            if (line.starts_with("Model:")) names.push_back(line.substr(line.find_first_not_of(" \t", 6)));
        }
    }
    return names;
}

std::filesystem::path stdlib_folder() {
    std::error_code none;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
    const auto installed = program.parent_path().parent_path() / "share" / "rondo" / "stdlib";
    return std::filesystem::is_directory(installed, none) ? installed
                                                          : std::filesystem::path(RONDO_SOURCE_STDLIB);
}

}  // namespace rondo
