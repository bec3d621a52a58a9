// Half of the BioModels database as Antimony: what is not read is named, and the rest reads back equal.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "read.h"
#include "same.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

struct TemporaryFolder {
    fs::path path = fs::temp_directory_path() / ("rondo-biomodels-" + std::to_string(std::random_device{}()));
    TemporaryFolder() { fs::create_directories(path); }
    ~TemporaryFolder() { fs::remove_all(path); }
};

// Not read, but nothing that a simulation would miss.
bool changes_nothing(const std::string& message) {
    for (const char* start : {"annotations", "unit definitions", "units", "SBO terms"})
        if (message.starts_with(start)) return true;
    return false;
}

TEST(BioModels, EveryFileReadsOrNamesWhatDoesNot) {
    const fs::path archive = fs::path(SHARED_DATA) / "biomodels" / "antimony.tar.zst";
    if (!fs::exists(archive)) GTEST_SKIP() << "no " << archive;
    const TemporaryFolder folder;
    const std::string unpack = "tar --zstd -xf '" + archive.string() + "' -C '" + folder.path.string() + "'";
    if (std::system(unpack.c_str()) != 0) GTEST_SKIP() << "cannot unpack " << archive;

    int files = 0, whole = 0;
    for (const auto& entry : fs::directory_iterator(folder.path / "antimony")) {
        SCOPED_TRACE(entry.path().filename().string());
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        const Reading reading(text.str(), entry.path().filename().string());
        bool missing = false;
        for (const Diagnostic& diagnostic : reading.diagnostics.list()) {
            EXPECT_NE(diagnostic.severity, Severity::error) << render(diagnostic, reading.sources);
            missing = missing ||
                      (diagnostic.severity == Severity::unsupported && !changes_nothing(diagnostic.message));
        }
        const Reading again(to_antimony(reading.network));
        EXPECT_FALSE(again.diagnostics.has_errors()) << again.diagnostics.render();
        expect_same(reading.network, again.network);
        ++files;
        whole += !missing;
    }
    EXPECT_EQ(files, 473);
    std::cout << whole << " of " << files << " read fully but for units and annotations\n";
    EXPECT_GE(whole, 398);
}

}  // namespace
}  // namespace rondo
