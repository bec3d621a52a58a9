// slopes.h: how a run answers to small changes of what it is given: forward sensitivities.
//
// Along direction k, S = dy/dk follows S' = (df/dy) S + (df/dp) dp/dk, which CVODES integrates with the run;
// dp/dk stays while the run is smooth. Where the run jumps at a time T(k) that itself moves by T' = dT/dk,
// the state before it moves by S + f T', what is assigned follows by the chain rule, and afterwards
// S = that - f T' with the f of then (Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I,
// section I.14; Rozenvasser, Automation and Remote Control 1967, for the jumps).
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "jit/compile.h"
#include "runtime/integrate/modes.h"

namespace rondo {

// Of slopes, forward or adjoint, in tolerances of the run: a gradient needs fewer digits than a value.
// Measured on Borghans' oscillator: relative errors of the gradient of 3e-5 with 1, 1.5e-3 with 100 at half
// the cost, 7e-3 without any control.
constexpr double slope_tolerance = 100;

struct Slopes {
    std::size_t count = 0;     // directions
    std::vector<double> p, y;  // [count][parameters], [count][states]
};

// The derivatives of one model's functions. Unchanging, shared between threads.
class SlopeCode {
  public:
    // Throws Error(unsupported) with why_not().
    explicit SlopeCode(std::shared_ptr<const CompiledModel> model);
    // Why a system has none: delays, algebraic rules, events with delays or in changing compartments. Empty
    // if it has.
    static std::string why_not(const OdeSystem&);

    const CompiledModel& model() const { return *model_; }
    const std::shared_ptr<const CompiledModel>& shared_model() const { return model_; }
    // [parameters] whether anything along a run depends on the entry of p.
    const std::vector<bool>& reads() const { return reads_; }

    // At a start; directions: [count][inputs], how far the inputs as given go along each.
    Slopes start(std::span<const double> inputs, double t0, std::span<const double> directions) const;

    // df/dp: non-zeros by column; column j is of the entry columns()[j] of p.
    struct Matrix {
        std::vector<std::uint32_t> columns, column_start, row_index;
    };
    const Matrix& by_parameters() const { return matrix_; }
    void by_parameters(double t, const double* y, const double* p, double* values) const {
        values_->code().outputs(&t, y, p, values);
    }

    // A quantity's derivatives by states and, last, time; and by entries of p.
    struct Change {
        Gradient by_state, by_parameter;
    };
    // Of what changes sign (or passes a whole number) when the mode changes.
    const Change& of_mode(std::size_t mode) const { return modes_[mode]; }
    const Change& of_event_value(std::size_t value) const { return event_values_[value]; }
    // Along each direction, while the time moves by shift[k]. out: [count]
    void along(const Change&, const Situation&, const Slopes&, std::span<const double> shift,
               std::span<double> out) const;
    // As time goes on alone, y moving with `rate`.
    double in_time(const Change&, const Situation&, std::span<const double> rate) const;

  private:
    void add_matrix();
    void add_start();
    void add_jumps();
    struct Entry {
        std::uint32_t row, input;  // row: of p, then of y
    };
    std::shared_ptr<const CompiledModel> model_, values_, start_;
    Matrix matrix_;
    std::vector<bool> reads_;
    std::vector<Entry> entries_;  // of start_'s outputs
    Graph graph_;                 // of the changes
    std::vector<Change> modes_, event_values_;
};

// Takes the slopes of a run over one of its jumps.
class SlopeJump {
  public:
    // Before anything has changed but time and state; `modes` are still those of the run so far. crossing:
    // the run came here smoothly, so that the time of the jump may depend on the directions.
    SlopeJump(const SlopeCode&, const Situation&, Slopes&, bool crossing);
    // Slopes of an event's values. [assignments][count]
    std::vector<double> values_of(const EventCode&, const Situation&) const;
    // Before `target` becomes value * size. slopes: [count], of the value.
    void assign(const EventCode::Assignment&, double value, double size, std::span<const double> slopes,
                const Situation&);
    // When all is done.
    void finish(const Situation&);

  private:
    void find_shift(const Situation&, std::span<const double> rate);
    void move(const Situation&, double sign);
    const SlopeCode& code_;
    Slopes& slopes_;
    std::vector<double> shift_;  // [count] dT/dk
};

}  // namespace rondo
