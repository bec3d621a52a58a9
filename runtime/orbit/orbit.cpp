// orbit.cpp: Newton's iteration on the return map, and the derivatives of what it finds.
#include "runtime/orbit/orbit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "dsl/syntax/error.h"
#include "jit/graph/totals.h"
#include "runtime/orbit/flow.h"
#include "runtime/orbit/growth.h"

namespace rondo {
namespace {

using Matrix = Eigen::MatrixXd;
using Values = Eigen::VectorXd;

constexpr double rtol = 1e-13;  // of the integrations
constexpr double close = 1e-8;  // relative: Newton's next step would be at the integration's error
constexpr int most_iterations = 20;

// ---- the equations of a cycle in units of each state's scale and of the period ----

struct Return {
    Matrix equations;  // [states, phase, totals][states, period]
    Values gap;        // phi_T(x) - x, then zeros
    Matrix monodromy;  // in units of scale
};

}  // namespace

struct OrbitFinder::State {
    explicit State(std::shared_ptr<const CompiledModel> compiled)
        : model(std::move(compiled)), read(dependence(model->system(), model->outputs())) {
        place.assign(model->state_count(), -1);
        for (std::size_t i = 0; i < read.states.size(); ++i) place[read.states[i]] = static_cast<long>(i);
    }

    long n() const { return static_cast<long>(read.states.size()); }

    // Where the run of these inputs begins.
    struct Start {
        std::vector<double> p, y;
    };
    Start start(std::span<const double> inputs) const {
        Start start{std::vector<double>(model->parameter_count()), std::vector<double>(model->state_count())};
        std::ranges::copy(inputs, start.p.begin());
        const double t = 0;
        model->code().initialize(&t, start.p.data(), start.y.data());
        return start;
    }

    std::vector<double> slope(std::span<const double> y, std::span<const double> p) const {
        std::vector<double> dydt(y.size());
        const double t = 0;
        model->code().rhs(&t, y.data(), p.data(), dydt.data());
        return dydt;
    }

    // How large a state is along the cycle, or how far it moves.
    std::vector<double> scales(std::span<const double> y, std::span<const double> p, double period) const {
        auto scale = slope(y, p);
        for (std::size_t i = 0; i < scale.size(); ++i) {
            scale[i] = std::max(std::abs(y[i]), std::abs(scale[i]) * period / 6);
            if (!(scale[i] > 0) || !std::isfinite(scale[i])) scale[i] = 1;
        }
        return scale;
    }

    // Of the states that matter alone. Found when it is first asked for: most labels need no orbit.
    const std::vector<Total>& totals() const {
        const std::lock_guard lock(mutex);
        if (found) return *found;
        found.emplace();
        for (const Total& total : conserved_totals(model->system()).value_or(std::vector<Total>{})) {
            if (std::ranges::all_of(total, [&](const auto& term) { return place[term.first] >= 0; }))
                found->push_back(total);
        }
        return *found;
    }

    // For code that is made when it is first asked for.
    const Flow& flow(std::optional<Flow>& made, std::size_t directions, bool with_parameters) const {
        const std::lock_guard lock(mutex);
        if (!made) made.emplace(model->system(), read.states, directions, with_parameters);
        return *made;
    }

    Return equations(const Flow& flow, Flow::Path& path, std::span<const double> y, double period,
                     std::span<const double> p, std::span<const double> y0,
                     std::span<const double> scale) const;

