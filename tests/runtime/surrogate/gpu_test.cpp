// Training on a GPU agrees with the CPU.
#include <filesystem>

#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

TEST(TrainOnGpu, AgreesWithTheCpu) {
    if (!std::filesystem::exists("/dev/nvidia0"))
        GTEST_SKIP() << "there is no GPU here: '/dev/nvidia0' is absent";
    NEEDS_TORCH();
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

}  // namespace
}  // namespace rondo
