#include "runtime/steady/rest.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/steady/newton.h"

namespace rondo {
namespace {

// The largest difference, against |b|, but at least a millionth of the largest of all.
double distance(std::span<const double> a, std::span<const double> b) {
    double largest = 0, result = 0;
    for (const double value : b) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double scale = std::max(std::abs(b[i]), 1e-6 * largest);
        if (scale > 0) result = std::max(result, std::abs(a[i] - b[i]) / scale);
    }
    return result;
}

// Whether the right-hand side changes with time alone, beside jumps that come to an end.
bool moves_in_time(const OdeSystem& system) {
    Graph graph = system.graph;
    const auto reads = [](const Gradient& gradient) {
        return !gradient.empty() && gradient.back().first == time_state;
    };
    return !system.frequencies.empty() ||
           std::ranges::any_of(gradients(graph, system.rhs, By::states_and_time), reads);
}

// Whether a mode is to change with time alone. kept: [parameters] of the run
bool jumps_later(const CompiledModel& model, std::span<const double> y, std::span<const double> kept) {
    constexpr double late = 1e30;
    const OdeSystem& system = model.system();
    std::vector<double> then(system.modes.size());
    if (!then.empty()) model.code().modes(&late, y.data(), kept.data(), then.data());
    return !std::ranges::equal(then, kept.subspan(system.first_mode, then.size()));
}

// Stops a run that rests, or that Newton's iteration takes to where it will: rounding and tolerances may keep
// a stiff run from rest for ever. What is slow hardly moves between two looks; Newton's way is long then.
class Watcher : public Observer {
  public:
    // equations: null where they move in time; p: theirs, kept up to date.
    Watcher(const SteadyEquations* equations, std::span<double> p, RestState& rest)
        : equations_(equations), p_(p), rest_(rest) {}

    LaneMask start(const Step& now) override {
        first_.assign(now.y.begin(), now.y.end());
        rest_.y = first_;
        next_ = 0;
        calm_ = 0;
        see(now);
        std::vector<double> rate(now.y.size());
        now.model->code().rhs(now.t1.data(), now.y.data(), now.p.data(), rate.data());
        return std::ranges::all_of(rate, [](double v) { return v == 0; }) ? 1 : 0;
    }
    LaneMask step(const Step& now) override {
        constexpr double same = 1e-8, slow = 1e-3;
        if (now.t1[0] < next_) return 0;
        see(now);
        const double change = distance(rest_.y, now.y);
        calm_ = change < same ? calm_ + 1 : 0;
        rest_.y.assign(now.y.begin(), now.y.end());
        next_ = 2 * now.t1[0];
        const bool calm = calm_ == 2;
        return (change < slow && (calm || !jumps_later(*now.model, now.y, now.p)) && go_to_zero(calm)) ||
               calm;
    }

  private:
    void see(const Step& now) {
        rest_.t = now.t1[0];
        std::ranges::copy(now.p, p_.begin());
    }
    bool go_to_zero(bool calm) {
        constexpr double near = 1e-4;
        auto zero = equations_ ? equations_->find(rest_.y, first_, 1e-10) : std::nullopt;
        if (!zero || distance(zero->y, rest_.y) > near || !(zero->stable || calm)) return false;
        rest_.y = std::move(zero->y);
        return true;
    }
    const SteadyEquations* const equations_;
    const std::span<double> p_;
    RestState& rest_;
    std::vector<double> first_;
    double next_ = 0;
    int calm_ = 0;
};

}  // namespace

RestSearch::RestSearch(std::shared_ptr<const CompiledModel> model)
    : model_(std::move(model)),
      integrator_(*model_),
      p_(model_->parameter_count()),
      equations_(std::make_unique<SteadyEquations>(*model_, p_)),
      moves_(moves_in_time(model_->system())) {}

RestSearch::RestSearch(std::shared_ptr<const SlopeCode> slopes)
    : slopes_(std::move(slopes)),
      model_(slopes_->shared_model()),
      integrator_(*slopes_),
      p_(model_->parameter_count()),
      equations_(std::make_unique<SteadyEquations>(*model_, p_)),
      moves_(moves_in_time(model_->system())) {}

RestSearch::~RestSearch() = default;

