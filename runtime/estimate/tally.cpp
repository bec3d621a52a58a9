#include "runtime/estimate/tally.h"

#include <algorithm>

namespace rondo {

void Tally::add(const Evaluated& point) {
    ++evaluations_;
    stopped_ += point.stopped;
    failed_ += point.failed;
    calls_ += point.calls;
    const double fraction = static_cast<double>(point.stop) / static_cast<double>(problem_->times());
    fraction_sum_ += fraction;
    if (point.stopped) ++stops_[point.stop];
    const auto& coordinates = problem_->space().coordinates;
    const auto whole = std::ranges::find(coordinates, Coordinate::Kind::whole, &Coordinate::kind);
    if (whole == coordinates.end()) return;
    Group& group = groups_[whole->value(point.z[static_cast<std::size_t>(whole - coordinates.begin())])];
    ++group.evaluated;
    group.stopped += point.stopped;
    if (point.stopped) group.stop_sum += fraction;
}

void Tally::add(const Tally& other) {
    evaluations_ += other.evaluations_;
    stopped_ += other.stopped_;
    failed_ += other.failed_;
    calls_ += other.calls_;
    fraction_sum_ += other.fraction_sum_;
    for (std::size_t j = 0; j < stops_.size(); ++j) stops_[j] += other.stops_[j];
    for (const auto& [value, group] : other.groups_) {
        Group& mine = groups_[value];
        mine.evaluated += group.evaluated;
        mine.stopped += group.stopped;
        mine.stop_sum += group.stop_sum;
    }
}

}  // namespace rondo
