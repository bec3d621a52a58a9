#include "runtime/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/integrate/record.h"
#include "runtime/simulate/points.h"

namespace rondo {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// An input that is a state's initial value changes the state: the equations of initialize() say how.
void apply(const CompiledModel& code, const Change& change, double t, std::span<double> y,
           std::span<double> p) {
    const auto& system = code.system();
    for (const auto& [id, value] : change.settings) {
        const std::size_t input = *system.input(id);
        p[input] = value;
        const auto state = std::ranges::find(system.states, id);
        if (system.inputs[input].kind != Input::Kind::initial_value || state == system.states.end()) continue;
        std::vector<double> fresh_p(p.begin(), p.end()), fresh_y(y.size());
        code.code().initialize(&t, fresh_p.data(), fresh_y.data());
        const auto index = static_cast<std::size_t>(state - system.states.begin());
        y[index] = fresh_y[index];
    }
}

// All rows; NaN from a failure on.
void fill_up(Table& table, std::span<const double> times, const std::vector<std::string>& names) {
    if (table.rows() == times.size()) return;
    Table rest;
    rest.set("time",
             std::vector<double>(times.begin() + static_cast<std::ptrdiff_t>(table.rows()), times.end()));
    for (const auto& name : names) rest.set(name, std::vector<double>(rest.rows(), nan));
    table = table.width() ? append(table, rest) : rest;
}

}  // namespace

void check_options(const Model& model, const SimulateOptions& options) {
    const auto fail = [](const std::string& text) { throw Error(Fault::input, "simulate: " + text); };
    if (!std::isfinite(options.start) || !std::isfinite(options.end))
        fail("start and end must be finite numbers");
    if (!(options.end > options.start)) fail("the end of the time span must come after its start");
    if (options.points < 2) fail("points must be at least 2 (the rows, both ends included)");
    double last = options.start;
    for (const auto& change : options.changes) {
        if (!(change.t >= last && change.t <= options.end)) {
            fail("the times of 'at' must lie in the time span, in order");
        }
        last = change.t;
        (void)model.with(change.settings);
    }
}

std::vector<double> output_times(const SimulateOptions& options) {
    std::vector<double> times(options.points);
    const double steps = static_cast<double>(options.points - 1);
    for (std::size_t i = 0; i < times.size(); ++i) {
        times[i] = options.start + (options.end - options.start) * static_cast<double>(i) / steps;
    }
    times.back() = options.end;
    return times;
}

std::vector<std::string> selected(const Model& model, const SimulateOptions& options) {
    auto names = options.select.empty() ? model.default_outputs() : options.select;
    std::erase(names, "time");
    return names;
}

std::vector<Intervention> interventions(const CompiledModel& code, const SimulateOptions& options) {
    std::vector<Intervention> result;
    for (const Change& change : options.changes) {
        result.push_back({change.t, [&code, &change](double t, std::span<double> y, std::span<double> p) {
                              apply(code, change, t, y, p);
                          }});
    }
    return result;
}

Table beside_runs(const Table& points, std::vector<std::string> names) {
    names.insert(names.begin(), {"run", "time"});
    return set_aside(points, names);
}

Table runs_table(std::size_t first, std::size_t last, std::span<const double> times, const Table& beside) {
    std::vector<std::size_t> origin;
    std::vector<double> number, time;
    for (std::size_t run = first; run < last; ++run) {
        origin.insert(origin.end(), times.size(), run);
        number.insert(number.end(), times.size(), static_cast<double>(run + 1));
        time.insert(time.end(), times.begin(), times.end());
    }
    Table result;
    result.set("run", std::move(number));
    if (beside.width() > 0) {
        const Table repeated = beside.select(origin);
        for (const auto& column : repeated.columns()) result.set(column);
    }
    result.set("time", std::move(time));
    return result;
}

Run simulate(const Model& model, const SimulateOptions& options) {
    check_options(model, options);
    model.check_inputs(model.inputs());
    const auto names = selected(model, options);
    const auto code = model.compiled(names, Effort::quick);
    const auto times = output_times(options);
    IntegrateOptions integrate = options.integrate;
    integrate.method = options.method == EnsembleMethod::adams ? Method::adams : Method::bdf;
    Recorder recorder(names, times);
    Run run;
    run.outcome = Integrator(*code).run(model.inputs(), options.start, options.end, integrate, recorder,
                                        interventions(*code, options));
    run.table = recorder.table();
    fill_up(run.table, times, names);
    return run;
}

}  // namespace rondo
