#include "runtime/estimate/measurements.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void fail(const std::string& source, const std::string& message) {
    throw Error(Fault::input, source + ": " + message);
}

[[noreturn]] void fail_row(const std::string& source, std::size_t row, const std::string& message) {
    fail(source, "row " + std::to_string(row + 1) + ": " + message);
}

void check_times(const std::string& source, const std::vector<std::string>& conditions,
                 std::span<const double> times, double start) {
    std::map<std::string, std::size_t> last;  // row
    for (std::size_t row = 0; row < times.size(); ++row) {
        if (!std::isfinite(times[row])) fail_row(source, row, "the time is not a finite number");
        if (times[row] < start)
            fail_row(
                source, row,
                "time " + shortest(times[row]) + " lies before the start of the runs, " + shortest(start));
        const auto [before, is_first] = last.try_emplace(conditions[row], row);
        if (is_first) continue;
        const std::string of = conditions[row].empty() ? "" : " of condition '" + conditions[row] + "'";
        const double previous = times[before->second];
        if (times[row] == previous)
            fail_row(source, row,
                     "time " + shortest(times[row]) + of +
                         " is there twice; give each time once, with the mean of what was measured, or as "
                         "two conditions");
        if (times[row] < previous)
            fail_row(source, row,
                     "time " + shortest(times[row]) + of + " comes after " + shortest(previous) +
                         "; sort the rows by time");
        before->second = row;
    }
}

void check_values(const std::string& source, const Measurements& data) {
    const std::size_t T = data.times.size(), K = data.observables.size();
    const auto has_any = [&](std::size_t c_first, std::size_t c_last, std::size_t k_first,
                             std::size_t k_last) {
        for (std::size_t c = c_first; c < c_last; ++c)
            for (std::size_t j = 0; j < T; ++j)
                for (std::size_t k = k_first; k < k_last; ++k)
                    if (!std::isnan(data.value(c, j, k))) return true;
        return false;
    };
    for (std::size_t k = 0; k < K; ++k)
        if (!has_any(0, data.conditions.size(), k, k + 1))
            fail(source, "column '" + data.observables[k] + "' holds no value at all; leave it out");
    for (std::size_t c = 0; c < data.conditions.size(); ++c)
        if (!has_any(c, c + 1, 0, K))
            fail(source, "condition '" + data.conditions[c] + "' holds no value at all; leave its rows out");
}

}  // namespace

std::vector<std::string> condition_names(const Table& table, const std::string& source) {
    const Column* column = table.find("condition");
    if (!column) fail(source, "there is no column 'condition'");
    if (column->is_text()) return column->texts();
    std::vector<std::string> names;
    for (const double value : column->numbers()) names.push_back(shortest(value));
    return names;
}

double Measurements::largest() const {
    double most = 0;
    for (const double v : values)
        if (!std::isnan(v)) most = std::max(most, std::abs(v));
    return most;
}

Measurements read_measurements(const Table& table, const std::string& source, double start) {
    Measurements data;
    if (!table.find("time")) fail(source, "there is no column 'time'");
    if (table.rows() == 0) fail(source, "there are no rows");
    const auto times = table.numbers("time");
    const auto conditions =
        table.find("condition") ? condition_names(table, source) : std::vector<std::string>(table.rows());
    check_times(source, conditions, times, start);
    for (const auto& name : conditions)
        if (std::ranges::count(data.conditions, name) == 0) data.conditions.push_back(name);
    for (const auto& column : table.columns()) {
        if (column.name == "time" || column.name == "condition") continue;
        if (column.is_text())
            fail(source, "column '" + column.name +
                             "' holds text; an observable has numbers, and NaN where it was not measured");
        data.observables.push_back(column.name);
    }
    if (data.observables.empty())
        fail(source, "there is no column of an observable beside 'time' and 'condition'");
    data.times.assign(times.begin(), times.end());
    std::ranges::sort(data.times);
    data.times.erase(std::ranges::unique(data.times).begin(), data.times.end());
    const std::size_t T = data.times.size(), K = data.observables.size();
    data.values.assign(data.conditions.size() * T * K, missing);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto c = static_cast<std::size_t>(std::ranges::find(data.conditions, conditions[row]) -
                                                data.conditions.begin());
        const auto j =
            static_cast<std::size_t>(std::ranges::lower_bound(data.times, times[row]) - data.times.begin());
        for (std::size_t k = 0; k < K; ++k) {
            const double value = table.numbers(data.observables[k])[row];
            if (std::isinf(value))
                fail_row(source, row,
                         "'" + data.observables[k] + "' is infinite; write NaN for what was not measured");
            data.values[(c * T + j) * K + k] = value;
        }
    }
    check_values(source, data);
    return data;
}

std::vector<double> relative_scales(const Measurements& data, double floor) {
    const double least = floor * data.largest();
    std::vector<double> scales;
    for (const double value : data.values)
        scales.push_back(std::isnan(value) ? missing : std::max(least, std::abs(value)));
    return scales;
}

}  // namespace rondo
