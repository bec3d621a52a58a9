// suite.cpp: unpacking the cases into a folder of their own.
#include "suite.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rondo {

namespace fs = std::filesystem;

fs::path suite_archive() {
    return SHARED_DATA "/sbml-suite/cases.tar.zst";
}

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

Suite::Suite() {
    std::string pattern = fs::temp_directory_path() / "sbml-suite-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    const std::string from = suite_archive().string(), to = folder_.string();
    if (std::system(("tar --zstd -xf '" + from + "' -C '" + to + "'").c_str()) != 0) return;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cases"))
        if (entry.path().filename().string().find("-sbml-l") != std::string::npos)
            models_.push_back(entry.path());
    std::sort(models_.begin(), models_.end());
}

Suite::~Suite() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

}  // namespace rondo
