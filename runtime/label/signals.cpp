#include "runtime/label/signals.h"

#include <algorithm>
#include <cmath>

namespace rondo {

void Signals::start(std::span<const double> values) {
    for (std::size_t q = 0; q < values.size(); ++q) {
        quantities_[q] = {};
        quantities_[q].largest = std::abs(values[q]);
        quantities_[q].range = {values[q], values[q]};
    }
    swings_ = turns_since_taken_ = 0;
}

double Signals::scale(const Quantity& quantity, double value) const {
    return std::max({std::abs(value), 1e-6 * quantity.largest, std::numeric_limits<double>::min()});
}

bool Signals::add(std::size_t index, const Turn& turn) {
    Quantity& quantity = quantities_[index];
    quantity.largest = std::max(quantity.largest, std::abs(turn.value));
    quantity.range.widen(turn.value);
    const double here = scale(quantity, turn.value);
    const auto before = quantity.turns.last;
    if (!quantity.turns.add(turn, 1e-2 * min_swing_ * here)) {
        if (quantity.count > 0) quantity.last[(quantity.count - 1) % kept] = quantity.turns.last->value;
        return quantity.turns.last->t == turn.t;
    }
    ++turns_since_taken_;
    if (before && std::abs(turn.value - before->value) > min_swing_ * here)
        swings_ = std::max(swings_, ++quantity.swings);
    quantity.last[quantity.count++ % kept] = turn.value;
    return true;
}

void Signals::widen_by(std::span<const double> values) {
    for (std::size_t q = 0; q < values.size(); ++q) {
        quantities_[q].largest = std::max(quantities_[q].largest, std::abs(values[q]));
        quantities_[q].range.widen(values[q]);
    }
}

void Signals::take_ranges(std::span<const double> values, std::vector<Extent>& ranges) {
    widen_by(values);
    ranges.resize(values.size());
    for (std::size_t q = 0; q < values.size(); ++q) {
        ranges[q] = quantities_[q].range;
        quantities_[q].range = {values[q], values[q]};
    }
    turns_since_taken_ = 0;
}

double Signals::relative_swing(std::size_t quantity, Extent range) const {
    return range.swing() / scale(quantities_[quantity], (range.low + range.high) / 2);
}

Section Signals::section_of(std::span<const Extent> ranges) const {
    std::size_t widest = 0;
    for (std::size_t q = 1; q < ranges.size(); ++q)
        if (relative_swing(q, ranges[q]) > relative_swing(widest, ranges[widest])) widest = q;
    return {widest, (ranges[widest].low + ranges[widest].high) / 2};
}

Extent Signals::range_of_turns(const Quantity& quantity) const {
    const auto end = quantity.last.begin() + static_cast<std::ptrdiff_t>(std::min(quantity.count, kept));
    const auto [low, high] = std::minmax_element(quantity.last.begin(), end);
    return {*low, *high};
}

std::optional<Section> Signals::section_by_turns() const {
    std::optional<Section> section;
    double widest = -1;
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
        if (quantities_[q].count < 2) continue;
        const Extent range = range_of_turns(quantities_[q]);
        const double swing = relative_swing(q, range);
        if (swing <= widest) continue;
        widest = swing;
        section = {q, (range.low + range.high) / 2};
    }
    return section;
}

}  // namespace rondo
