// What study code costs: a function as an oracle and interpreted; Breed's next set, beside the step it is
// made for.
#include <benchmark/benchmark.h>

#include <sstream>

#include "runtime/api/session.h"

namespace rondo {
namespace {

// A session with the pits and Breed at hand.
struct Bench {
    std::ostringstream out;
    Session session;

    Bench()
        : session({.jobs = 1,
                   .store = std::filesystem::temp_directory_path() / "study_bench.db",
                   .fresh = true,
                   .out = &out,
                   .warn = [](auto&) {}}) {
        session.evaluate(
            "use ipgd\nuse breed\n"
            "surface = pits_surface(two_pits)\n"
            "fall = descent(surface, steps = 100)\n"
            "end_of = oracle(fall, over = pits_box)\n"
            "product = oracle(function(x, y) x*y end, over = pits_box)\n"
            "rows = uniform_rows(product, 1000, seed = 1)\n"
            "losses = rows.value^2\n"
            "next = breed(product, from = 0.7, seed = 1)\n"
            "points = uniform(pits_box, 10000, seed = 1)\n");
    }
};

// 100 steps of descent on two pits: time a point.
void descent_compiled(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) bench.session.evaluate("ends = end_of(points)");
    state.SetItemsProcessed(state.iterations() * 10000);
}
BENCHMARK(descent_compiled)->Unit(benchmark::kMillisecond);

void descent_interpreted(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) bench.session.evaluate("ends = map(function(p) fall(p.x, p.y) end, points[1..2])");
    state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(descent_interpreted)->Unit(benchmark::kMillisecond);

void surface_compiled(benchmark::State& state) {
    Bench bench;
    bench.session.evaluate("height = oracle(surface, over = pits_box)");
    for (auto _ : state) bench.session.evaluate("heights = height(points)");
    state.SetItemsProcessed(state.iterations() * 10000);
}
BENCHMARK(surface_compiled)->Unit(benchmark::kMillisecond);

void surface_interpreted(benchmark::State& state) {
    Bench bench;
    for (auto _ : state)
        bench.session.evaluate("heights = map(function(p) surface(p.x, p.y) end, points[1..100])");
    state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(surface_interpreted)->Unit(benchmark::kMillisecond);

// The next 1000 rows, 700 of them children, labels of a trivial oracle included.
void breed_next_set(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) bench.session.evaluate("set = next(rows, losses, 30)");
}
BENCHMARK(breed_next_set)->Unit(benchmark::kMillisecond);

// 100 steps of Adam on 1000 rows at once with the benchmark's network; the time of one is a hundredth. (The
// seed changes, so that nothing is found in the store.)
void hundred_steps(benchmark::State& state) {
    Bench bench;
    int seed = 0;
    for (auto _ : state) {
        bench.session.evaluate(
            "train(product, rows, network = mlp(hidden = [128, 128, 128], batch_norm = false), epochs = 100, "
            "warm_up = 0, "
            "learning_rate = 1e-3, loss = \"huber\", schedule = \"constant\", patience = 0, precision = "
            "\"float\", seed = " +
            std::to_string(++seed) + ")");
    }
}
BENCHMARK(hundred_steps)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rondo
