// label.h: does a run oscillate, and how fast.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ensemble/ensemble.h"
#include "runtime/parallel/executor.h"
#include "runtime/simulate/model.h"
#include "runtime/table/table.h"

namespace rondo {

enum class Rhythm : std::uint8_t { steady, damped, sustained, undecided, failed };
std::string_view to_text(Rhythm);

struct Label {
    Rhythm rhythm = Rhythm::undecided;
    double frequency = 0;  // cycles per model time unit; 0 if steady or damped, NaN if undecided or failed
    double amplitude = 0;  // half of peak to trough of the first observed quantity, in its own unit
    double t = 0;          // model time spent until decided
    int swings = 0;        // seen until then (see Signals)
    std::string reason;    // of undecided and failed
    std::vector<double> frequencies = {};  // of each observed quantity, where the rule tells them apart
    std::vector<double> y = {};  // [states] on the cycle if sustained, where the run came to if undecided
    // [states] if it came to an unstable fixed point: where it goes on, a little off that.
    std::vector<double> way_out = {};
    // What the shooting check found (see CycleOptions::verify); NaN where there was none.
    double verified = std::numeric_limits<double>::quiet_NaN();    // 1: a stable cycle of that period; 0
    double multiplier = std::numeric_limits<double>::quiet_NaN();  // the largest modulus (see Orbit)
    std::uint64_t rhs_calls = 0;
};

// The `cycle` rule (spec/oscillators.md, section 6).
struct CycleOptions {
    EnsembleMethod method = EnsembleMethod::automatic;  // of the integration
    int lanes = 0;                                      // as in EnsembleOptions
    double rtol = 1e-8;                                 // of the integration
    double horizon = 0;  // model time after which the answer is `undecided`; 0: chosen from the run itself
    double min_swing = 1e-5;     // peak to trough, relative to the mean: below it, steady
    double convergence = 1e-6;   // of the period, relative: what may still come, or separate two estimates
    long max_steps = 1'000'000;  // of the integration, after which the answer is `undecided`
    bool verify = false;  // the cycle is found again by shooting (see orbit.h), and its frequency taken
};

// Labels many runs of one model. The selected quantities are observed; there must be at least one.
class Labeller {
  public:
    using Inputs = std::function<std::span<const double>(std::size_t run)>;  // [system().inputs]
    using Done = std::function<void(std::size_t run, const Label& label)>;
    virtual ~Labeller() = default;
    virtual std::string describe() const = 0;  // how the runs are made, for a manifest
    // Labels the runs that come from the feed; one call a worker.
    virtual void serve(Feed& feed, const Inputs& inputs, const Done& done) const = 0;
};

class CycleLabeller : public Labeller {
  public:
    CycleLabeller(const Selection& selection, const CycleOptions& options);
    ~CycleLabeller() override;
    std::string describe() const override;
    void serve(Feed& feed, const Inputs& inputs, const Done& done) const override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// One label a row of `inputs` [rows][system().inputs]; independent of executor.jobs(). What the model was
// compiled to read is observed.
std::vector<Label> label_cycle(const CompiledModel& model, const std::vector<std::vector<double>>& inputs,
                               const CycleOptions& options, const Executor& executor);

}  // namespace rondo
