#include "runtime/study/intervals_result.h"

#include <cmath>

namespace rondo {
namespace {

Table rows_of_kind(const Table& table, const std::string& kind, const std::vector<std::string>& columns) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (table.at("kind").texts()[row] == kind) rows.push_back(row);
    return table.select(rows).columns(columns);
}

}  // namespace

Table intervals_table(const SearchSpace& space, const Uncertainty& found) {
    std::vector<std::string> kinds, names;
    std::vector<double> value, rise, fisher_lower, fisher_upper, profile_lower, profile_upper;
    const double none = std::nan("");
    const auto row = [&](const char* kind, std::size_t coordinate, double at, double higher,
                         const Interval* interval) {
        kinds.emplace_back(kind);
        names.push_back(space.coordinates[coordinate].name);
        value.push_back(at);
        rise.push_back(higher);
        fisher_lower.push_back(interval ? interval->fisher_lower : none);
        fisher_upper.push_back(interval ? interval->fisher_upper : none);
        profile_lower.push_back(interval ? interval->profile_lower : none);
        profile_upper.push_back(interval ? interval->profile_upper : none);
    };
    for (std::size_t i = 0; i < found.intervals.size(); ++i)
        row("interval", i, found.intervals[i].value, 0, &found.intervals[i]);
    for (const auto& point : found.profiles)
        row("profile", point.coordinate, point.value, point.rise, nullptr);
    Table table;
    table.set("kind", std::move(kinds));
    table.set("parameter", std::move(names));
    table.set("value", std::move(value));
    table.set("rise", std::move(rise));
    table.set("fisher_lower", std::move(fisher_lower));
    table.set("fisher_upper", std::move(fisher_upper));
    table.set("profile_lower", std::move(profile_lower));
    table.set("profile_upper", std::move(profile_upper));
    return table;
}

Value intervals_record(const Table& table) {
    return Record{{"intervals", rows_of_kind(table, "interval",
                                             {"parameter", "value", "fisher_lower", "fisher_upper",
                                              "profile_lower", "profile_upper"})},
                  {"profiles", rows_of_kind(table, "profile", {"parameter", "value", "rise"})}};
}

}  // namespace rondo
