#include "runtime/ensemble/ensemble.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "dsl/syntax/error.h"
#include "runtime/ensemble/lane_group.h"

namespace rondo {
namespace {

// Above it, an explicit method of order 5 takes fewer right-hand sides than one of order 8.
constexpr double loose = 3e-4;

constexpr std::string_view method_names[] = {"automatic", "dop853", "tsit5", "rodas5p", "bdf", "adams"};

bool by_cvode(EnsembleMethod method) {
    return method == EnsembleMethod::bdf || method == EnsembleMethod::adams;
}

const StepMethod& explicit_method(const EnsembleOptions& options) {
    if (options.method == EnsembleMethod::tsit5) return tsit5();
    if (options.method == EnsembleMethod::dop853) return dop853();
    return options.rtol >= loose ? tsit5() : dop853();
}

void check(const EnsembleOptions& options) {
    check_tolerances(options.rtol, options.atol, options.max_steps);
    const std::initializer_list<int> possible{0, 2, 4, 8, 16};
    if (!std::ranges::count(possible, options.lanes))
        throw Error(Fault::input, "lanes is " + std::to_string(options.lanes) +
                                      "; it must be 2, 4, 8 or 16, or 0 to choose");
}

}  // namespace

std::optional<EnsembleMethod> ensemble_method(std::string_view name) {
    const auto found = std::ranges::find(method_names, name);
    if (found == std::end(method_names)) return std::nullopt;
    return static_cast<EnsembleMethod>(found - std::begin(method_names));
}

std::string_view name_of(EnsembleMethod method) {
    return method_names[static_cast<std::size_t>(method)];
}

Ensemble::Ensemble(std::shared_ptr<const CompiledModel> model, const EnsembleOptions& options)
    : model_(std::move(model)), options_(options) {
    check(options);
    integrate_.method = options.method == EnsembleMethod::adams ? Method::adams : Method::bdf;
    integrate_.rtol = options.rtol;
    integrate_.atol = options.atol;
    integrate_.max_steps = options.max_steps;
    if (by_cvode(options.method)) {
        why_one_by_one_ = "as asked for";
    } else {
        why_one_by_one_ = why_not_in_lanes(model_->system());
    }
    if (why_one_by_one_.empty()) lanes_ = options.lanes > 0 ? options.lanes : best_lanes(model_->system());
}

bool runs_in_lanes(EnsembleMethod method) {
    return method != EnsembleMethod::automatic && !by_cvode(method);
}

std::string Ensemble::describe() const {
    if (lanes_ == 1) {
        return "CVODE " + std::string(integrate_.method == Method::adams ? "adams" : "bdf") + ": " +
               why_one_by_one_;
    }
    std::string methods;
    if (options_.method != EnsembleMethod::rodas5p) methods = explicit_method(options_).name;
    if (options_.method == EnsembleMethod::automatic) methods += " or ";
    if (options_.method == EnsembleMethod::automatic || options_.method == EnsembleMethod::rodas5p)
        methods += rodas5p().name;
    return methods + ", " + std::to_string(lanes_) + " lanes";
}

const CompiledSteps& Ensemble::steps(const StepMethod& method) const {
    const std::lock_guard lock(mutex_);
    auto& made = method.implicit() ? implicit_ : explicit_;
    if (!made) {
        made = compile_steps(model_->shared_system(), method, lanes_);
    }
    return *made;
}

// What one worker has in hand: runs in an explicit group, those that turned out stiff in an implicit one,
// what neither could finish by CVODE.
class Ensemble::Worker {
  public:
    Worker(const Ensemble& ensemble, Feed& feed, const Task& task)
        : ensemble_(ensemble), feed_(feed), task_(task) {}

    void work() {
        if (ensemble_.lanes_ == 1) {
            while (const auto run = next()) run_by_cvode(*run);
        } else if (ensemble_.options_.method == EnsembleMethod::rodas5p) {
            work_by(implicit_group());
        } else if (ensemble_.options_.method == EnsembleMethod::automatic) {
            work_by_both();
        } else {
            work_by(explicit_group());
        }
    }

  private:
    std::optional<std::size_t> next() {
        if (exhausted_) return std::nullopt;
        const auto run = feed_.next();
        exhausted_ = !run;
        return run;
    }

    // A run is over, and the observer knows. What the feed hands out next may have waited for it.
    void over() {
        feed_.done();
        exhausted_ = false;
    }

    bool stopping() {
        constexpr int interval = 64;  // steps
        return ++since_look_ % interval == 0 && feed_.stopping();
    }

    void fill(LaneGroup& group) {
        while (!group.full()) {
            const auto run = next();
            if (!run) return;
            group.begin(*run, task_.inputs(*run), task_.t0, task_.t1);
        }
    }

    void work_by(LaneGroup& group) {
        for (fill(group); !group.idle() && !stopping(); fill(group)) group.step();
    }

    // The implicit group steps when it is full; what it has in hand waits while it is not.
    void work_by_both() {
        LaneGroup& first = explicit_group();
        while (!stopping()) {
            while (first.waits() && !implicit_group().full()) implicit_group().take_over(first);
            if (implicit_ && implicit_->full()) {
                implicit_->step();
                continue;
            }
            fill(first);
            if (!first.idle()) {
                first.step();
            } else if (implicit_ && !implicit_->idle()) {
                implicit_->step();
            } else {
                return;
            }
        }
    }

    LaneGroup& explicit_group() {
        if (!explicit_) explicit_ = make_group(explicit_method(ensemble_.options_), automatic());
        return *explicit_;
    }

    LaneGroup& implicit_group() {
        if (!implicit_) implicit_ = make_group(rodas5p(), false);
        return *implicit_;
    }

    bool automatic() const { return ensemble_.options_.method == EnsembleMethod::automatic; }

    std::unique_ptr<LaneGroup> make_group(const StepMethod& method, bool switches) {
        auto group =
            std::make_unique<LaneGroup>(*ensemble_.model_, ensemble_.steps(method), ensemble_.integrate_,
                                        switches, task_.observe(ensemble_.lanes_));
        group->on_end = [this] { over(); };
        group->on_trouble = [this, made = group.get()](const LaneGroup::Ending& ending) {
            if (automatic() && !ending.outcome.out_of_steps) {
                run_by_cvode(ending.run);
            } else {
                made->give_up(ending);
                over();
            }
        };
        return group;
    }

    void run_by_cvode(std::size_t run) {
        if (!integrator_) {
            integrator_.emplace(*ensemble_.model_);
            alone_ = task_.observe(1);
        }
        alone_->begin(0, run);
        const Outcome outcome = integrator_->run(task_.inputs(run), task_.t0, task_.t1, ensemble_.integrate_,
                                                 *alone_, task_.changes);
        alone_->end(0, run, outcome);
        over();
    }

    const Ensemble& ensemble_;
    Feed& feed_;
    const Task& task_;
    bool exhausted_ = false;
    int since_look_ = 0;
    std::unique_ptr<LaneGroup> explicit_, implicit_;
    std::optional<Integrator> integrator_;
    std::unique_ptr<LaneObserver> alone_;
};

void Ensemble::serve(Feed& feed, const Task& task) const {
    assert(task.changes.empty() || lanes_ == 1);
    Worker(*this, feed, task).work();
}

}  // namespace rondo
