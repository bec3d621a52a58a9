#include "runtime/steady/steady.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "runtime/integrate/cvode.h"
#include "runtime/steady/newton.h"

namespace rondo {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check(const SteadyOptions& options) {
    const auto refuse = [](const std::string& text) { throw Error(Fault::input, "steady_state: " + text); };
    if (!(options.tolerance > 0 && options.tolerance < 0.1)) refuse("tolerance must lie between 0 and 0.1");
    if (options.max_steps < 1) refuse("max_steps must be at least 1");
}

std::shared_ptr<const CompiledModel> without_events(const OdeSystem& system) {
    auto quiet = std::make_shared<OdeSystem>(system);
    quiet->events.clear();
    quiet->event_values.clear();
    quiet->concentrations.clear();
    CompileOptions options;
    options.optimize = 0;
    for (const Output& output : quiet->outputs) options.outputs.push_back(output.node);
    return compile(std::move(quiet), options);
}

// p with modes that follow the state, as Newton's iteration needs them.
std::vector<double> free_of_modes(const OdeSystem& system, std::span<const double> p) {
    std::vector<double> result(p.begin(), p.end());
    std::fill_n(result.begin() + static_cast<std::ptrdiff_t>(system.first_mode), system.modes.size(), nan);
    return result;
}

// Follows a run until it is beside a steady state.
class Watcher : public Observer {
  public:
    Watcher(const CompiledModel& model, const SteadyOptions& options) : model_(model), options_(options) {}

    LaneMask start(const Step& now) override {
        p_ = free_of_modes(model_.system(), now.p);
        equations_.emplace(model_, p_);
        initial_.assign(now.y.begin(), now.y.end());
        before_ = initial_;
        return rests(now) ? 1 : 0;
    }

    LaneMask step(const Step& now) override {
        last_.assign(now.y.begin(), now.y.end());
        if (++steps_ < next_trial_) return 0;
        const bool slow = distance(before_, last_) < hardly;
        before_ = last_;
        next_trial_ = steps_ + interval;
        if (!slow || steps_ < next_newton_) return 0;
        next_newton_ = steps_ + steps_ / 4;
        const auto found = equations_->find(last_, initial_, options_.tolerance);
        if (!found || !found->stable || distance(found->y, last_) > beside) return 0;
        zero_ = found;
        time_ = now.t1[0];
        return 1;
    }

    bool started() const { return equations_.has_value(); }
    const SteadyEquations& equations() const { return *equations_; }
    const std::vector<double>& initial() const { return initial_; }
    const std::vector<double>& last() const { return last_.empty() ? initial_ : last_; }
    const std::vector<double>& parameters() const { return p_; }
    const std::optional<Zero>& zero() const { return zero_; }
    double time() const { return time_; }

  private:
    static constexpr long interval = 10;    // steps between looks
    static constexpr double hardly = 1e-2;  // relative, in so many steps
    static constexpr double beside = 1e-2;  // relative, of the steady state to the run

    double distance(const std::vector<double>& a, const std::vector<double>& b) const {
        const auto scale = equations_->magnitudes(b);
        double largest = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            largest = std::max(largest, std::abs(a[i] - b[i]) / scale[static_cast<Eigen::Index>(i)]);
        return largest;
    }

    // The initial state is one of rest, stable or not: a run would stay there.
    bool rests(const Step& now) {
        const auto rate = equations_->rhs(initial_);
        if (rate.size() > 0 && rate.lpNorm<Eigen::Infinity>() != 0) return false;
        zero_ = equations_->find(initial_, initial_, options_.tolerance);
        time_ = now.t1[0];
        return zero_.has_value();
    }

