// Our side of pinn_against_pytorch: reads lines "POINTS STEPS PRECISION WAY DEVICE" and answers each with the
// CPU seconds (on a GPU: those of the clock) of so many steps of the Allen-Cahn network of 4 x 128, and the
// last loss. WAY: taylor, as training does it, or nested: loss and gradient by nested automatic
// differentiation.
#include <chrono>
#include <ctime>
#include <iostream>
#include <sstream>

#include "tests/support/allen_cahn.h"

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

int main() {
    using namespace rondo;
    const Equation equation = allen_cahn();
    const Mlp mlp = tanh_network({128, 128, 128, 128}, 10);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string precision, way, device;
        std::size_t points = 0;
        int steps = 0;
        words >> points >> steps >> precision >> way >> device;
        const bool cuda = device == "cuda";
        TrainOptions options{.epochs = steps,
                             .warm_up = 0,
                             .learning_rate = 1e-3,
                             .weight_decay = 0,
                             .device = cuda ? Device::cuda : Device::cpu,
                             .schedule = Schedule::step};
        options.single = precision == "float";
        options.equation = &equation;
        const Table rows = uniform(allen_cahn_box, points, 1);
        if (way == "nested") options.epochs = 1;
        const auto clock = cuda ? wall_seconds : cpu_seconds;
        double before = clock();
        const Surrogate trained = train(rows, {}, allen_cahn_box, {"u"}, mlp, options, Executor(1));
        double loss = trained.history.numbers("train_loss").back();
        if (way == "nested") {
            before = clock();
            for (int i = 0; i < steps; ++i)
                loss = at_weights(trained, equation, rows, true, options.single, options.device).loss;
        }
        std::cout << clock() - before << ' ' << loss << std::endl;
    }
}
