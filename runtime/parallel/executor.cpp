// executor.cpp: a pool for the time of one map. Threads cost some ten microseconds to start, items far more.
#include "runtime/parallel/executor.h"

#include <sched.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "dsl/syntax/error.h"
#include "runtime/parallel/dispatch.h"
#include "runtime/parallel/throttle.h"

namespace rondo {

int usable_cores() {
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                                  : int(std::thread::hardware_concurrency());
    return std::max(count, 1);
}

namespace {

// The worker that this thread is in a running map; none outside of one.
thread_local int current_worker = -1;

class WorkerMark {
  public:
    explicit WorkerMark(int worker) { current_worker = worker; }
    WorkerMark(const WorkerMark&) = delete;
    ~WorkerMark() { current_worker = -1; }
};

// What the workers of one feed share.
struct Work {
    Work(const Executor& owner, std::size_t items) : executor(owner), count(items) {}
    const Executor& executor;
    const std::size_t count;
    std::atomic<std::size_t> next = 0, done = 0;
    std::atomic<bool> failing = false;
    std::mutex mutex;  // of the two below
    std::size_t failed_index = 0;
    std::exception_ptr failure;
    Throttle throttle;

    bool stopping() const { return failing || executor.stopping(); }

    void add_done(std::size_t items, bool show) {
        const std::size_t all = done.fetch_add(items) + items;
        Progress* const progress = executor.progress();
        if (progress && show && throttle.due()) progress->advance(all);
    }

    void keep_failure(std::size_t index) {
        const std::lock_guard lock(mutex);
        if (!failure || index < failed_index) {
            failure = std::current_exception();
            failed_index = index;
        }
        failing = true;
    }
};

// Items are handed out in ascending order and whoever has one finishes it: when item i of a map fails, all
// before it are done or being done, so the first failure by index is the same whatever the number of workers.
class SharedFeed final : public Feed {
  public:
    explicit SharedFeed(Work& work) : work_(work) {}

    std::optional<std::size_t> next() override {
        if (stopping()) return std::nullopt;
        last_ = work_.next.fetch_add(1, std::memory_order_relaxed);
        if (last_ >= work_.count) return std::nullopt;
        return last_;
    }

    void done() override { work_.add_done(1, show_progress); }
    bool stopping() const override { return work_.stopping(); }
    void keep_failure() { work_.keep_failure(last_); }

    bool show_progress = true;

  private:
    Work& work_;
    std::size_t last_ = 0;
};

using Body = std::function<void(int, Feed&)>;

void serve(Work& work, int worker, const Body& body) {
    const WorkerMark mark(worker);
    SharedFeed feed(work);
    try {
        body(worker, feed);
    } catch (...) {
        feed.keep_failure();
    }
}

void serve_helpers(Work& work, const Parcels& parcels, int workers) {
    std::size_t first = 0;
    Share share;
    share.left = [&] { return work.count - std::min(work.count, work.next.load()); };
    share.take = [&](std::size_t most) -> std::optional<std::pair<std::size_t, std::size_t>> {
        if (work.stopping()) return std::nullopt;
        first = work.next.fetch_add(most);
        if (first >= work.count) return std::nullopt;
        return std::pair(first, std::min(first + most, work.count));
    };
    share.done = [&](std::size_t items) { work.add_done(items, true); };
    share.stopping = [&] { return work.stopping(); };
    try {
        dispatch(*work.executor.crew(), parcels, share, workers);
    } catch (...) {
        work.keep_failure(first);
    }
}

void run_workers(Work& work, int workers, const Body& body, const Parcels* parcels) {
    std::vector<std::jthread> others;
    if (parcels && work.executor.crew())
        others.emplace_back([&, workers] { serve_helpers(work, *parcels, workers); });
    for (int worker = 1; worker < workers; ++worker)
        others.emplace_back([&work, &body, worker] { serve(work, worker, body); });
    serve(work, 0, body);
}

[[noreturn]] void fail_interrupted(const std::string& what, std::size_t done, std::size_t count) {
    throw Error(Fault::interrupted, "interrupted: " + what + ", " + std::to_string(done) + " of " +
                                        std::to_string(count) + " done");
}

}  // namespace

Executor::Executor(int jobs, const StopFlag* stop, Progress* progress, Crew* crew)
    : jobs_(jobs < 1 ? usable_cores() : jobs), stop_(stop), progress_(progress), crew_(crew) {}

void Executor::feed(const std::string& what, std::size_t count, const Body& body,
                    const Parcels* parcels) const {
    if (stopping()) fail_interrupted(what, 0, count);
    Work work(*this, count);
    if (current_worker >= 0) {  // on its caller's thread, showing nothing
        SharedFeed feed(work);
        feed.show_progress = false;
        body(current_worker % jobs_, feed);
    } else {
        const ProgressMark mark(progress_, what, count);
        run_workers(work, int(std::min(std::size_t(jobs_), count)), body, parcels);
    }
    if (work.failure) std::rethrow_exception(work.failure);
    if (work.done < count) fail_interrupted(what, work.done, count);
}

void Executor::map(const std::string& what, std::size_t count,
                   const std::function<void(int worker, std::size_t index)>& body) const {
    // One item: so that a map inside may use all workers, and show its progress.
    if (count == 1 && current_worker < 0 && !stopping()) return body(0, 0);
    feed(what, count, [&](int worker, Feed& items) {
        while (const auto index = items.next()) {
            body(worker, *index);
            items.done();
        }
    });
}

void Executor::throw_if_stopping() const {
    if (stopping()) throw Error(Fault::interrupted, "interrupted");
}

}  // namespace rondo
