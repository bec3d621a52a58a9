// signals.h: the observed quantities of one run as it goes along: their turns, ranges, and the section that
// tells one cycle from the next.
#pragma once
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
    explicit Signals(double min_swing) : min_swing_(min_swing) {}

    void start(double t, std::span<const double> values);
    void add(double t, std::span<const double> values);

    std::span<const double> values() const { return values_; }
    // Whether the last values are the first ones above the section.
    bool crossed(const Section& section) const {
        return before_[section.quantity] < section.level && values_[section.quantity] >= section.level;
    }
    // Since the last call, all quantities; turns are as refined by TurnFinder.
    std::vector<Range> take_ranges();

    // Peak to trough relative to the mean; where the mean is next to nothing, to a millionth of the largest
    // value of the run.
    double relative_swing(std::size_t quantity, Range range) const;
    // Of all quantities together, since the start: the most turns of one that were more than min_swing apart.
    int swings() const { return swings_; }
    // Turns of all quantities since the last take_ranges().
    int turns_since_taken() const { return turns_since_taken_; }

    // The middle of the quantity with the largest relative swing.
    Section section_of(std::span<const Range> ranges) const;
    // The same by the last two peaks and troughs; empty while no quantity has turned as often.
    std::optional<Section> section_by_turns() const;

  private:
    struct Quantity {
        TurnFinder finder;
        std::vector<Turn> last;  // up to four turns
        int swings = 0;
        double largest = 0;  // |value| so far
        Range range{0, 0};   // since taken
    };
    double scale(const Quantity& quantity, double value) const;
    void note(Quantity& quantity, const Turn& turn);

    double min_swing_;
    std::vector<double> values_, before_;
    std::vector<Quantity> quantities_;
    int swings_ = 0, turns_since_taken_ = 0;
};

}  // namespace rondo
