// suite.cpp: unpacking the cases into a folder of their own.
#include "suite.h"

#include <algorithm>
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

Suite::Suite() : unpacked_(suite_archive()) {
    if (!fs::exists(suite_archive())) return;
    for (const auto& entry : fs::recursive_directory_iterator(unpacked_.folder() / "cases"))
        if (entry.path().filename().string().find("-sbml-l") != std::string::npos)
            models_.push_back(entry.path());
    std::sort(models_.begin(), models_.end());
}

}  // namespace rondo
