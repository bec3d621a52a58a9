#include "runtime/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/integrate/record.h"
#include "runtime/simulate/points.h"

namespace rondo {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check_options(const SimulateOptions& options) {
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
    }
}

std::vector<double> time_grid(const SimulateOptions& options) {
    std::vector<double> times(options.points);
    const double steps = static_cast<double>(options.points - 1);
    for (std::size_t i = 0; i < times.size(); ++i) {
        times[i] = options.start + (options.end - options.start) * static_cast<double>(i) / steps;
    }
    times.back() = options.end;
    return times;
}

// Records one piece of a run, between changes of inputs, and keeps the state at its end.
class Piece : public Observer {
  public:
    Piece(std::vector<std::string> names, std::vector<double> times)
        : recorder_(std::move(names), std::move(times)) {}
    LaneMask start(const Step& step) override {
        recorder_.start(step);
        return 0;
    }
    LaneMask step(const Step& step) override {
        recorder_.step(step);
        end_.assign(step.y.begin(), step.y.end());
        return 0;
    }
    Table table() const { return recorder_.table(); }
    const std::vector<double>& end() const { return end_; }

  private:
    Recorder recorder_;
    std::vector<double> end_;
};

// Runs of one model after another, each in pieces: pieces end where inputs change.
class Runner {
  public:
    Runner(const Model& model, const SimulateOptions& options, const std::vector<std::string>& names)
        : options_(options),
          names_(names),
          code_(model.compiled(names)),
          integrator_(*code_),
          times_(time_grid(options)) {}

    // All rows; NaN from a failure on.
    Run run(std::span<const double> inputs) {
        std::vector<double> p(code_->parameter_count(), nan), y(code_->state_count());
        std::ranges::copy(inputs, p.begin());
        code_->code().initialize(&options_.start, p.data(), y.data());
        Run run;
        double from = options_.start;
        for (std::size_t piece = 0; piece <= options_.changes.size(); ++piece) {
            const bool last = piece == options_.changes.size();
            const double to = last ? options_.end : options_.changes[piece].t;
            if (to > from) {
                Piece observer(names_, times_between(from, to, last));
                add(run.outcome, integrator_.resume(p, y, from, to, options_.integrate, observer));
                run.table = run.table.width() ? append(run.table, observer.table()) : observer.table();
                if (run.outcome.kind == Outcome::Kind::failed) break;
                y = observer.end();
            }
            if (!last) apply(options_.changes[piece], p, y);
            from = to;
        }
        if (run.table.rows() < times_.size()) fill_up(run.table);
        return run;
    }

  private:
    // Of the output times, those in [from, to), or up to the end in the last piece.
    std::vector<double> times_between(double from, double to, bool last) const {
        const auto begin = std::ranges::lower_bound(times_, from);
        return {begin, last ? times_.end() : std::ranges::lower_bound(times_, to)};
    }

    void fill_up(Table& table) const {
        Table rest;
        rest.set("time", std::vector<double>(times_.begin() + static_cast<std::ptrdiff_t>(table.rows()),
                                             times_.end()));
        for (const auto& name : names_) rest.set(name, std::vector<double>(rest.rows(), nan));
        table = table.width() ? append(table, rest) : rest;
    }

    static void add(Outcome& sum, const Outcome& part) {
        sum.kind = part.kind;
        sum.t = part.t;
        sum.reason = part.reason;
        sum.steps += part.steps;
        sum.rhs_calls += part.rhs_calls;
        sum.jacobian_calls += part.jacobian_calls;
    }

    // An input that is a state's initial value changes the state: the equations of initialize() say how.
    void apply(const Change& change, std::vector<double>& p, std::vector<double>& y) const {
        const auto& system = code_->system();
        for (const auto& [id, value] : change.settings) {
            const std::size_t input = *system.input(id);
            p[input] = value;
            const auto state = std::ranges::find(system.states, id);
            if (system.inputs[input].kind != Input::Kind::initial_value || state == system.states.end())
                continue;
            std::vector<double> fresh_p = p, fresh_y(y.size());
            code_->code().initialize(&change.t, fresh_p.data(), fresh_y.data());
            const auto index = static_cast<std::size_t>(state - system.states.begin());
            y[index] = fresh_y[index];
        }
    }

    const SimulateOptions& options_;
    std::vector<std::string> names_;
    std::shared_ptr<const CompiledModel> code_;
    Integrator integrator_;
    std::vector<double> times_;
};

std::vector<std::string> selection(const Model& model, const SimulateOptions& options) {
    auto names = options.select.empty() ? model.default_outputs() : options.select;
    std::erase(names, "time");
    return names;
}

// Changes must name inputs: said before any run is made.
void check_changes(const Model& model, const SimulateOptions& options) {
    for (const auto& change : options.changes) (void)model.with(change.settings);
}

}  // namespace

Run simulate(const Model& model, const SimulateOptions& options) {
    check_options(options);
    check_changes(model, options);
    model.check_inputs(model.inputs());
    return Runner(model, options, selection(model, options)).run(model.inputs());
}

Runs simulate_over(const Model& model, const Table& points, const std::string& source,
                   const SimulateOptions& options, const Executor& executor) {
    check_options(options);
    check_changes(model, options);
    const auto columns = match_columns(model.system(), points, source);
    const auto inputs = point_inputs(model, points, columns, source);
    const auto names = selection(model, options);
    std::vector<std::unique_ptr<Runner>> runners(static_cast<std::size_t>(executor.jobs()));
    std::vector<Run> runs(inputs.size());
    executor.map("simulating", inputs.size(), [&](int worker, std::size_t row) {
        auto& runner = runners[static_cast<std::size_t>(worker)];
        if (!runner) runner = std::make_unique<Runner>(model, options, names);
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
