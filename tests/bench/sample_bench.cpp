// What random numbers, points and CSV cost.
#include <benchmark/benchmark.h>

#include "runtime/sample/box.h"
#include "runtime/sample/random.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

void philox(benchmark::State& state) {
    Random random(1, "bench");
    for (auto _ : state) benchmark::DoNotOptimize(random.bits());
}
BENCHMARK(philox);

void normal(benchmark::State& state) {
    Random random(1, "bench");
    for (auto _ : state) benchmark::DoNotOptimize(random.normal());
}
BENCHMARK(normal);

Box box(Scale scale) {
    Box result;
    for (const auto name : {"a", "b", "c", "d"}) result.axes.push_back({name, 0.1, 10, scale});
    return result;
}

// Time a point of four coordinates.
template <class Sampler>
void points(benchmark::State& state, Sampler sampler, Scale scale) {
    constexpr std::size_t n = 100000;
    for (auto _ : state) benchmark::DoNotOptimize(sampler(box(scale), n, 1));
    state.SetItemsProcessed(state.iterations() * std::int64_t(n));
}
BENCHMARK_CAPTURE(points, lhs, lhs, Scale::linear)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(points, lhs_log, lhs, Scale::log)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(points, uniform, uniform, Scale::linear)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(points, sobol, sobol, Scale::linear)->Unit(benchmark::kMillisecond);

const std::string& million_rows() {
    static const std::string csv = to_csv(uniform(box(Scale::linear), 1000000, 1));
    return csv;
}

void read_csv_million_rows(benchmark::State& state) {
    const std::string& csv = million_rows();
    for (auto _ : state) benchmark::DoNotOptimize(parse_csv(csv, "bench.csv"));
    state.SetBytesProcessed(state.iterations() * std::int64_t(csv.size()));
}
BENCHMARK(read_csv_million_rows)->Unit(benchmark::kMillisecond);

void write_csv_million_rows(benchmark::State& state) {
    const Table table = parse_csv(million_rows(), "bench.csv");
    for (auto _ : state) benchmark::DoNotOptimize(to_csv(table));
    state.SetBytesProcessed(state.iterations() * std::int64_t(million_rows().size()));
}
BENCHMARK(write_csv_million_rows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rondo
