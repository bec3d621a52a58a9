#include "runtime/simulate/points.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/diagnostic.h"
#include "runtime/table/csv.h"

namespace rondo {

PointColumns match_columns(const OdeSystem& system, const Table& points, const std::string& source) {
    std::vector<std::string> ids;
    for (const auto& input : system.inputs) ids.push_back(input.id);
    PointColumns result;
    std::string near_misses;
    for (const auto& column : points.columns()) {
        if (std::ranges::count(system.ruled, column.name)) {
            throw Error(Fault::input,
                        source + ": column '" + column.name +
                            "' cannot be set: a rule of the model computes it; leave the column out");
        }
        if (system.input(column.name)) {
            if (column.is_text())
                throw Error(Fault::input,
                            source + ": column '" + column.name + "' holds text; it must hold numbers");
            result.matched.push_back(column.name);
        } else if (const auto near = nearest(column.name, ids); near && !points.find(*near)) {
            near_misses += "\n  column '" + column.name + "': did you mean '" + *near + "'?";
        } else {
            result.passed.push_back(column.name);
        }
    }
    if (!near_misses.empty()) {
        throw Error(Fault::input, source + ": columns nearly name inputs of the model '" + system.id +
                                      "'; rename them:" + near_misses);
    }
    if (result.matched.empty()) {
        std::string names;
        for (const auto& id : ids) names += (names.empty() ? "" : ", ") + id;
        throw Error(Fault::input, source + ": no column names an input of the model '" + system.id +
                                      "'; its inputs are " + names);
    }
    return result;
}

std::vector<std::vector<double>> point_inputs(const Model& model, const Table& points,
                                              const PointColumns& columns, const std::string& source) {
    std::vector<std::vector<double>> rows(points.rows(), {model.inputs().begin(), model.inputs().end()});
    for (const auto& name : columns.matched) {
        const std::size_t input = *model.system().input(name);
        const auto values = points.numbers(name);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (!std::isfinite(values[row])) {
                throw Error(Fault::input, source + ": row " + std::to_string(row + 1) + " (line " +
                                              std::to_string(row + 2) + "), column '" + name + "' is " +
                                              shortest(values[row]) +
                                              "; a point needs finite numbers: remove or correct the row");
            }
            rows[row][input] = values[row];
        }
    }
    if (!rows.empty()) model.check_inputs(rows.front());
    return rows;
}

Table set_aside(const Table& points, const std::vector<std::string>& names) {
    Table result;
    for (Column column : points.columns()) {
        if (std::ranges::count(names, column.name)) column.name = "given_" + column.name;
        result.set(std::move(column));
    }
    return result;
}

}  // namespace rondo
