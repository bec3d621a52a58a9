// The CUDA plugin: loads without a GPU, and trains on one as on the CPU.
#include <dlfcn.h>

#include <filesystem>

#include "runtime/surrogate/replicates.h"
#include "tests/runtime/surrogate/example.h"
#include "tests/support/allen_cahn.h"

namespace rondo {
namespace {

class Cuda : public testing::Test {
  protected:
    void SetUp() override {
#ifndef RONDO_TORCH_CUDA
        GTEST_SKIP()
            << "built without LibTorch's CUDA part: it needs a CUDA 13 toolkit and tools/setup-torch --cuda";
#endif
    }
};

TEST_F(Cuda, PluginLoadsWithoutAGpu) {
    const auto folder = std::filesystem::path(RONDO_PROGRAM).parent_path().parent_path() / "lib";
    void* library = dlopen((folder / "librondo_torch_cuda.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    EXPECT_NE(dlsym(library, "rondo_torch_train"), nullptr);
}

TEST_F(Cuda, TrainingAgreesWithTheCpu) {
    if (!std::filesystem::exists("/dev/nvidia0")) {
        GTEST_SKIP() << "there is no GPU here: '/dev/nvidia0' is absent";
    }
    const Executor executor(1);
    TrainOptions options = quick;
    options.epochs = 10;
    options.batch = 20;
    const auto on_cpu = train(sine(100), {}, line, {"y"}, small, options, executor).history;
    options.device = Device::cuda;
    const auto on_gpu = train(sine(100), {}, line, {"y"}, small, options, executor).history;
    // Sums in another order; Adam divides by small square roots, which magnifies the last bits.
    for (std::size_t e = 0; e < 10; ++e) {
        EXPECT_NEAR(on_gpu.numbers("train_loss")[e], on_cpu.numbers("train_loss")[e], 1e-6)
            << "epoch " << e + 1;
    }
}

TEST_F(Cuda, TrainingTogetherAgreesWithTheCpu) {
    if (!std::filesystem::exists("/dev/nvidia0")) {
        GTEST_SKIP() << "there is no GPU here: '/dev/nvidia0' is absent";
    }
    Lesson lesson{sine(100), sine(20), line, {"y"}, small, quick};
    lesson.options.epochs = 10;
    lesson.options.batch = 20;
    const std::vector<Member> members{{1}, {2}, {3}};
    const auto on_cpu = train_together(lesson, members, Executor(1));
    lesson.options.device = Device::cuda;
    const auto on_gpu = train_together(lesson, members, Executor(1));
    for (std::size_t i = 0; i < members.size(); ++i) {  // as above
        for (std::size_t e = 0; e < 10; ++e)
            EXPECT_NEAR(on_gpu[i].history.numbers("train_loss")[e],
                        on_cpu[i].history.numbers("train_loss")[e], 1e-6);
    }
}

TEST_F(Cuda, EquationsAgreeWithTheCpu) {
    if (!std::filesystem::exists("/dev/nvidia0")) {
        GTEST_SKIP() << "there is no GPU here: '/dev/nvidia0' is absent";
    }
    const Executor executor(1);
    const Equation equation = allen_cahn(1e-2, 10, 32);
    const Table rows = uniform(allen_cahn_box, 300, 1);
    TrainOptions options{.epochs = 1, .warm_up = 0, .device = Device::cpu, .equation = &equation};
    const Surrogate network =
        train(rows, {}, allen_cahn_box, {"u"}, tanh_network({16, 16}, 3), options, executor);
    const auto on_cpu = at_weights(network, equation, rows, false);
    const auto on_gpu = at_weights(network, equation, rows, false, false, Device::cuda);
    EXPECT_NEAR(on_gpu.loss, on_cpu.loss, 1e-10 * on_cpu.loss);
    for (std::size_t i = 0; i < on_cpu.gradient.size(); ++i)
        EXPECT_NEAR(on_gpu.gradient[i], on_cpu.gradient[i], 1e-9) << i;
}

}  // namespace
}  // namespace rondo
