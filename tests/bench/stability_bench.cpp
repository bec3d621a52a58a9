// What fixed points and their eigenvalues cost, a point of each oscillator's box: without the compilation.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>

#include "runtime/sample/box.h"
#include "runtime/stability/stability.h"

namespace rondo {
namespace {

void fixed_points(benchmark::State& state, const char* name, const Box& box) {
    std::ifstream file(std::string(STDLIB_MODELS "/") + name + ".ant");
    const Model model = read_model(std::string(std::istreambuf_iterator<char>(file), {}), name);
    const Table points = uniform(box, 500, 1);
    const Executor executor(1);
    (void)with_stability(model, points, "points", executor);
    for (auto _ : state) benchmark::DoNotOptimize(with_stability(model, points, "points", executor));
    state.SetItemsProcessed(state.iterations() * 500);
}
BENCHMARK_CAPTURE(fixed_points, brusselator, "brusselator", Box{{{"a", 0, 5}, {"b", 0, 15}}});
BENCHMARK_CAPTURE(fixed_points, cell_cycle, "cell_cycle",
                  Box{{{"k_sx", 0, 15.3},
                       {"k_dx", 0, 0.4},
                       {"k_sy", 0, 13.5},
                       {"k_dy", 0, 0.2},
                       {"k_sz", 0, 13.5},
                       {"k_dz", 0, 1}}});
BENCHMARK_CAPTURE(
    fixed_points, mpf, "mpf",
    Box{{{"k1", 0, 0.1}, {"k2", 0, 0.1}, {"k25", 0, 0.4}, {"kwee", 0, 15}, {"kinh", 0, 1}, {"kcak", 0, 10}}});
BENCHMARK_CAPTURE(fixed_points, activator_inhibitor, "activator_inhibitor",
                  Box{{{"c", 0, 28}, {"y0", 0, 1}, {"eps", 0, 1}, {"a", 0, 10}, {"b", 0, 50}, {"r", 0, 10}}});

}  // namespace
}  // namespace rondo
