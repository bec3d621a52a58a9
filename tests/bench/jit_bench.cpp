// One call of native code: right-hand side and sparse Jacobian of generated networks, one lane and eight.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "jit/compile.h"
#include "tests/support/networks.h"

namespace {

// Compiling is what is measured.
[[maybe_unused]] const int no_cache = setenv("RONDO_CODE_CACHE", "off", 1);

using namespace rondo;

struct Model {
    std::shared_ptr<const CompiledModel> compiled;
    std::vector<double> t, p, y, out;
};

Model make_model(int reactions, int lanes) {
    const auto system = std::make_shared<const OdeSystem>(lower(testing::generated_network(reactions, 1)));
    Model m{compile(system, {.lanes = lanes}), std::vector<double>(lanes, 0.0), {}, {}, {}};
    for (const Input& input : system->inputs) m.p.insert(m.p.end(), lanes, input.value);
    m.p.resize(system->parameter_count() * lanes);
    m.y.resize(system->states.size() * lanes);
    m.out.resize((system->states.size() + system->jacobian.size()) * lanes);
    m.compiled->code().initialize(m.t.data(), m.p.data(), m.y.data());
    return m;
}

// Items are lanes: items per second compare widths.
void call(benchmark::State& state,
          void (*ModelCode::*function)(const double*, const double*, const double*, double*)) {
    Model m = make_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    for (auto _ : state) {
        (m.compiled->code().*function)(m.t.data(), m.y.data(), m.p.data(), m.out.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(1));
}

void jit_rhs(benchmark::State& state) {
    call(state, &ModelCode::rhs);
}
void jit_jacobian(benchmark::State& state) {
    call(state, &ModelCode::jacobian);
}

void jit_compile(benchmark::State& state) {
    const auto system = std::make_shared<const OdeSystem>(
        lower(testing::generated_network(static_cast<int>(state.range(0)), 1)));
    for (auto _ : state) benchmark::DoNotOptimize(compile(system));
}

BENCHMARK(jit_rhs)->ArgNames({"reactions", "lanes"})->ArgsProduct({{3, 20, 200, 2000}, {1, 8}});
BENCHMARK(jit_jacobian)->ArgNames({"reactions", "lanes"})->ArgsProduct({{3, 200}, {1, 8}});
BENCHMARK(jit_compile)->ArgName("reactions")->Arg(3)->Arg(20)->Arg(200)->Unit(benchmark::kMillisecond);

}  // namespace
