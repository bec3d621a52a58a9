// executor.h: parallel maps with results placed by index, progress, and a clean stop.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "runtime/parallel/crew.h"

namespace rondo {

// Cores this process may run on, as taskset, batch systems and containers set them.
int usable_cores();

// Set by a signal handler or another thread; long work looks at it between items and throws
// Error(interrupted).
using StopFlag = std::atomic<bool>;

// Told of long work; shows nothing unless it is a terminal's.
class Progress {
  public:
    virtual ~Progress() = default;
    virtual void begin(const std::string& what, std::size_t total) = 0;
    virtual void advance(std::size_t done) = 0;      // items done since begin; called from any thread
    virtual void note(const std::string& text) = 0;  // a short remark beside the bar, e.g. "loss 0.012"
    virtual void end() = 0;
};

// Work shown for as long as it lives; `progress` may be null.
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

// Hands the items of a feed to one worker, in ascending order among all workers.
class Feed {
  public:
    virtual std::optional<std::size_t> next() = 0;  // empty: there are no more, or the work is to stop
    virtual void done() = 0;                        // an item has been finished, in any order
    virtual bool stopping() const = 0;              // what has been taken need not be finished

  protected:
    ~Feed() = default;
};

class Executor {
  public:
    // jobs < 1: as many as the process may use (affinity). crew: helpers in other processes, if there are
    // any.
    explicit Executor(int jobs, const StopFlag* stop = nullptr, Progress* progress = nullptr,
                      Crew* crew = nullptr);
    int jobs() const { return jobs_; }

    // Calls body(worker, index) once for each index of [0, count), worker in [0, jobs()), handed out
    // dynamically. The first exception by index is rethrown after all workers have stopped: the same one
    // whatever jobs() is. Results must not depend on worker or order. `what` names the work in the progress
    // line and in the Error(interrupted) "interrupted: label brusselator, 120 of 1000 done" that a stop
    // leaves. A map inside a map's body runs on its caller's thread, as its worker, and shows no progress.
    void map(const std::string& what, std::size_t count,
             const std::function<void(int worker, std::size_t index)>& body) const;

    // As map(), for workers that have several items in hand at once: calls body(worker, feed) once a worker.
    // parcels: lets helpers take some of the items.
    void feed(const std::string& what, std::size_t count,
              const std::function<void(int worker, Feed& feed)>& body,
              const Parcels* parcels = nullptr) const;

    // The same, showing nothing: for the maps inside of work that has a progress line of its own.
    Executor quiet() const { return Executor(jobs_, stop_, nullptr, crew_); }

    // The same with so many workers at most, one at least.
    Executor at_most(std::size_t workers) const {
        return Executor(int(std::clamp<std::size_t>(workers, 1, std::size_t(jobs_))), stop_, progress_,
                        crew_);
    }

    bool stopping() const { return stop_ && stop_->load(std::memory_order_relaxed); }
    void throw_if_stopping() const;                   // Error(interrupted)
    Progress* progress() const { return progress_; }  // may be null
    Crew* crew() const { return crew_; }              // may be null

  private:
    int jobs_;
    const StopFlag* stop_;
    Progress* progress_;
    Crew* crew_;
};

}  // namespace rondo
