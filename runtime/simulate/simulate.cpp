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

// Runs of one model after another.
class Runner {
  public:
    Runner(const Model& model, const SimulateOptions& options, const std::vector<std::string>& names,
           Effort effort)
        : options_(options),
          names_(names),
          code_(model.compiled(names, effort)),
          integrator_(*code_),
          times_(output_times(options)),
          interventions_(interventions(*code_, options)) {}
    Runner(const Runner&) = delete;

    // All rows; NaN from a failure on.
    Run run(std::span<const double> inputs) {
        Recorder recorder(names_, times_);
        Run run;
        run.outcome = integrator_.run(inputs, options_.start, options_.end, options_.integrate, recorder,
                                      interventions_);
        run.table = recorder.table();
        if (run.table.rows() < times_.size()) fill_up(run.table);
        return run;
    }

  private:
    void fill_up(Table& table) const {
        Table rest;
        rest.set("time", std::vector<double>(times_.begin() + static_cast<std::ptrdiff_t>(table.rows()),
                                             times_.end()));
        for (const auto& name : names_) rest.set(name, std::vector<double>(rest.rows(), nan));
        table = table.width() ? append(table, rest) : rest;
    }

    const SimulateOptions& options_;
    std::vector<std::string> names_;
    std::shared_ptr<const CompiledModel> code_;
    Integrator integrator_;
    std::vector<double> times_;
    std::vector<Intervention> interventions_;
};

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

Run simulate(const Model& model, const SimulateOptions& options) {
    check_options(model, options);
    model.check_inputs(model.inputs());
    return Runner(model, options, selected(model, options), Effort::quick).run(model.inputs());
}

Runs simulate_over(const Model& model, const Table& points, const std::string& source,
                   const SimulateOptions& options, const Executor& executor) {
    check_options(model, options);
    const auto columns = match_columns(model.system(), points, source);
    const auto inputs = point_inputs(model, points, columns, source);
    const auto names = selected(model, options);
    std::vector<std::unique_ptr<Runner>> runners(static_cast<std::size_t>(executor.jobs()));
    std::vector<Run> runs(inputs.size());
    executor.map("simulating", inputs.size(), [&](int worker, std::size_t row) {
        auto& runner = runners[static_cast<std::size_t>(worker)];
        if (!runner) runner = std::make_unique<Runner>(model, options, names, Effort::full);
        runs[row] = runner->run(inputs[row]);
    });

    std::vector<std::size_t> origin;
    for (std::size_t row = 0; row < runs.size(); ++row) origin.insert(origin.end(), options.points, row);
    auto own = names;
    own.insert(own.begin(), {"run", "time"});
    Runs result;
    std::vector<double> number;
    for (const std::size_t row : origin) number.push_back(static_cast<double>(row + 1));
    result.table.set("run", std::move(number));
    const Table repeated = set_aside(points, own).select(origin);
    for (const auto& column : repeated.columns()) result.table.set(column);
    own.erase(own.begin());
    for (const auto& name : own) {
        std::vector<double> values;
        values.reserve(origin.size());
        for (const auto& run : runs) {
            const auto part = run.table.numbers(name);
            values.insert(values.end(), part.begin(), part.end());
        }
        result.table.set(name, std::move(values));
    }
    for (auto& run : runs) result.outcomes.push_back(std::move(run.outcome));
    return result;
}

}  // namespace rondo
