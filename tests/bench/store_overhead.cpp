// store_overhead.cpp: what it costs to keep labels as they come, and to find them again.
//
//   store_overhead [POINTS [ROUNDS]]     labels POINTS Brusselator points (100 000) in turn with and without
//   a
//                                        store, one thread, CPU seconds; then reads back a million labels
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "runtime/api/models.h"
#include "runtime/label/label_points.h"
#include "runtime/sample/box.h"
#include "runtime/study/objects.h"

namespace {

using namespace rondo;
namespace fs = std::filesystem;

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct World {
    explicit World(const fs::path& file) : store(file) {}
    Executor executor{1};
    Store store;
    Sources sources;
    Environment environment{executor, store, std::cout, {}, "", "", "", Device::cpu, {}, sources};
    RowKeeper keeper() { return row_keeper(environment, "frequency", Identity("bench", 1)); }
};

// The keeper, and the CPU it takes.
RowKeeper timed(RowKeeper keeper, double& seconds) {
    RowKeeper result = keeper;
    result.find = [keeper, &seconds](const Table& points) {
        const double before = cpu_seconds();
        auto found = keeper.find(points);
        seconds += cpu_seconds() - before;
        return found;
    };
    result.keep = [keeper, &seconds](std::span<const RowKeeper::Block> blocks) {
        const double before = cpu_seconds();
        keeper.keep(blocks);
        seconds += cpu_seconds() - before;
    };
    return result;
}

double label(const Model& model, const Table& points, const RowKeeper& keeper) {
    const double before = cpu_seconds();
    label_points(model, points, "points", {"X"}, CycleOptions(), Executor(1), keeper);
    return cpu_seconds() - before;
}

}  // namespace

int main(int argc, char** argv) {
    const auto count = static_cast<std::size_t>(argc > 1 ? std::stoul(argv[1]) : 100'000);
    const int rounds = argc > 2 ? std::stoi(argv[2]) : 3;
    const fs::path folder = fs::temp_directory_path() / ("rondo-store-" + std::to_string(getpid()));
    fs::create_directories(folder);
    const Model model = load_model(STDLIB_MODELS "/brusselator.ant");
    const Box box{{{"a", 0, 5, Scale::linear}, {"b", 0, 15, Scale::linear}}};
    const Table points = sobol(box, count, 1);
    std::vector<double> without, with, ratios, parts;
    for (int round = 0; round < rounds; ++round) {
        World world(folder / ("store" + std::to_string(round) + ".db"));
        without.push_back(label(model, points, {}));
        double storing = 0;
        with.push_back(label(model, points, timed(world.keeper(), storing)));
        parts.push_back(storing / (with.back() - storing));
        ratios.push_back(with.back() / without.back());
    }
    std::cout << count << " points: " << median(without) << " s CPU without a store, " << median(with)
              << " s with one, ratio " << median(ratios) << "; finding and storing alone "
              << 100 * median(parts) << " %\n";
    {
        World world(folder / "million.db");
        const RowKeeper keeper = world.keeper();
        const Table million = sobol(box, 1'000'000, 2);
        for (std::size_t begin = 0; begin < million.rows(); begin += 1000) {
            const Table block = million.slice(begin, begin + 1000);
            Table results;
            results.set("freq_X", std::vector<double>(1000, 0.25));
            results.set("rhythm", std::vector<std::string>(1000, "sustained"));
            results.set("reason", std::vector<std::string>(1000, ""));
            results.set("rhs_calls", std::vector<double>(1000, 5000));
            const RowKeeper::Block kept{block, std::move(results), true};
            keeper.keep(std::span(&kept, 1));
        }
        const double before = cpu_seconds();
        const auto begun = std::chrono::steady_clock::now();
        label_points(model, million, "points", {"X"}, CycleOptions(), Executor(1), keeper);
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
        std::cout << "a million labels read back: " << wall.count() << " s, " << cpu_seconds() - before
                  << " s CPU\n";
    }
    fs::remove_all(folder);
}
