// biomodels.h: the shared half of the BioModels database, unpacked for one test.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace rondo {

inline std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// `kind`: "antimony" or "sbml".
struct BioModels {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;  // sorted
    std::string missing;                       // why there are none

    explicit BioModels(const std::string& kind) {
        namespace fs = std::filesystem;
        const fs::path archive = fs::path(SHARED_DATA) / "biomodels" / (kind + ".tar.zst");
        folder = fs::temp_directory_path() / ("rondo-" + kind + "-" + std::to_string(std::random_device{}()));
        fs::create_directories(folder);
        const std::string unpack = "tar --zstd -xf '" + archive.string() + "' -C '" + folder.string() + "'";
        if (!fs::exists(archive))
            missing = "no " + archive.string();
        else if (std::system(unpack.c_str()) != 0)
            missing = "cannot unpack " + archive.string();
        else
            for (const auto& entry : fs::directory_iterator(folder / kind)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
    }
    ~BioModels() { std::filesystem::remove_all(folder); }
    BioModels(const BioModels&) = delete;
    BioModels& operator=(const BioModels&) = delete;
};

}  // namespace rondo
