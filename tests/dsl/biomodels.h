// biomodels.h: the shared half of the BioModels database, unpacked for one test.
#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/unpacked.h"

namespace rondo {

inline std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// `kind`: "antimony" or "sbml".
struct BioModels {
    test::Unpacked unpacked;
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;  // sorted
    std::string missing;                       // why there are none

    explicit BioModels(const std::string& kind) : unpacked(archive(kind)), folder(unpacked.folder()) {
        namespace fs = std::filesystem;
        if (!fs::exists(archive(kind)))
            missing = "no " + archive(kind).string();
        else
            for (const auto& entry : fs::directory_iterator(folder / kind)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
    }

  private:
    static std::filesystem::path archive(const std::string& kind) {
        return std::filesystem::path(SHARED_DATA) / "biomodels" / (kind + ".tar.zst");
    }
};

}  // namespace rondo
