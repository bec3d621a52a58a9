// Long work on rows: kept as it comes, found again, and how much a kill may cost.
#include "runtime/simulate/row_map.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "runtime/store/store.h"
#include "runtime/table/bytes.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

double square(double x) {
    return x * x;
}

Table numbered(std::size_t rows) {
    std::vector<double> x;
    for (std::size_t row = 0; row < rows; ++row) x.push_back(static_cast<double>(row));
    Table points;
    points.set("x", std::move(x));
    return points;
}

// Squares of x, a hundred microseconds each. `computed` counts them.
class Squares {
  public:
    Squares(const Table& points, std::atomic<long>& computed)
        : values(points.rows()), points_(points), computed_(computed) {}

    RowKeeper::Account run(const Executor& executor, const RowKeeper& keeper) {
        RowMap map{.what = "squaring", .points = points_, .block = 1000};
        map.give = [&](RowMap::Rows rows) {
            std::vector<double> chosen;
            for (const std::size_t row : rows) chosen.push_back(values[row]);
            Table table;
            table.set("square", std::move(chosen));
            return table;
        };
        map.take = [&](RowMap::Rows rows, const Table& kept) {
            for (std::size_t i = 0; i < rows.size(); ++i) values[rows[i]] = kept.numbers("square")[i];
        };
        map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
            while (const auto row = rows.next()) {
                const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
                while (std::chrono::steady_clock::now() < end) continue;
                values[*row] = square(points_.numbers("x")[*row]);
                ++computed_;
                done(*row);
                rows.done();
            }
        };
        return run_rows(map, executor, keeper);
    }

    std::vector<double> values;

  private:
    const Table& points_;
    std::atomic<long>& computed_;
};

RowKeeper keeper_in(Store& store) {
    const auto name = [](const Table& points) { return Identity("squares", 1).add(points).hex(); };
    RowKeeper keeper;
    keeper.find = [&store, name](const Table& points) -> std::optional<Table> {
        auto bytes = store.find(name(points));
        if (!bytes) bytes = store.find(name(points) + ".part");
        return bytes ? std::optional(table_from_bytes(*bytes)) : std::nullopt;
    };
    keeper.keep = [&store, name](std::span<const RowKeeper::Block> blocks) {
        std::vector<StoredBytes> results;
        for (const auto& block : blocks)
            results.push_back(
                {name(block.points) + (block.whole ? "" : ".part"), "squares", to_bytes(block.results)});
        store.put(results);
    };
    return keeper;
}

TEST(RowMap, FindsWhatWasKeptAndComputesTheRest) {
    const TestFolder folder;
    Store store(folder / "store.db");
    std::atomic<long> computed = 0;
    const Table few = numbered(2500), more = numbered(3100);
    Squares first(few, computed);
    const auto one = first.run(Executor(2), keeper_in(store));
    EXPECT_EQ(one.made, 2500u);
    EXPECT_EQ(one.found, 0u);
    EXPECT_EQ(computed, 2500);
    Squares again(few, computed);
    EXPECT_EQ(again.run(Executor(1), keeper_in(store)).found, 2500u);
    EXPECT_EQ(computed, 2500);
    EXPECT_EQ(again.values, first.values);
    Squares longer(more, computed);  // shares two whole blocks
    EXPECT_EQ(longer.run(Executor(1), keeper_in(store)).found, 2000u);
    for (std::size_t row = 0; row < 3100; ++row)
        ASSERT_EQ(longer.values[row], square(static_cast<double>(row)));
}

TEST(RowMap, AStopKeepsAllThatIsDone) {
    const TestFolder folder;
    Store store(folder / "store.db");
    std::atomic<long> computed = 0;
    const Table points = numbered(5000);
    StopFlag stop = false;
    Squares stopped(points, computed);
    std::jthread watcher([&] {
        while (computed < 1700) std::this_thread::yield();
        stop = true;
    });
    EXPECT_NE(
        message_of([&] { stopped.run(Executor(2, &stop), keeper_in(store)); }).find("interrupted: squaring"),
        std::string::npos);
    const long before = computed;
    Squares resumed(points, computed);
    EXPECT_EQ(resumed.run(Executor(2), keeper_in(store)).found, static_cast<std::size_t>(before));
    EXPECT_EQ(computed, 5000);
}

// The count lies in memory that outlives the process that is killed.
TEST(RowMap, AKillCostsLessThanABatchAWorker) {
    constexpr std::size_t rows = 20'000;
    constexpr int kills = 5;
    const TestFolder folder;
    void* const shared =
        mmap(nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto& computed = *new (shared) std::atomic<long>(0);
    const Table points = numbered(rows);
    std::mt19937 random(1);
    for (int i = 0; i < kills; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            Store store(folder / "store.db");
            Squares(points, computed).run(Executor(2), keeper_in(store));
            _exit(0);
        }
        const long due = computed + std::uniform_int_distribution<long>(2100, 3500)(random);
        while (computed < due) usleep(100);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }
    Store store(folder / "store.db");
    Squares last(points, computed);
    const auto account = last.run(Executor(2), keeper_in(store));
    for (std::size_t row = 0; row < rows; ++row)
        ASSERT_EQ(last.values[row], square(static_cast<double>(row)));
    EXPECT_GT(account.found, 0u);
    constexpr long batch = 1000, workers = 2;
    EXPECT_LE(computed, static_cast<long>(rows) + batch * workers * kills);
    EXPECT_LE(computed,
              static_cast<long>(rows) + kills * static_cast<long>(kept_rows + 4));  // as row_map.h says
    munmap(shared, sizeof(std::atomic<long>));
}

}  // namespace
}  // namespace rondo
