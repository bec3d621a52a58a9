// Maps that other processes help with, here as threads that talk through queues.
#include "runtime/parallel/crew.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "dsl/syntax/error.h"
#include "runtime/parallel/executor.h"
#include "runtime/parallel/ranks.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

// What is under way to each process.
struct Post {
    std::mutex mutex;
    std::vector<std::deque<Line::Message>> boxes;
};

class QueueLine : public Line {
  public:
    QueueLine(Post& post, int rank) : post_(post), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(post_.boxes.size()); }
    void send(int to, std::string bytes) override {
        const std::lock_guard lock(post_.mutex);
        post_.boxes[static_cast<std::size_t>(to)].push_back({rank_, std::move(bytes)});
    }
    std::optional<Message> receive() override {
        const std::lock_guard lock(post_.mutex);
        auto& box = post_.boxes[static_cast<std::size_t>(rank_)];
        if (box.empty()) return std::nullopt;
        Message message = std::move(box.front());
        box.pop_front();
        return message;
    }

  private:
    Post& post_;
    int rank_;
};

// A crew of threads; `prepare` is what they know.
class Threads {
  public:
    Threads(int helpers, const Prepare& prepare)
        : prepare_(prepare), stops_(static_cast<std::size_t>(helpers)) {
        post_.boxes.resize(static_cast<std::size_t>(helpers) + 1);
        for (int rank = 1; rank <= helpers; ++rank) {
            threads_.emplace_back([this, rank] {
                QueueLine line(post_, rank);
                help(line, prepare_, 1, stops_[static_cast<std::size_t>(rank - 1)]);
            });
        }
        line_ = std::make_unique<QueueLine>(post_, 0);
        crew_ = std::make_unique<Crew>(*line_);
    }
    ~Threads() { crew_.reset(); }
    Crew& crew() { return *crew_; }
    void stop(std::size_t helper) { stops_[helper] = true; }

  private:
    Post post_;
    Prepare prepare_;
    std::deque<StopFlag> stops_;
    std::unique_ptr<QueueLine> line_;
    std::vector<std::jthread> threads_;
    std::unique_ptr<Crew> crew_;
};

// Items are one letter; the setup is added to them.
struct Letters {
    std::atomic<int> prepared = 0, by_helpers = 0;
    std::vector<std::string> results;

    Prepare prepare() {
        return [this](std::string_view setup) -> Handler {
            ++prepared;
            return [this, word = std::string(setup)](std::string_view items, const Executor&) {
                std::string made;
                for (const char item : items) {
                    if (item == '!') throw Error(Fault::input, "a mark is no letter");
                    std::this_thread::sleep_for(std::chrono::microseconds(300));
                    made += item + word;
                    ++by_helpers;
                }
                return made;
            };
        };
    }

    void run(Crew& crew, const std::string& items, const std::string& word, const StopFlag* stop = nullptr) {
        results.assign(items.size(), "");
        Parcels parcels;
        parcels.setup = word;
        parcels.pack = [&](std::size_t first, std::size_t last) { return items.substr(first, last - first); };
        parcels.unpack = [&](std::size_t first, std::size_t last, std::string_view answer) {
            for (std::size_t i = first; i < last; ++i)
                results[i] = answer.substr((i - first) * (word.size() + 1), word.size() + 1);
        };
        Executor(1, stop, nullptr, &crew)
            .feed(
                "spelling", items.size(),
                [&](int, Feed& feed) {
                    while (const auto item = feed.next()) {
                        std::this_thread::sleep_for(std::chrono::microseconds(300));
                        results[*item] = items[*item] + word;
                        feed.done();
                    }
                },
                &parcels);
    }
};

std::string letters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('a' + i % 26);
    return text;
}

TEST(Crew, ResultsAreThoseOfOneProcess) {
    for (const int helpers : {1, 3}) {
        Letters map;
        Threads threads(helpers, map.prepare());
        for (const std::size_t count : {std::size_t(0), std::size_t(1), std::size_t(700)}) {
            const std::string items = letters(count);
            map.run(threads.crew(), items, "xy");
            for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(map.results[i], items[i] + std::string("xy"));
        }
        EXPECT_GT(map.by_helpers, 100);
    }
}

TEST(Crew, ASetupTravelsOnceWhileItStaysTheSame) {
    Letters map;
    Threads threads(1, map.prepare());
    for (int i = 0; i < 3; ++i) map.run(threads.crew(), letters(200), "one");
    EXPECT_EQ(map.prepared, 1);
    map.run(threads.crew(), letters(200), "two");
    EXPECT_EQ(map.prepared, 2);
}

TEST(Crew, WhatAHelperMeetsIsThrownHere) {
    Letters map;
    Threads threads(1, map.prepare());
    EXPECT_EQ(message_of([&] { map.run(threads.crew(), letters(20) + std::string(2000, '!'), "x"); }),
              "a mark is no letter");
    map.run(threads.crew(), letters(100), "y");  // and the crew works on
    EXPECT_EQ(map.results[99], letters(100)[99] + std::string("y"));
}

TEST(Crew, AStopEndsTheMapAndTheHelpersGoHome) {
    Letters map;
    Threads threads(2, map.prepare());
    StopFlag stop = false;
    std::jthread watcher([&] {
        while (map.by_helpers < 50) std::this_thread::yield();
        stop = true;
    });
    EXPECT_NE(message_of([&] {
                  map.run(threads.crew(), letters(100'000), "x", &stop);
              }).find("interrupted: spelling"),
              std::string::npos);
}

TEST(Crew, AHelperThatLeavesStopsTheMap) {
    Letters map;
    Threads threads(2, map.prepare());
    std::jthread watcher([&] {
        while (map.by_helpers < 50) std::this_thread::yield();
        threads.stop(0);
    });
    EXPECT_NE(message_of([&] { map.run(threads.crew(), letters(100'000), "x"); }).find("interrupted"),
              std::string::npos);
}

TEST(Ranks, AreCountedAsTheEnvironmentSays) {
    EXPECT_EQ(ranks_started(), 1);
    setenv("OMPI_COMM_WORLD_SIZE", "3", 1);
    EXPECT_EQ(ranks_started(), 3);
    unsetenv("OMPI_COMM_WORLD_SIZE");
    setenv("SLURM_STEP_NUM_TASKS", "5", 1);  // of a batch script's own step, unless srun started us
    EXPECT_EQ(ranks_started(), 1);
    setenv("SLURM_PROCID", "0", 1);
    EXPECT_EQ(ranks_started(), 5);
    unsetenv("SLURM_PROCID");
    unsetenv("SLURM_STEP_NUM_TASKS");
}

TEST(Ranks, CoresThatStayIdleAreNamed) {
    EXPECT_EQ(idle_cores(usable_cores()), "");
    setenv("SLURM_CPUS_PER_TASK", "4096", 1);
    EXPECT_NE(idle_cores(usable_cores()).find("granted 4096 cores, but this process may use"),
              std::string::npos);
    unsetenv("SLURM_CPUS_PER_TASK");
    if (usable_cores() < 2) GTEST_SKIP() << "one core alone cannot stay idle";
    setenv("SLURM_CPUS_PER_TASK", "2", 1);
    EXPECT_EQ(idle_cores(1),
              "the batch system granted 2 cores, 1 is used: start with --jobs 2, or more ranks");
    unsetenv("SLURM_CPUS_PER_TASK");
}

}  // namespace
}  // namespace rondo