    std::shared_ptr<const CompiledModel> model;
    Dependence read;
    std::vector<long> place;  // of a state among read.states
    mutable std::mutex mutex;
    mutable std::optional<std::vector<Total>> found;
    mutable std::optional<Flow> monodromy, by_parameters, tangent;
};

// path: followed from y over a period.
Return OrbitFinder::State::equations(const Flow& flow, Flow::Path& path, std::span<const double> y,
                                     double period, std::span<const double> p, std::span<const double> y0,
                                     std::span<const double> scale) const {
    const auto rows = static_cast<long>(totals().size());
    Return result{Matrix::Zero(n() + 1 + rows, n() + 1), Values::Zero(n() + 1 + rows), Matrix(n(), n())};
    const auto begin = slope(y, p);
    const auto end = slope(std::span(path.y).first(y.size()), p);
    double speed = 0;
    for (const auto state : read.states) speed = std::hypot(speed, begin[state] / scale[state]);
    for (long j = 0; j < n(); ++j) {
        const auto column = flow.direction(path, static_cast<std::size_t>(j));
        for (long i = 0; i < n(); ++i)
            result.monodromy(i, j) = column[static_cast<std::size_t>(i)] *
                                     scale[read.states[static_cast<std::size_t>(j)]] /
                                     scale[read.states[static_cast<std::size_t>(i)]];
    }
    result.equations.topLeftCorner(n(), n()) = result.monodromy - Matrix::Identity(n(), n());
    for (long i = 0; i < n(); ++i) {
        const std::uint32_t state = read.states[static_cast<std::size_t>(i)];
        result.gap[i] = (path.y[state] - y[state]) / scale[state];
        result.equations(i, n()) = end[state] * period / scale[state];
        if (speed > 0) result.equations(n(), i) = begin[state] / scale[state] / speed;
    }
    for (long k = 0; k < rows; ++k) {
        const long row = n() + 1 + k;
        for (const auto& [state, weight] : totals()[static_cast<std::size_t>(k)]) {
            result.equations(row, place[state]) = static_cast<double>(weight) * scale[state];
            result.gap[row] += static_cast<double>(weight) * (y[state] - y0[state]);
        }
        const double size = result.equations.row(row).norm();
        result.equations.row(row) /= size;
        result.gap[row] /= size;
    }
    return result;
}

namespace {

// Without the nearest to 1 of as many as there are ways to move that lead nowhere.
void find_multipliers(const Return& at, long neutral, Orbit& orbit) {
    const Eigen::VectorXcd all = Eigen::EigenSolver<Matrix>(at.monodromy, false).eigenvalues();
    std::vector<std::complex<double>> values(all.begin(), all.end());
    const auto off = [](std::complex<double> value) { return std::abs(value - 1.0); };
    std::ranges::sort(values, {}, off);
    orbit.off_one = off(values.front());
    values.erase(values.begin(), values.begin() + std::min<long>(neutral, std::ssize(values)));
    std::ranges::sort(values, std::ranges::greater{}, [](auto value) { return std::abs(value); });
    orbit.multipliers = std::move(values);
    orbit.stable = orbit.largest_multiplier() < 1;
}

}  // namespace

OrbitFinder::OrbitFinder(std::shared_ptr<const CompiledModel> model)
    : state_(std::make_unique<State>(std::move(model))) {}
OrbitFinder::~OrbitFinder() = default;

std::string OrbitFinder::why_not() const {
    const OdeSystem& system = state_->model->system();
    if (!system.events.empty()) return "the model has events";
    if (!system.delays.empty()) return "the model has delays";
    if (!system.modes.empty()) return "the model's equations jump";
    if (!system.constraints.empty()) return "the model has algebraic rules or fast reactions";
    if (state_->read.on_time) return "the model is driven by time";
    if (state_->read.states.empty()) return "nothing observed moves";
    return "";
}

Orbit OrbitFinder::find(std::span<const double> inputs, std::span<const double> y, double period) const {
    Orbit orbit;
    orbit.failure = why_not();
    if (!orbit.failure.empty()) return orbit;
    const State& s = *state_;
    const auto [p, y0] = s.start(inputs);
    const auto scale = s.scales(y, p, period);
    const Flow& flow = s.flow(s.monodromy, s.read.states.size(), false);
    orbit.y.assign(y.begin(), y.end());
    orbit.period = period;
    double last = std::numeric_limits<double>::infinity();
    for (int i = 0; i < most_iterations; ++i) {
        auto path = flow.begin(orbit.y);
        if (!flow.follow(path, orbit.period, p, scale, rtol)) {
            orbit.failure = "the run could not be followed over a period";
            return orbit;
        }
        const Return at = s.equations(flow, path, orbit.y, orbit.period, p, y0, scale);
        const Values step = at.equations.colPivHouseholderQr().solve(-at.gap);
        const double size = step.cwiseAbs().maxCoeff();
        orbit.error = std::abs(step[s.n()]);
        if (!std::isfinite(size) || orbit.error > 0.2) break;
        // What remains is rounding: the equations hold as well as they can.
        const bool settled = size >= last && last < close;
        if (settled || size < rtol) {
            find_multipliers(at, 1 + std::ssize(s.totals()), orbit);
            return orbit;
        }
        last = size;
        for (std::size_t k = 0; k < s.read.states.size(); ++k)
            orbit.y[s.read.states[k]] += scale[s.read.states[k]] * step[static_cast<long>(k)];
        orbit.period *= 1 + step[s.n()];
    }
    orbit.failure = "Newton's iteration on the return map did not converge";
    return orbit;
}

std::vector<PeriodSensitivity> OrbitFinder::sensitivities(std::span<const double> inputs,
                                                          const Orbit& orbit) const {
    const State& s = *state_;
    const OdeSystem& system = s.model->system();
    const auto [p, y0] = s.start(inputs);
    const auto scale = s.scales(orbit.y, p, orbit.period);
    const Flow& flow = s.flow(s.by_parameters, s.read.states.size(), true);
    auto path = flow.begin(orbit.y);
    if (!flow.follow(path, orbit.period, p, scale, rtol))
        throw Error(Fault::numerics, "the derivatives could not be followed over a period");
    const Return at = s.equations(flow, path, orbit.y, orbit.period, p, y0, scale);
    const auto solver = at.equations.colPivHouseholderQr();

    // How p and the initial state follow from the inputs.
    Graph graph = system.graph;
    std::vector<NodeId> starts = system.completed;
    starts.insert(starts.end(), system.derived_values.begin(), system.derived_values.end());
    const auto initial = starts.size();
    starts.insert(starts.end(), system.initial.begin(), system.initial.end());
    const auto by_input = gradients(graph, starts, By::parameters);
    std::vector<double> given(inputs.begin(), inputs.end());
    const auto derivative = [&](std::size_t start, std::uint32_t input) {
        for (const auto& [index, node] : by_input[start])
            if (index == input) return evaluate(graph, node, 0, {}, given);
        return 0.0;
    };

    std::vector<PeriodSensitivity> result;
    for (std::uint32_t input = 0; input < system.inputs.size(); ++input) {
        given.assign(inputs.begin(), inputs.end());
        given[input] = p[input];  // as if set, where an initial assignment computes it
        Values right = Values::Zero(at.equations.rows());
        const auto& read = flow.variation().parameters;
        for (std::size_t k = 0; k < read.size(); ++k) {
            const double change = derivative(read[k], input);
            if (change == 0) continue;
            const auto column = flow.by_parameter(path, k);
            for (long i = 0; i < s.n(); ++i)
                right[i] -= change * column[static_cast<std::size_t>(i)] /
                            scale[s.read.states[static_cast<std::size_t>(i)]];
        }
        for (std::size_t k = 0; k < s.totals().size(); ++k) {
            double change = 0, size = 0;
            for (const auto& [state, weight] : s.totals()[k]) {
                change += static_cast<double>(weight) * derivative(initial + state, input);
                size = std::hypot(size, static_cast<double>(weight) * scale[state]);
            }
            right[s.n() + 1 + static_cast<long>(k)] = change / size;
        }
        const bool is_start = system.inputs[input].kind == Input::Kind::initial_value;
        if (is_start && right.isZero(0)) continue;
        const Values answer = solver.solve(right);
        result.push_back({system.inputs[input].id, p[input], orbit.period * answer[s.n()]});
    }
    return result;
}

std::string OrbitFinder::why_no_cycle(std::span<const double> inputs, std::span<const double> y,
                                      double duration) const {
    if (!why_not().empty()) return "";
    const State& s = *state_;
    const auto [p, y0] = s.start(inputs);
    return describe_growth(s.flow(s.tangent, 1, false), y, p, s.scales(y, p, duration / 1000), duration);
}

}  // namespace rondo
