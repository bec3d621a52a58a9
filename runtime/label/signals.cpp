#include "runtime/label/signals.h"

#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

constexpr std::size_t kept_turns = 4;  // two peaks and two troughs

void widen(Range& range, double value) {
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
}

Range range_of(const std::vector<Turn>& turns) {
    Range range{turns.front().value, turns.front().value};
    for (const Turn& turn : turns) widen(range, turn.value);
    return range;
}

}  // namespace

void Signals::start(double t, std::span<const double> values) {
    quantities_.assign(values.size(), {});
    before_.assign(values.begin(), values.end());
    values_ = before_;
    for (std::size_t q = 0; q < values.size(); ++q) quantities_[q].range = {values[q], values[q]};
    swings_ = turns_since_taken_ = 0;
    add(t, values);
}

double Signals::scale(const Quantity& quantity, double value) const {
    return std::max({std::abs(value), 1e-6 * quantity.largest, std::numeric_limits<double>::min()});
}

void Signals::add(double t, std::span<const double> values) {
    std::swap(values_, before_);
    std::copy(values.begin(), values.end(), values_.begin());
    for (std::size_t q = 0; q < values.size(); ++q) {
        Quantity& quantity = quantities_[q];
        quantity.largest = std::max(quantity.largest, std::abs(values[q]));
        widen(quantity.range, values[q]);
        const double least = 1e-2 * min_swing_ * scale(quantity, values[q]);
        if (const auto turn = quantity.finder.add(t, values[q], least)) note(quantity, *turn);
    }
}

void Signals::note(Quantity& quantity, const Turn& turn) {
    widen(quantity.range, turn.value);
    ++turns_since_taken_;
    if (!quantity.last.empty()) {
        const double swing = std::abs(turn.value - quantity.last.back().value);
        if (swing > min_swing_ * scale(quantity, turn.value)) swings_ = std::max(swings_, ++quantity.swings);
    }
    if (quantity.last.size() == kept_turns) quantity.last.erase(quantity.last.begin());
    quantity.last.push_back(turn);
}

std::vector<Range> Signals::take_ranges() {
    std::vector<Range> ranges;
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
        ranges.push_back(quantities_[q].range);
        quantities_[q].range = {values_[q], values_[q]};
    }
    turns_since_taken_ = 0;
    return ranges;
}

double Signals::relative_swing(std::size_t quantity, Range range) const {
    return range.swing() / scale(quantities_[quantity], (range.low + range.high) / 2);
}

Section Signals::section_of(std::span<const Range> ranges) const {
    std::size_t widest = 0;
    for (std::size_t q = 1; q < ranges.size(); ++q)
        if (relative_swing(q, ranges[q]) > relative_swing(widest, ranges[widest])) widest = q;
    return {widest, (ranges[widest].low + ranges[widest].high) / 2};
}

std::optional<Section> Signals::section_by_turns() const {
    std::vector<Range> ranges;
    bool any = false;
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
        const bool ready = quantities_[q].last.size() == kept_turns;
        ranges.push_back(ready ? range_of(quantities_[q].last) : Range{values_[q], values_[q]});
        any |= ready;
    }
    if (!any) return std::nullopt;
    return section_of(ranges);
}

}  // namespace rondo
