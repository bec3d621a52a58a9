// Machine code kept between runs: used when it is whole, made anew otherwise.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "jit/compile.h"
#include "tests/support/compiled.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class CodeCacheTest : public ::testing::Test {
  protected:
    CodeCacheTest() {
        std::string name = (fs::temp_directory_path() / "rondo-code-XXXXXX").string();
        folder = mkdtemp(name.data());
        const char* named = std::getenv("RONDO_CODE_CACHE");
        if (named) before = named;
        setenv("RONDO_CODE_CACHE", folder.c_str(), 1);
    }
    ~CodeCacheTest() override {
        before.empty() ? unsetenv("RONDO_CODE_CACHE") : setenv("RONDO_CODE_CACHE", before.c_str(), 1);
        fs::remove_all(folder);
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> all;
        if (fs::exists(folder))
            for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path());
        return all;
    }
    // dX/dt and dY/dt of the Brusselator.
    static std::vector<double> slopes() {
        const auto model = testing::compiled(testing::brusselator(), {"X"});
        std::vector<double> p = testing::default_inputs(*model), y{1.5, 2.5}, dydt(2);
        p.resize(model->parameter_count());
        model->code().rhs(0, y.data(), p.data(), dydt.data());
        return dydt;
    }

    fs::path folder;
    std::string before;
};

TEST_F(CodeCacheTest, TheSameModelIsCompiledOnce) {
    const auto first = slopes();
    const auto made = files();
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].extension(), ".o");
    const auto written = fs::file_size(made[0]);
    fs::last_write_time(made[0], fs::file_time_type::clock::now() - std::chrono::hours(5));
    EXPECT_EQ(slopes(), first);
    EXPECT_EQ(files(), made);
    EXPECT_EQ(fs::file_size(made[0]), written);
    // A use is noted, for what goes first when room is short.
    EXPECT_GT(fs::last_write_time(made[0]), fs::file_time_type::clock::now() - std::chrono::hours(1));
}

TEST_F(CodeCacheTest, DamagedCodeIsNotUsed) {
    const auto first = slopes();
    const fs::path file = files().at(0);
    const auto size = fs::file_size(file);
    for (const auto left : {size - 1, size / 2, std::uintmax_t(40), std::uintmax_t(10), std::uintmax_t(0)}) {
        SCOPED_TRACE(left);
        fs::resize_file(file, left);
        EXPECT_EQ(slopes(), first);
        EXPECT_EQ(fs::file_size(file), size);
    }
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(size / 2));
    stream.put('?');
    stream.close();
    EXPECT_EQ(slopes(), first);
}

TEST_F(CodeCacheTest, MayBeSwitchedOffOrImpossible) {
    setenv("RONDO_CODE_CACHE", "off", 1);
    const auto first = slopes();
    EXPECT_TRUE(files().empty());
    setenv("RONDO_CODE_CACHE", "/dev/null/none", 1);
    EXPECT_EQ(slopes(), first);
}

TEST_F(CodeCacheTest, ManyMayShareIt) {
    const auto first = slopes();
    fs::remove(files().at(0));
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back([&] { EXPECT_EQ(slopes(), first); });
    }
    EXPECT_EQ(files().size(), 1u);
}

}  // namespace
}  // namespace rondo
