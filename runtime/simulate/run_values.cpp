#include "runtime/simulate/run_values.h"

#include <algorithm>
#include <cstring>

namespace rondo {

Table to_kept(RunValues& runs, RowMap::Rows rows) {
    std::vector<std::string> values, reasons;
    std::vector<double> kinds, times, steps, calls, jacobians;
    for (const std::size_t row : rows) {
        values.emplace_back(reinterpret_cast<const char*>(runs.of(row)), runs.run_size * sizeof(double));
        const Outcome& outcome = runs.outcomes[row];
        kinds.push_back(static_cast<double>(outcome.kind));
        times.push_back(outcome.t);
        reasons.push_back(outcome.reason);
        steps.push_back(static_cast<double>(outcome.steps));
        calls.push_back(static_cast<double>(outcome.rhs_calls));
        jacobians.push_back(static_cast<double>(outcome.jacobian_calls));
    }
    Table table;
    table.set("values", std::move(values));
    table.set("kind", std::move(kinds));
    table.set("t", std::move(times));
    table.set("reason", std::move(reasons));
    table.set("steps", std::move(steps));
    table.set("rhs_calls", std::move(calls));
    table.set("jacobian_calls", std::move(jacobians));
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
