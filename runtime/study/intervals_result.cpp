#include "runtime/study/intervals_result.h"

#include <limits>

#include "runtime/table/columns.h"

namespace rondo {
namespace {

// Of either kind; a profile's point has the value alone.
struct Row {
    std::string kind;
    std::size_t coordinate;
    double rise;
    Interval interval;
};

Table rows_of_kind(const Table& table, const std::string& kind, const std::vector<std::string>& columns) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (table.at("kind").texts()[row] == kind) rows.push_back(row);
    return table.select(rows).columns(columns);
}

}  // namespace

Table intervals_table(const SearchSpace& space, const Uncertainty& found) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<Row> rows;
    for (std::size_t i = 0; i < found.intervals.size(); ++i)
        rows.push_back({"interval", i, 0, found.intervals[i]});
    for (const auto& point : found.profiles)
        rows.push_back({"profile", point.coordinate, point.rise, {point.value, none, none, none, none}});
    const auto of_interval = [](double Interval::*part) {
        return [part](const Row& row) { return row.interval.*part; };
    };
    Table table;
    set_column(table, "kind", rows, &Row::kind);
    set_column(table, "parameter", rows,
               [&](const Row& row) { return space.coordinates[row.coordinate].name; });
    set_column(table, "value", rows, of_interval(&Interval::value));
    set_column(table, "rise", rows, &Row::rise);
    set_column(table, "fisher_lower", rows, of_interval(&Interval::fisher_lower));
    set_column(table, "fisher_upper", rows, of_interval(&Interval::fisher_upper));
    set_column(table, "profile_lower", rows, of_interval(&Interval::profile_lower));
    set_column(table, "profile_upper", rows, of_interval(&Interval::profile_upper));
    return table;
}

Value intervals_record(const Table& table) {
    return Record{{"intervals", rows_of_kind(table, "interval",
                                             {"parameter", "value", "fisher_lower", "fisher_upper",
                                              "profile_lower", "profile_upper"})},
                  {"profiles", rows_of_kind(table, "profile", {"parameter", "value", "rise"})}};
}

}  // namespace rondo