    const CompiledModel& model_;
    const SteadyOptions& options_;
    std::vector<double> p_, initial_, before_, last_;
    std::optional<SteadyEquations> equations_;
    std::optional<Zero> zero_;
    double time_ = 0;
    long steps_ = 0, next_trial_ = interval, next_newton_ = 0;
};

std::string still_moving(const Watcher& run, const OdeSystem& system, const Outcome& outcome) {
    const auto rate = run.equations().rhs(run.last());
    Eigen::Index fastest = 0;
    rate.cwiseAbs().cwiseQuotient(run.equations().magnitudes(run.last())).maxCoeff(&fastest);
    char text[80];
    std::snprintf(text, sizeof text, "' still changes by %.3g per time unit at t = %.4g, ", rate[fastest],
                  outcome.t);
    return "'" + system.states[static_cast<std::size_t>(fastest)] + text +
           "and Newton's iteration from the initial state finds no steady state";
}

// A zero far from the run need not be one that the model can reach.
void warn_of_signs(Steady& result, const Watcher& run, const Zero& zero, const OdeSystem& system) {
    const auto scale = run.equations().magnitudes(zero.y);
    for (std::size_t i = 0; i < zero.y.size(); ++i) {
        const double rounding = 1e-6 * scale[static_cast<Eigen::Index>(i)];
        if (run.initial()[i] < 0 || zero.y[i] >= -rounding) continue;
        result.warnings.push_back("'" + system.states[i] + "' is negative in the state found");
    }
}

void accept(Steady& result, const Zero& zero, const CompiledModel& model, std::span<const double> p) {
    const double t = 0;
    std::vector<double> values(model.output_count());
    model.code().outputs(&t, zero.y.data(), p.data(), values.data());
    for (std::size_t i = 0; i < values.size(); ++i)
        result.values.emplace_back(model.system().outputs[i].name, values[i]);
    result.residual = zero.residual;
    result.stable = zero.stable;
    result.eigenvalues = zero.eigenvalues;
}

// Why there can be none, or none that we find; empty otherwise.
std::string obstacle(const OdeSystem& system) {
    constexpr std::size_t most_states = 3000;  // Newton's iteration is dense
    if (reads_time(system)) return "the equations read the time, so no state is steady";
    if (!system.delays.empty()) return "models with delay() are not supported";
    if (system.states.size() > most_states)
        return "the model has more than " + std::to_string(most_states) + " states";
    return {};
}

std::string written(const Total& total, const OdeSystem& system) {
    std::string text;
    for (const auto& [state, weight] : total) {
        const std::int64_t size = weight < 0 ? -weight : weight;
        text += text.empty() ? (weight < 0 ? "-" : "") : (weight < 0 ? " - " : " + ");
        text += (size == 1 ? "" : std::to_string(size) + " ") + system.states[state];
    }
    return text;
}

}  // namespace

std::string_view name_of(SteadyWay way) {
    return way == SteadyWay::integration ? "integration" : "newton";
}

Steady steady_state(const Model& model, const SteadyOptions& options) {
    check(options);
    model.check_inputs(model.inputs());
    Steady result;
    result.failure = obstacle(model.system());
    if (!result.failure.empty()) return result;
    if (const std::size_t events = model.system().events.size())
        result.warnings.push_back(std::to_string(events) + (events == 1 ? " event is" : " events are") +
                                  " left out");
    const auto code = without_events(model.system());
    Watcher run(*code, options);
    IntegrateOptions integration;
    integration.max_steps = options.max_steps;
    const Outcome outcome =
        integrate(*code, model.inputs(), 0, std::numeric_limits<double>::infinity(), integration, run);
    if (!run.started()) {
        result.failure = describe(outcome, outcome.t);
        return result;
    }
    if (run.zero()) {
        result.time = run.time();
        accept(result, *run.zero(), *code, run.parameters());
    } else if (const auto zero = run.equations().find(run.initial(), run.initial(), options.tolerance)) {
        result.way = SteadyWay::newton;
        warn_of_signs(result, run, *zero, code->system());
        accept(result, *zero, *code, run.parameters());
    } else {
        result.failure = still_moving(run, code->system(), outcome);
    }
    return result;
}

std::optional<std::vector<std::string>> conserved_sums(const Model& model) {
    const auto totals = conserved_totals(model.system());
    if (!totals) return std::nullopt;
    std::vector<std::string> sums;
    for (const Total& total : *totals)
        if (total.size() > 1) sums.push_back(written(total, model.system()));
    return sums;
}

}  // namespace rondo
