// Finding the plugins: what is said where they are not.
#include "runtime/surrogate/plugin.h"

#include <cstdlib>
#include <filesystem>

#include "runtime/table/file.h"
#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

// Looks for plugins in a folder of the test's own.
class Plugins : public testing::Test {
  protected:
    void SetUp() override { setenv("RONDO_PLUGIN_DIR", folder_.path().c_str(), 1); }
    void TearDown() override { unsetenv("RONDO_PLUGIN_DIR"); }
    TestFolder folder_;
};

TEST_F(Plugins, AbsentOnesAreNamedWithTheWayOut) {
    EXPECT_EQ(message_of([] { load_plugin(Device::cpu); }),
              "training needs LibTorch, and 'librondo_torch_cpu.so' is not in '" + folder_.path().string() +
                  "': run tools/setup-torch and build again");
    EXPECT_EQ(torch_version(), "");
    const Executor executor(1);
    try {
        train(sine(10), {}, line, {"y"}, small, quick, executor);
        FAIL() << "trained without a plugin";
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::unsupported);
    }
}

TEST_F(Plugins, BrokenOnesAreToldWithTheReason) {
    const auto file = folder_ / "librondo_torch_cpu.so";
    write_file(file, "no library at all, but more than enough text to fill a header of one\n");
    const std::string message = message_of([] { load_plugin(Device::cpu); });
    EXPECT_TRUE(message.starts_with("training cannot load '" + file.string() + "': ")) << message;
    EXPECT_NE(message.find("invalid ELF header"), std::string::npos) << message;
}

TEST(Plugin, CudaWithoutAGpuIsTold) {
    const bool gpu = std::filesystem::exists("/dev/nvidia0");
    EXPECT_EQ(message_of([] { load_plugin(Device::cuda); }) ==
                  "there is no CUDA device here to train on; use --device cpu or auto",
              !gpu);
}

TEST(Plugin, AutomaticTakesWhatIsHere) {
    NEEDS_TORCH();
#ifdef RONDO_TORCH_CUDA
    const bool cuda = std::filesystem::exists("/dev/nvidia0");
#else
    const bool cuda = false;
#endif
    EXPECT_EQ(load_plugin(Device::automatic).device, cuda ? "cuda" : "cpu");
}

TEST(Plugin, TellsLibTorchsVersion) {
    NEEDS_TORCH();
    EXPECT_TRUE(torch_version().starts_with("2.")) << torch_version();
}

}  // namespace
}  // namespace rondo
