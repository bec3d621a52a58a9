#include "runtime/stability/predict.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsl/syntax/error.h"
#include "runtime/simulate/points.h"
#include "runtime/stability/stability.h"

namespace rondo {

namespace {

std::string counted(std::size_t count, std::size_t rows) {
    return std::to_string(count) + " of " + std::to_string(rows) + " points";
}

void check_columns(const Box& box, const Table& points, const std::string& source) {
    for (const Axis& axis : box.axes) {
        try {
            (void)points.numbers(axis.name);
        } catch (const Error& error) {
            throw Error(error.fault(), source + ": " + error.what());
        }
    }
}

// Rows whose coordinates are all finite.
std::vector<std::size_t> finite_rows(const Box& box, const Table& points) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < points.rows(); ++row) {
        if (std::ranges::all_of(
                box.axes, [&](const Axis& axis) { return std::isfinite(points.numbers(axis.name)[row]); }))
            rows.push_back(row);
    }
    return rows;
}

// Columns that a network reads behind its coordinates, and that are none of those.
std::vector<std::string> further_columns(const Surrogate& surrogate) {
    const auto coordinates = surrogate.box.names();
    std::vector<std::string> columns;
    for (const Feature& feature : surrogate.features)
        if (std::ranges::find(coordinates, feature.column) == coordinates.end())
            columns.push_back(feature.column);
    return columns;
}

// What the surrogate's model says of the rows is set, elsewhere NaN; other columns the points must have.
Table with_features(const Surrogate& surrogate, const Table& points, const std::vector<std::size_t>& rows,
                    const std::string& source, const Executor& executor) {
    const auto columns = further_columns(surrogate);
    if (columns.empty()) return points;
    Table told;
    if (!surrogate.model.empty())
        told = with_stability(surrogate.model, points.select(rows).columns(surrogate.box.names()), source,
                              executor);
    Table result = points;
    for (const auto& name : columns) {
        if (const Column* said = told.find(name)) {
            std::vector<double> column(points.rows(), std::numeric_limits<double>::quiet_NaN());
            for (std::size_t i = 0; i < rows.size(); ++i) column[rows[i]] = said->numbers()[i];
            result.set(name, std::move(column));
        } else if (!points.find(name)) {
            throw Error(Fault::input,
                        source + ": there is no column '" + name +
                            "', which the surrogate learned from and which no model of it tells");
        }
    }
    return result;
}

}  // namespace

Table predict_points(const Surrogate& surrogate, const Table& points, const std::string& source,
                     const Executor& executor, const std::function<void(const std::string&)>& warn) {
    check_columns(surrogate.box, points, source);
    std::vector<std::string> added = surrogate.outputs;
    if (surrogate.gated) added.insert(added.end(), {"probability", "uncertainty"});
    const auto out = outside(surrogate.box, points);
    const auto out_count = static_cast<std::size_t>(std::count(out.begin(), out.end(), true));
    if (out_count > 0) added.emplace_back("outside");
    const auto finite = finite_rows(surrogate.box, points);
    Table result = set_aside(points, added);
    const Table all = predict(surrogate, with_features(surrogate, result, finite, source, executor));
    for (const auto& name : added)
        if (name != "outside") result.set(all.at(name));
    if (out_count > 0) {
        result.set("outside", std::vector<double>(out.begin(), out.end()));
        warn(source + ": " + counted(out_count, points.rows()) +
             " lie outside the box the surrogate was trained on; column 'outside' says which");
    }
    if (finite.size() < points.rows())
        warn(source + ": " + counted(points.rows() - finite.size(), points.rows()) +
             " have a coordinate that is no finite number; nothing is predicted there (NaN)");
    return result;
}

}  // namespace rondo