RestState RestSearch::find(std::span<const double> inputs, const IntegrateOptions& options,
                           std::span<const Intervention> changes) {
    RestState rest;
    Watcher watcher(moves_ ? nullptr : equations_.get(), p_, rest);
    const Outcome outcome =
        integrator_.run(inputs, 0, std::numeric_limits<double>::infinity(), options, watcher, changes);
    rest.p = p_;
    rest.rhs_calls = outcome.rhs_calls;
    if (outcome.kind != Outcome::Kind::stopped)
        rest.failure =
            "the run comes to no rest: " + describe(outcome, std::numeric_limits<double>::infinity());
    return rest;
}

// Columns in units of the state's magnitudes, rows of length 1, so that the rank means something.
bool RestSearch::solve(const RestState& rest, Slopes& slopes) const {
    using Eigen::Index;
    const OdeSystem& system = model_->system();
    const auto n = static_cast<Index>(rest.y.size()), count = static_cast<Index>(slopes.count);
    double largest = 0;
    for (const double y : rest.y) largest = std::max(largest, std::abs(y));
    Eigen::VectorXd scale(n);
    for (Index i = 0; i < n; ++i)
        scale[i] = std::max(std::abs(rest.y[static_cast<std::size_t>(i)]), largest > 0 ? 1e-6 * largest : 1);
    const auto& totals = equations_->totals();
    const auto rows = n + std::ssize(totals);
    Eigen::MatrixXd left = Eigen::MatrixXd::Zero(rows, n), right = Eigen::MatrixXd::Zero(rows, count);
    std::vector<double> values(system.row_index.size());
    model_->code().jacobian(&rest.t, rest.y.data(), rest.p.data(), values.data());
    for (Index column = 0; column < n; ++column)
        for (auto k = system.column_start[static_cast<std::size_t>(column)];
             k < system.column_start[static_cast<std::size_t>(column) + 1]; ++k)
            left(system.row_index[k], column) = values[k] * scale[column];
    const SlopeCode::Matrix& by_p = slopes_->by_parameters();
    values.resize(by_p.row_index.size());
    slopes_->by_parameters(rest.t, rest.y.data(), rest.p.data(), values.data());
    for (Index k = 0; k < count; ++k)
        for (std::size_t column = 0; column < by_p.columns.size(); ++column) {
            const double change =
                slopes.p[static_cast<std::size_t>(k) * rest.p.size() + by_p.columns[column]];
            for (auto i = by_p.column_start[column]; change != 0 && i < by_p.column_start[column + 1]; ++i)
                right(by_p.row_index[i], k) -= change * values[i];
        }
    for (std::size_t i = 0; i < totals.size(); ++i)
        for (const auto& [state, weight] : totals[i]) {
            const auto row = n + static_cast<Index>(i);
            left(row, state) = static_cast<double>(weight) * scale[state];
            for (Index k = 0; k < count; ++k)
                right(row, k) +=
                    static_cast<double>(weight) * slopes.y[static_cast<std::size_t>(k * n) + state];
        }
    for (Index row = 0; row < rows; ++row) {
        const double length = left.row(row).norm();
        if (length == 0) continue;
        left.row(row) /= length;
        right.row(row) /= length;
    }
    if (!left.allFinite() || !right.allFinite()) return false;
    const auto factors = left.completeOrthogonalDecomposition();
    if (factors.rank() < n) return false;
    const Eigen::MatrixXd answer = scale.asDiagonal() * factors.solve(right);
    std::copy(answer.data(), answer.data() + answer.size(), slopes.y.begin());
    return true;
}

namespace {

// The slopes where a run ends.
class Last : public Observer {
  public:
    explicit Last(Slopes& slopes) : slopes_(slopes) {}
    LaneMask start(const Step& now) override { return step(now); }
    LaneMask step(const Step& now) override {
        now.slopes(now.t1[0], slopes_.y);
        return 0;
    }

  private:
    Slopes& slopes_;
};

}  // namespace

bool RestSearch::follow(RestState& rest, Slopes& slopes, std::span<const double> inputs,
                        const IntegrateOptions& options, std::span<const Intervention> changes) {
    if (slopes.count == 0 || rest.y.empty() || solve(rest, slopes)) return true;
    if (!(rest.t > 0)) return true;  // it never moved
    Last last(slopes);
    const Slopes start = slopes;
    const Outcome outcome = integrator_.run(inputs, 0, rest.t, options, last, changes, &start);
    rest.rhs_calls += outcome.rhs_calls;
    return outcome.kind != Outcome::Kind::failed;
}

}  // namespace rondo
