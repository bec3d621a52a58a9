// stability.cpp: fixed points from many starts, and their leading eigenvalues.
#include "runtime/stability/stability.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "runtime/label/rest.h"
#include "runtime/sample/box.h"
#include "runtime/simulate/points.h"

namespace rondo {

namespace {

constexpr std::size_t starts = 16;
constexpr double span = 1e3;

// Where Newton's iteration starts, as factors of each state's size: 1, then even in the logarithm.
std::vector<std::vector<double>> factors(std::size_t states) {
    Box box;
    for (std::size_t i = 0; i < states; ++i)
        box.axes.push_back({std::to_string(i), 1 / span, span, Scale::log});
    std::vector<std::vector<double>> result{std::vector<double>(states, 1)};
    if (states == 0) return result;
    const Table points = sobol(box, starts - 1, 1);
    for (std::size_t row = 0; row < points.rows(); ++row) {
        result.emplace_back();
        for (const Axis& axis : box.axes) result.back().push_back(points.numbers(axis.name)[row]);
    }
    return result;
}

std::complex<double> leading(const Rest& rest) {
    return *std::max_element(rest.eigenvalues.begin(), rest.eigenvalues.end(),
                             [](auto a, auto b) { return a.real() < b.real(); });
}

double damping(const Rest& rest) {
    const auto value = leading(rest);
    return std::abs(value) > 0 ? value.real() / std::abs(value) : 0;
}

class Finder {
  public:
    explicit Finder(const Model& model)
        : code_(model.compiled(model.default_outputs())),
          rests_(*code_),
          factors_(factors(rests_.states().size())) {
        if (rests_.driven())
            throw Error(Fault::unsupported,
                        "'" + model.network().id + "' has no fixed points: time enters its equations");
        for (const std::string which : {"loose_", "firm_"}) {
            for (const char* each : {"damping", "rate", "turning"}) columns_.push_back(which + each);
            for (const auto state : rests_.states())
                columns_.push_back(which + code_->system().states[state]);
        }
    }

    const std::vector<std::string>& columns() const { return columns_; }

    std::vector<double> describe(const std::vector<double>& inputs) const {
        const std::vector<Rest> found = all(inputs);
        std::vector<double> row(columns_.size());
        if (found.empty()) return row;
        for (const Rest& rest : found) ++row[rest.stable ? 0 : 1];
        const auto firm = std::min_element(found.begin(), found.end(), less);
        const auto loose = std::max_element(found.begin(), found.end(), less);
        std::size_t at = 2;
        for (const auto which : {loose, firm}) {
            const auto value = leading(*which);
            row[at++] = damping(*which);
            row[at++] = std::log(std::max(std::abs(value), 1e-12));
            row[at++] = std::sqrt(std::abs(value.imag()) / (2 * std::numbers::pi));
            for (const auto state : rests_.states()) row[at++] = std::log(std::max(which->y[state], 1e-12));
        }
        return row;
    }

  private:
    static bool less(const Rest& a, const Rest& b) { return damping(a) < damping(b); }

    std::vector<Rest> all(const std::vector<double>& inputs) const {
        std::vector<double> p(code_->parameter_count()), y(code_->state_count());
        std::copy(inputs.begin(), inputs.end(), p.begin());
        const double t = 0;
        code_->code().initialize(&t, p.data(), y.data());
        std::vector<Rest> found;
        for (const auto& factor : factors_) {
            std::vector<double> from = y, scale(y.size(), 1);
            for (std::size_t i = 0; i < factor.size(); ++i) {
                double& state = from[rests_.states()[i]];
                state = factor[i] * (std::abs(state) > 0 ? std::abs(state) : 1);
                scale[rests_.states()[i]] = state;
            }
            auto rest = rests_.find(from, p, scale);
            if (rest && !rest->eigenvalues.empty() && counts(*rest) && is_new(*rest, found))
                found.push_back(std::move(*rest));
        }
        return found;
    }

    bool counts(const Rest& rest) const {
        return std::ranges::all_of(rests_.states(), [&](auto state) { return rest.y[state] >= 0; });
    }

    bool is_new(const Rest& rest, const std::vector<Rest>& found) const {
        constexpr double apart = 1e-6;
        return std::ranges::none_of(found, [&](const Rest& other) {
            return std::ranges::all_of(rests_.states(), [&](auto state) {
                return std::abs(rest.y[state] - other.y[state]) <= apart * (rest.y[state] + other.y[state]);
            });
        });
    }

    std::shared_ptr<const CompiledModel> code_;
    RestFinder rests_;
    std::vector<std::vector<double>> factors_;
    std::vector<std::string> columns_{"rests_stable", "rests_unstable"};
};

}  // namespace

std::vector<std::string> stability_columns(const Model& model) {
    return Finder(model).columns();
}

Table with_stability(const Model& model, const Table& points, const std::string& source,
                     const Executor& executor) {
    const auto inputs = point_inputs(model, points, match_columns(model.system(), points, source), source);
    const Finder finder(model);
    const auto names = finder.columns();
    std::vector<std::vector<double>> rows(inputs.size());
    executor.map("fixed points", inputs.size(),
                 [&](int, std::size_t row) { rows[row] = finder.describe(inputs[row]); });
    Table result = points;
    for (std::size_t c = 0; c < names.size(); ++c) {
        std::vector<double> column;
        for (const auto& row : rows) column.push_back(row[c]);
        result.set(names[c], std::move(column));
    }
    return result;
}

Table with_stability(const std::string& antimony, const Table& points, const std::string& source,
                     const Executor& executor) {
    return with_stability(read_model(antimony, "the surrogate's model"), points, source, executor);
}

}  // namespace rondo
