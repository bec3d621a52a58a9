// The SBML Test Suite: every case is read, or refused by the name of what is not supported.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "network_text.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

// The suite, unpacked for as long as this lives.
class Cases {
  public:
    explicit Cases(const fs::path& archive) {
        std::string pattern = fs::temp_directory_path() / "sbml-suite-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        const std::string command = "tar --zstd -xf '" + archive.string() + "' -C '" + folder_.string() + "'";
        unpacked_ = std::system(command.c_str()) == 0;
    }
    Cases(const Cases&) = delete;
    ~Cases() { fs::remove_all(folder_); }
    bool unpacked() const { return unpacked_; }

    // Every model of every case, at every level it comes in.
    std::vector<fs::path> models() const {
        std::vector<fs::path> all;
        for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cases"))
            if (entry.path().filename().string().find("-sbml-l") != std::string::npos)
                all.push_back(entry.path());
        std::sort(all.begin(), all.end());
        return all;
    }

  private:
    fs::path folder_;
    bool unpacked_ = false;
};

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

// The construct, without its name: up to the first ':' or ','.
std::string reason(const std::string& message) {
    return message.substr(0, message.find_first_of(":,"));
}

}  // namespace

TEST(SbmlSuite, EveryModelIsReadOrRefusedByName) {
    const fs::path archive = SHARED_DATA "/sbml-suite/cases.tar.zst";
    if (!fs::exists(archive)) GTEST_SKIP() << "no " << archive;
    const Cases cases(archive);
    ASSERT_TRUE(cases.unpacked());
    std::map<std::string, int> reasons;
    int imported = 0, total = 0;
    for (const fs::path& path : cases.models()) {
        SCOPED_TRACE(path.filename().string());
        ++total;
        const Read result = read(text_of(path));
        std::map<std::string, int> own;
        for (const Diagnostic& item : result.list) {
            EXPECT_NE(item.severity, Severity::error) << item.message;
            if (item.severity == Severity::unsupported) own[reason(item.message)] = 1;
        }
        for (const auto& [text, one] : own) reasons[text] += one;
        if (result.errors) continue;
        ++imported;
        const std::string xml = to_sbml(result.network);
        EXPECT_EQ(errors_of_libsbml(xml), "");
        EXPECT_EQ(describe(read(xml).network), describe(result.network));
    }
    std::cout << imported << " of " << total
              << " models imported; refused for (one model may have several):\n";
    for (const auto& [text, count] : reasons) std::cout << "  " << count << "  " << text << '\n';
}

}  // namespace rondo
