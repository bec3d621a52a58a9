// executor.cpp: a pool for the time of one map. Threads cost some ten microseconds to start, items far more.
#include "runtime/parallel/executor.h"

#include <sched.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "dsl/syntax/error.h"
#include "runtime/parallel/throttle.h"

namespace rondo {

namespace {

// Cores this process may run on, as taskset, batch systems and containers set them.
int usable_cores() {
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                                  : int(std::thread::hardware_concurrency());
    return std::max(count, 1);
}

// The worker that this thread is in a running map; none outside of one.
thread_local int current_worker = -1;

class WorkerMark {
  public:
    explicit WorkerMark(int worker) { current_worker = worker; }
    WorkerMark(const WorkerMark&) = delete;
    ~WorkerMark() { current_worker = -1; }
};

class ProgressMark {
  public:
    ProgressMark(Progress* progress, const std::string& what, std::size_t total) : progress_(progress) {
        if (progress_) progress_->begin(what, total);
    }
    ProgressMark(const ProgressMark&) = delete;
    ~ProgressMark() {
        if (progress_) progress_->end();
    }

  private:
    Progress* progress_;
};

// What the workers of one map share.
struct Map {
    Map(const Executor& owner, std::size_t items, const std::function<void(int, std::size_t)>& call)
        : executor(owner), count(items), body(call) {}
    const Executor& executor;
    const std::size_t count;
    const std::function<void(int, std::size_t)>& body;
    std::atomic<std::size_t> next = 0, done = 0;
    std::atomic<bool> failing = false;
    std::mutex mutex;  // of the two below
    std::size_t failed_index = 0;
    std::exception_ptr failure;
    Throttle throttle;
};

void keep_first(Map& map, std::size_t index) {
    const std::lock_guard lock(map.mutex);
    if (!map.failure || index < map.failed_index) {
        map.failure = std::current_exception();
        map.failed_index = index;
    }
    map.failing = true;
}

// Items are handed out in ascending order and whoever has one finishes it: when item i fails, all before it
// are done or being done, so the first failure by index is the same whatever the number of workers.
void work(Map& map, int worker) {
    const WorkerMark mark(worker);
    Progress* const progress = map.executor.progress();
    while (!map.failing && !map.executor.stopping()) {
        const std::size_t index = map.next.fetch_add(1, std::memory_order_relaxed);
        if (index >= map.count) return;
        try {
            map.body(worker, index);
        } catch (...) {
            keep_first(map, index);
            return;
        }
        const std::size_t done = map.done.fetch_add(1) + 1;
        if (progress && map.throttle.due()) progress->advance(done);
    }
}

void run_workers(Map& map, int workers) {
    std::vector<std::jthread> others;
    for (int worker = 1; worker < workers; ++worker)
        others.emplace_back([&map, worker] { work(map, worker); });
    work(map, 0);
}

[[noreturn]] void fail_interrupted(const std::string& what, std::size_t done, std::size_t count) {
    throw Error(Fault::interrupted, "interrupted: " + what + ", " + std::to_string(done) + " of " +
                                        std::to_string(count) + " done");
}

}  // namespace

Executor::Executor(int jobs, const StopFlag* stop, Progress* progress)
    : jobs_(jobs < 1 ? usable_cores() : jobs), stop_(stop), progress_(progress) {}

void Executor::map(const std::string& what, std::size_t count,
                   const std::function<void(int worker, std::size_t index)>& body) const {
    if (current_worker >= 0) {
        const int worker = current_worker % jobs_;
        for (std::size_t index = 0; index < count; ++index) {
            if (stopping()) fail_interrupted(what, index, count);
            body(worker, index);
        }
        return;
    }
    if (stopping()) fail_interrupted(what, 0, count);
    if (count == 1) return body(0, 0);  // so that a map inside may use all workers, and show its progress
    const ProgressMark mark(progress_, what, count);
    Map map(*this, count, body);
    run_workers(map, int(std::min(std::size_t(jobs_), count)));
    if (map.failure) std::rethrow_exception(map.failure);
    if (map.done < count) fail_interrupted(what, map.done, count);
}

void Executor::throw_if_stopping() const {
    if (stopping()) throw Error(Fault::interrupted, "interrupted");
}

}  // namespace rondo
