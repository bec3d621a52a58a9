// cycle.h: the `cycle` rule as a reader of runs: it says stop as soon as the rhythm is known.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/ensemble/ensemble.h"
#include "runtime/label/label.h"
#include "runtime/label/rest.h"
#include "runtime/label/returns.h"
#include "runtime/label/signals.h"

namespace rondo {

// Code that reads the observed quantities and, behind them, how fast they change: [2 observed].
struct CycleCode {
    // Throws Error(input) if nothing is observed.
    explicit CycleCode(const Selection& selection);
    void widen(int lanes);                      // makes `many`
    std::shared_ptr<const CompiledModel> one;   // the whole model, one lane
    std::shared_ptr<const CompiledModel> many;  // for a group's lanes the outputs alone
    std::size_t observed;
};

// What is known of one run. The rule and its constants: docs/labelling.md.
class CycleTrack {
  public:
    CycleTrack(const CycleCode& code, const RestFinder& rests, const CycleOptions& options);

    // What the code reads at the ends of the lane's step.
    struct Reading {
        std::span<const double> before, now;  // [2 observed][lanes]
        std::size_t lanes, lane;
        double at(std::span<const double> values, std::size_t row) const {
            return values[row * lanes + lane];
        }
    };
    void start(const Step& step, int lane, const Reading& reading);
    // Turns and returns of a step. True once the rhythm is decided.
    bool take_events(const Step& step, int lane, const Reading& reading);
    // Whether the run, `steps` attempts old, has come to an end of its own. True once the rhythm is decided.
    bool look_around(const Step& step, int lane, const Reading& reading, long steps);
    // Of which step attempts to look around next.
    long next_look() const { return next_look_; }
    const std::optional<Section>& section() const { return section_; }
    bool decide(Rhythm rhythm, std::string reason = {});
    Label& label() { return label_; }
    int swings() const { return signals_.swings(); }
    const std::vector<double>& state() const { return y_; }  // where looked at last

  private:
    // The range of the quantities over a growing stretch of the run: [begin, now].
    struct Stretch {
        double begin = 0;
        long steps = 0;
        std::vector<Extent> ranges;
    };
    // Something within a step.
    struct Event {
        double t;
        std::size_t quantity;
        bool is_return;  // else a turn
    };
    Arc arc(const Step& step, int lane, const Reading& reading, std::size_t quantity) const;
    void look_at(const Step& step, int lane, double t);
    void take_turn(const Step& step, int lane, const Event& event, bool peak);
    bool take_return(const Step& step, int lane, double guess);
    double refine_crossing(const Step& step, int lane, double t);
    void use(const Section& section);
    std::optional<Rest> rest_near(std::span<const double> y);
    bool at(const Rest& rest) const;
    bool fades_as(const Rest& rest) const;

    bool decide_by_return();
    bool decide_by_cycle();
    bool decide_by_decay();
    bool decide_by_rest();
    bool decide_by_stillness();
    bool decide_unstable(const Rest& rest);
    bool decide_cycle(const Cycle& cycle);
    bool decide_still(int further_swings = 0);

    const CompiledModel& model_;
    const RestFinder& rests_;
    const CycleOptions options_;
    const std::size_t observed_;
    Label label_;

    double t0_ = 0, t_ = 0;  // of the run; of the last event or look
    std::vector<double> p_;
    std::vector<double> y_;                  // where looked at last
    std::vector<double> values_;             // [2 observed] there
    std::vector<double> y_start_;
    std::vector<double> y_peak_, y_trough_;  // at the last turns of the section's quantity
    std::vector<double> y_largest_;          // |y| at turns and looks so far
    std::vector<double> y_return_;           // at the last return
    double shift_ = 0, drift_ = 0;           // of the state then, see decide_by_return()
    int nearing_ = 0;                        // how many returns in a row were nearer than the one before
    std::vector<double> center_, scale_;
    Signals signals_;
    std::optional<Section> section_;
    Returns returns_;
    std::vector<Extent> ranges_;
    std::vector<Event> events_;
    long steps_ = 0;                      // at the last look
    long next_look_ = 0;                  // the step at which to look again
    long rest_due_ = 0, rest_pause_ = 0;  // when to look for a fixed point again
    std::optional<Rest> rest_;            // the last stable one
    std::vector<double> y_looked_;        // then
    Stretch still_;
};

// Lanes side by side.
class CycleObserver : public LaneObserver {
  public:
    using Done = std::function<void(std::size_t run, const Label& label)>;
    CycleObserver(const CycleCode& code, const RestFinder& rests, const CycleOptions& options, int lanes,
                  Done done);
    void begin(int, std::size_t) override {}
    void take_over(int lane, LaneObserver& other, int there) override;
    LaneMask start(const Step& step) override;
    LaneMask step(const Step& step) override;
    void end(int lane, std::size_t run, const Outcome& outcome) override;

  private:
    void read(const Step& step);
    LaneMask eventful_lanes() const;
    LaneMask look_around(const Step& step, LaneMask open);
    CycleTrack::Reading reading(int lane) const;
    void follow(int lane);

    const CompiledModel& model_;
    const std::size_t observed_, lanes_;
    const double horizon_;
    std::vector<std::unique_ptr<CycleTrack>> tracks_;  // [lanes]
    std::vector<double> before_, now_;                 // [2 observed][lanes]
    std::vector<double> level_;      // [observed][lanes] of the section; infinite where there is none
    std::vector<double> end_;        // [lanes] of the horizon
    std::vector<long> begun_, due_;  // [lanes] counts of steps
    long count_ = 0, next_due_ = 0;
    Done done_;
};

}  // namespace rondo
