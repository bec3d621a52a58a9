// ensemble.h: many runs of one small model, side by side in SIMD lanes.
//
// CVODE spends most of its time on itself when a model has a few equations. Here a step is generated with the
// model inside (jit/steps.h) and made for a register full of runs at once; a lane is refilled as soon as its
// run is over. A run's method and steps depend on that run alone, so results are the same for any number of
// lanes and threads.
#pragma once
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jit/steps.h"
#include "runtime/integrate/cvode.h"
#include "runtime/parallel/executor.h"

namespace rondo {

enum class EnsembleMethod : std::uint8_t {
    automatic,  // dop853 (tsit5 at loose tolerances); rodas5p for a run that turns out to be stiff
    dop853,
    tsit5,
    rodas5p,
    bdf,    // CVODE, one run at a time
    adams,  // the same
};

struct EnsembleOptions {
    EnsembleMethod method = EnsembleMethod::automatic;
    double rtol = 1e-8;
    double atol = std::numeric_limits<double>::quiet_NaN();  // as in IntegrateOptions
    long max_steps = 1'000'000;                              // of a run
    int lanes = 0;                                           // 0: as many as fit the CPU
};

// Watches runs in lanes. For each run: begin, start (see Observer), steps, and end in the same lane, unless
// it goes on in a lane of another group. step() is called for every attempt of a group, whether or not a lane
// moved: so what a lane's observer counts depends on that lane alone.
class LaneObserver : public Observer {
  public:
    virtual void begin(int lane, std::size_t run) = 0;
    // The run of lane `there` of another observer of the same task goes on in this one's lane, from where it
    // is.
    virtual void take_over(int lane, LaneObserver& other, int there) = 0;
    virtual void end(int lane, std::size_t run, const Outcome& outcome) = 0;
};

// By the name it has in EnsembleMethod; empty if there is none of that name.
std::optional<EnsembleMethod> ensemble_method(std::string_view name);
std::string_view name_of(EnsembleMethod);
// Whether it makes many runs side by side and nothing else.
bool runs_in_lanes(EnsembleMethod);

class Ensemble {
  public:
    // model: one lane. Throws Error(input) for rtol <= 0, atol < 0, max_steps < 1, lanes not 0, 2, 4, 8 or
    // 16.
    Ensemble(std::shared_ptr<const CompiledModel> model, const EnsembleOptions& options);

    // Lanes of a group: 1 where runs are made by CVODE.
    int lanes() const { return lanes_; }
    // For a manifest: "dop853 or rodas5p, 4 lanes", "CVODE bdf: it has events".
    std::string describe() const;

    // What a caller provides. All of it is called from the worker's thread.
    struct Task {
        std::function<std::span<const double>(std::size_t run)> inputs;
        double t0 = 0, t1 = 0;  // t1 may be infinite if the observer stops every run
        // A watcher of groups of that many lanes. A worker has up to three groups.
        std::function<std::unique_ptr<LaneObserver>(int lanes)> observe;
        std::vector<Intervention> changes;  // by CVODE alone
    };
    // Runs that come from the feed, until there are no more; one call a worker. A feed that has none is asked
    // again when a run is over. A run that an explicit method finds stiff, or cannot go on with, goes on with
    // an implicit one; what that cannot finish begins again by CVODE.
    void serve(Feed& feed, const Task& task) const;

  private:
    class Worker;
    const CompiledSteps& steps(const StepMethod& method) const;

    std::shared_ptr<const CompiledModel> model_;
    EnsembleOptions options_;
    IntegrateOptions integrate_;
    int lanes_ = 1;
    std::string why_one_by_one_;
    mutable std::mutex mutex_;  // of what is compiled on first use
    mutable std::shared_ptr<const CompiledSteps> explicit_, implicit_;
};

}  // namespace rondo
