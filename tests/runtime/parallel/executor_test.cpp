// Parallel maps: every index once, the first failure, a clean stop.
#include "runtime/parallel/executor.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "runtime/parallel/throttle.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

constexpr int job_counts[] = {1, 2, 7};

TEST(Executor, CallsEachIndexOnceWithAWorkerInRange) {
    for (const int jobs : job_counts) {
        SCOPED_TRACE(jobs);
        const Executor executor(jobs);
        std::vector<std::atomic<int>> calls(1000);
        std::atomic<int> out_of_range = 0;
        executor.map("count", calls.size(), [&](int worker, std::size_t index) {
            if (worker < 0 || worker >= jobs) ++out_of_range;
            ++calls[index];
        });
        for (const auto& count : calls) ASSERT_EQ(count, 1);
        EXPECT_EQ(out_of_range, 0);
    }
}

TEST(Executor, AWorkerIsOneThreadAtATime) {
    const Executor executor(7);
    std::vector<std::atomic<int>> busy(7);
    std::atomic<int> clashes = 0;
    executor.map("scratch", 2000, [&](int worker, std::size_t) {
        if (busy[worker]++ != 0) ++clashes;
        std::this_thread::yield();
        --busy[worker];
    });
    EXPECT_EQ(clashes, 0);
}

TEST(Executor, NoItemsIsNoWork) {
    Executor(3).map("nothing", 0, [](int, std::size_t) { FAIL(); });
}

TEST(Executor, UsesTheCoresTheProcessMayUse) {
    cpu_set_t all, one;
    ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
    EXPECT_EQ(Executor(0).jobs(), CPU_COUNT(&all));
    EXPECT_EQ(Executor(-1).jobs(), CPU_COUNT(&all));
    int first = 0;
    while (!CPU_ISSET(first, &all)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(Executor(0).jobs(), 1);
    sched_setaffinity(0, sizeof all, &all);
    EXPECT_EQ(Executor(5).jobs(), 5);
}

TEST(Executor, TheFirstFailureByIndexIsRethrownWhateverTheJobs) {
    for (const int jobs : job_counts) {
        SCOPED_TRACE(jobs);
        for (int round = 0; round < 20; ++round) {
            const std::string message = message_of([&] {
                Executor(jobs).map("fail", 400, [](int, std::size_t index) {
                    if (index == 57) std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    if (index >= 57) throw Error(Fault::numerics, "item " + std::to_string(index));
                });
            });
            ASSERT_EQ(message, "item 57");
        }
    }
}

TEST(Executor, AStopLeavesACountOfWhatIsDone) {
    for (const int jobs : job_counts) {
        SCOPED_TRACE(jobs);
        StopFlag stop = false;
        const Executor executor(jobs, &stop);
        std::atomic<int> done = 0;
        std::string message;
        try {
            executor.map("label brusselator", 1000, [&](int, std::size_t index) {
                if (index == 100) stop = true;
                ++done;
            });
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::interrupted);
            message = error.what();
        }
        EXPECT_LT(done, 1000);
        EXPECT_EQ(message, "interrupted: label brusselator, " + std::to_string(done) + " of 1000 done");
        EXPECT_EQ(message_of([&] { executor.map("more", 1, [](int, std::size_t) { FAIL(); }); }),
                  "interrupted: more, 0 of 1 done");
        EXPECT_EQ(message_of([&] { executor.throw_if_stopping(); }), "interrupted");
    }
}

TEST(Executor, AStopAfterTheLastItemLosesNothing) {
    StopFlag stop = false;
    std::size_t done = 0;
    Executor(1, &stop).map("all", 10, [&](int, std::size_t index) {
        ++done;
        if (index == 9) stop = true;
    });
    EXPECT_EQ(done, 10u);
}

TEST(Executor, AMapInsideAMapRunsOnItsCallersThread) {
    for (const int jobs : job_counts) {
        SCOPED_TRACE(jobs);
        const Executor executor(jobs);
        std::vector<std::size_t> sums(20);
        std::atomic<int> strangers = 0;
        executor.map("outer", sums.size(), [&](int outer, std::size_t i) {
            const auto thread = std::this_thread::get_id();
            executor.map("inner", 50, [&](int inner, std::size_t k) {
                if (inner != outer || std::this_thread::get_id() != thread) ++strangers;
                sums[i] += i * k;
            });
        });
        EXPECT_EQ(strangers, 0);
        for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], i * 50 * 49 / 2);
    }
}

TEST(Executor, AMapInsideAMapOfOneItemUsesAllWorkers) {
    const Executor executor(4);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    executor.map("one", 1, [&](int, std::size_t) {
        executor.map("many", 64, [&](int, std::size_t) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
        });
    });
    EXPECT_GT(threads.size(), 1u);
}

TEST(Executor, AFailureInsideANestedMapComesOut) {
    EXPECT_EQ(message_of([] {
                  const Executor executor(3);
                  executor.map("outer", 10, [&](int, std::size_t i) {
                      executor.map("inner", 10, [&](int, std::size_t k) {
                          if (i == 4 && k == 2) throw Error(Fault::numerics, "4.2");
                      });
                  });
              }),
              "4.2");
}

struct Recorder : Progress {
    std::vector<std::string> begun;
    std::atomic<int> advances = 0, ends = 0;
    std::atomic<std::size_t> furthest = 0;
    void begin(const std::string& what, std::size_t total) override {
        begun.push_back(what + " " + std::to_string(total));
    }
    void advance(std::size_t done) override {
        ++advances;
        furthest = done;
    }
    void note(const std::string&) override {}
    void end() override { ++ends; }
};

TEST(Executor, ProgressIsToldSeldomAndAlwaysEnded) {
    Recorder recorder;
    const Executor executor(2, nullptr, &recorder);
    executor.map("quick", 100000, [](int, std::size_t) {});
    EXPECT_EQ(recorder.begun, std::vector<std::string>{"quick 100000"});
    EXPECT_GE(recorder.advances, 1);
    EXPECT_LT(recorder.advances, 100);
    EXPECT_EQ(recorder.ends, 1);
    EXPECT_THROW(executor.map("bad", 5, [](int, std::size_t) { throw Error(Fault::input, "x"); }), Error);
    EXPECT_EQ(recorder.ends, 2);
    executor.map("outer", 3, [&](int, std::size_t) { executor.map("inner", 3, [](int, std::size_t) {}); });
    EXPECT_EQ(recorder.begun.back(), "outer 3");
}

TEST(Throttle, LetsOneThroughAGap) {
    Throttle throttle(std::chrono::hours(1));
    EXPECT_TRUE(throttle.due());
    EXPECT_FALSE(throttle.due());
    Throttle open(std::chrono::nanoseconds(0));
    EXPECT_TRUE(open.due());
    EXPECT_TRUE(open.due());
}

}  // namespace
}  // namespace rondo
