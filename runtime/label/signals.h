// signals.h: the observed quantities of one run as it goes along: their turns, ranges, and the section that
// tells one cycle from the next.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "runtime/label/returns.h"
#include "runtime/label/turns.h"

namespace rondo {

// A cycle begins where `quantity` rises through `level`.
struct Section {
    std::size_t quantity;
    double level;
};

class Signals {
  public:
    // min_swing: relative swing below which a quantity counts as constant.
    Signals(std::size_t quantities, double min_swing) : min_swing_(min_swing), quantities_(quantities) {}

    void start(std::span<const double> values);
    // A peak or trough of one quantity: whether it is the last that counts.
    bool add(std::size_t quantity, const Turn& turn);
    // Values between turns, where ranges begin or end.
    void widen_by(std::span<const double> values);
    // The ranges since the last call of all quantities, which have these values now.
    void take_ranges(std::span<const double> values, std::vector<Extent>& ranges);

    // Peak to trough relative to the mean; where the mean is next to nothing, to a millionth of the largest
    // value of the run.
    double relative_swing(std::size_t quantity, Extent range) const;
    // Of all quantities together, since the start: the most turns of one that were more than min_swing apart.
    int swings() const { return swings_; }
    // Turns of all quantities since the last take_ranges().
    int turns_since_taken() const { return turns_since_taken_; }

    // The middle of the quantity with the largest relative swing.
    Section section_of(std::span<const Extent> ranges) const;
    // The same by the last turns, up to two peaks and two troughs; empty while no quantity has turned twice.
    std::optional<Section> section_by_turns() const;

  private:
    static constexpr std::size_t kept = 4;  // turns: two peaks and two troughs
    struct Quantity {
        TurnFilter turns;
        std::array<double, kept> last{};  // values at turns, in a ring
        std::size_t count = 0;            // of turns
        int swings = 0;
        double largest = 0;  // |value| so far
        Extent range{0, 0};  // since taken
    };
    double scale(const Quantity& quantity, double value) const;
    Extent range_of_turns(const Quantity& quantity) const;

    double min_swing_;
    std::vector<Quantity> quantities_;
    int swings_ = 0, turns_since_taken_ = 0;
};

}  // namespace rondo
