#include "runtime/simulate/run_values.h"

#include <algorithm>
#include <cstring>

#include "runtime/table/columns.h"

namespace rondo {

Table to_kept(RunValues& runs, RowMap::Rows rows) {
    const auto outcome = [&](auto member) {
        return [&runs, member](std::size_t row) { return runs.outcomes[row].*member; };
    };
    Table table;
    set_column(table, "values", rows, [&](std::size_t row) {
        return std::string(reinterpret_cast<const char*>(runs.of(row)), runs.run_size * sizeof(double));
    });
    set_column(table, "kind", rows,
               [&](std::size_t row) { return static_cast<double>(runs.outcomes[row].kind); });
    set_column(table, "t", rows, outcome(&Outcome::t));
    set_column(table, "reason", rows, outcome(&Outcome::reason));
    set_column(table, "steps", rows, outcome(&Outcome::steps));
    set_column(table, "rhs_calls", rows, outcome(&Outcome::rhs_calls));
    set_column(table, "jacobian_calls", rows, outcome(&Outcome::jacobian_calls));
    return table;
}

void from_kept(const Table& table, RowMap::Rows rows, RunValues& runs) {
    const auto& values = table.at("values").texts();
    const auto& reasons = table.at("reason").texts();
    const auto kinds = table.numbers("kind"), times = table.numbers("t"), steps = table.numbers("steps"),
               calls = table.numbers("rhs_calls"), jacobians = table.numbers("jacobian_calls");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::memcpy(runs.of(rows[i]), values[i].data(),
                    std::min(values[i].size(), runs.run_size * sizeof(double)));
        Outcome& outcome = runs.outcomes[rows[i]];
        outcome.kind = static_cast<Outcome::Kind>(kinds[i]);
        outcome.t = times[i];
        outcome.reason = reasons[i];
        outcome.steps = static_cast<std::uint64_t>(steps[i]);
        outcome.rhs_calls = static_cast<std::uint64_t>(calls[i]);
        outcome.jacobian_calls = static_cast<std::uint64_t>(jacobians[i]);
    }
}

std::size_t kept_runs(std::size_t run_size) {
    constexpr std::size_t kept_values = 250'000;
    return std::clamp<std::size_t>(kept_values / (run_size + 1), 1, 1000);
}

}  // namespace rondo
