// What training costs: one epoch of the paper's Brusselator network, 2-128-256-128-2 with 10 000 rows, by
// rows a step (0: all); and prediction.
#include <benchmark/benchmark.h>

#include "runtime/surrogate/replicates.h"

namespace rondo {
namespace {

const Box box{{{"a", 0, 5}, {"b", 0, 15}}};

Table data(std::size_t rows) {
    Table table = uniform(box, rows, 1);
    std::vector<double> product;
    for (std::size_t i = 0; i < rows; ++i) product.push_back(table.numbers("a")[i] * table.numbers("b")[i]);
    table.set("freq_X", product);
    table.set("freq_Y", std::move(product));
    return table;
}

Surrogate trained(const Table& table, int epochs, int batch, bool batch_norm) {
    TrainOptions options{.epochs = epochs, .warm_up = 0, .batch = batch, .device = Device::cpu};
    return train(table, {}, box, {"freq_X", "freq_Y"}, Mlp{.batch_norm = batch_norm}, options, Executor(1));
}

// The time of `epochs` epochs; loading LibTorch is not counted.
void epoch(benchmark::State& state) {
    if (torch_version().empty()) {
        state.SkipWithError("LibTorch is not here: run tools/setup-torch and build again");
        return;
    }
    constexpr int epochs = 10;
    const Table table = data(10000);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            trained(table, epochs, static_cast<int>(state.range(0)), state.range(1) != 0));
    }
    state.counters["per_epoch"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * epochs,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(epoch)
    ->ArgNames({"batch", "batch_norm"})
    ->Args({0, 1})
    ->Args({0, 0})
    ->Args({128, 0})
    ->Unit(benchmark::kMillisecond);

// Four networks of 4 inputs by seed, one by one and as one batched network: an epoch of 2000 rows of all
// four.
void four(benchmark::State& state) {
    if (torch_version().empty()) {
        state.SkipWithError("LibTorch is not here: run tools/setup-torch and build again");
        return;
    }
    constexpr int epochs = 5;
    const int width = static_cast<int>(state.range(0));
    Lesson lesson{data(2000), {}, box, {"freq_X", "freq_Y"}, {}, {}};
    lesson.mlp = {.hidden = {width, width, width}, .batch_norm = false, .logs = true};
    if (width == 256) lesson.mlp = {};  // the paper's, of the Brusselator
    lesson.options = {
        .epochs = epochs, .warm_up = 0, .batch = static_cast<int>(state.range(1)), .device = Device::cpu};
    lesson.options.single = state.range(2) != 0;
    const std::vector<Member> members{{1}, {2}, {3}, {4}};
    for (auto _ : state) {
        if (state.range(3)) {
            benchmark::DoNotOptimize(train_together(lesson, members, Executor(1)));
            continue;
        }
        std::vector<Replicate> apart;
        for (const Member& member : members) apart.push_back({member, {}, [](Surrogate) {}});
        train_replicates(lesson, apart, Executor(1));
    }
    state.counters["per_epoch"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * epochs,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(four)
    ->ArgNames({"width", "batch", "single", "together"})
    ->ArgsProduct({{32, 64, 128}, {100}, {0, 1}, {0, 1}})
    ->ArgsProduct({{256}, {0, 100}, {0, 1}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

void prediction(benchmark::State& state) {
    if (torch_version().empty()) {
        state.SkipWithError("LibTorch is not here: run tools/setup-torch and build again");
        return;
    }
    const Table table = data(10000);
    const Surrogate surrogate = trained(data(100), 1, 0, true);
    for (auto _ : state) benchmark::DoNotOptimize(predict(surrogate, table));
    state.SetItemsProcessed(state.iterations() * 10000);
}
BENCHMARK(prediction)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rondo
