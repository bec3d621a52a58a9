// thread_speedup: what a second thread gains for labels, beside what it gains for arithmetic alone.
//
// Labels of 60 000 points of the Brusselator, and a loop of as much arithmetic in as many pieces, each on one
// and on two threads in turn, five times: wall-clock seconds, medians.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>

#include "runtime/label/label.h"
#include "runtime/sample/box.h"
#include "tests/support/oscillators.h"

using namespace rondo;
using namespace rondo::testing;

namespace {

double seconds(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

// A chain of multiplications that no compiler can shorten.
double arithmetic(std::size_t piece) {
    double x = 0.3 + 1e-9 * static_cast<double>(piece);
    for (int i = 0; i < 15'000; ++i) x = 3.9 * x * (1 - x);
    return x;
}

}  // namespace

int main() {
    const Oscillator& system = oscillators().front();
    const auto model = system.compile();
    const Table points = uniform(Box{{{"a", 0, 5}, {"b", 0, 15}}}, 60'000, 1);
    std::vector<std::vector<double>> inputs;
    for (std::size_t row = 0; row < points.rows(); ++row)
        inputs.push_back(system.inputs(*model, points, row));
    std::vector<double> results(inputs.size());
    std::vector<double> label_gains, loop_gains;
    for (int round = 0; round < 5; ++round) {
        double labels[2], loop[2];
        for (const int threads : {1, 2}) {
            const Executor executor(threads);
            labels[threads - 1] = seconds([&] { label_cycle(*model, inputs, CycleOptions(), executor); });
            loop[threads - 1] = seconds([&] {
                executor.map("arithmetic", results.size(),
                             [&](int, std::size_t piece) { results[piece] = arithmetic(piece); });
            });
        }
        label_gains.push_back(labels[0] / labels[1]);
        loop_gains.push_back(loop[0] / loop[1]);
    }
    std::printf("%s: two threads label %.2f times as fast as one, arithmetic %.2f times; share %.3f\n",
                system.name.c_str(), median(label_gains), median(loop_gains),
                median(label_gains) / median(loop_gains));
}
