#include "runtime/estimate/tally.h"

#include <algorithm>

#include "runtime/table/packed.h"

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

Table Tally::packed() const {
    Table row;
    pack(row, "count",
         std::vector<double>{double(evaluations_), double(stopped_), double(failed_), double(calls_),
                             fraction_sum_});
    pack(row, "stops", std::vector<double>(stops_.begin(), stops_.end()));
    std::vector<double> groups;
    for (const auto& [value, group] : groups_)
        groups.insert(groups.end(), {value, double(group.evaluated), double(group.stopped), group.stop_sum});
    pack(row, "group", groups);
    return row;
}

void Tally::add(const Table& packed) {
    Tally other(*problem_);
    const auto counts = unpacked_numbers(packed, "count"), groups = unpacked_numbers(packed, "group");
    other.evaluations_ = static_cast<long>(counts[0]);
    other.stopped_ = static_cast<long>(counts[1]);
    other.failed_ = static_cast<long>(counts[2]);
    other.calls_ = static_cast<long>(counts[3]);
    other.fraction_sum_ = counts[4];
    std::ranges::transform(unpacked_numbers(packed, "stops"), other.stops_.begin(),
                           [](double stops) { return static_cast<long>(stops); });
    for (std::size_t i = 0; i < groups.size(); i += 4)
        other.groups_[groups[i]] = {static_cast<long>(groups[i + 1]), static_cast<long>(groups[i + 2]),
                                    groups[i + 3]};
    add(other);
}

}  // namespace rondo
