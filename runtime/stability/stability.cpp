// stability.cpp: fixed points from many starts, and their leading eigenvalues.
#include "runtime/stability/stability.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>

#include "runtime/label/rest.h"
#include "runtime/sample/box.h"
#include "runtime/simulate/points.h"

namespace rondo {

namespace {

constexpr std::size_t starts = 64, always = 32;  // the others where something is overlooked
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

double log_of(double value) {
    return std::log(std::max(value, 1e-12));
}

// An odd number of real modes grows: of index -1, as what parts two basins.
bool is_saddle(const Rest& rest) {
    return std::ranges::count_if(rest.eigenvalues,
                                 [](auto value) { return value.imag() == 0 && value.real() > 0; }) %
               2 ==
           1;
}

int index_sum(const std::vector<Rest>& found) {
    const auto saddles = static_cast<int>(std::ranges::count_if(found, is_saddle));
    return static_cast<int>(found.size()) - 2 * saddles;
}

// What the right-hand sides divide by, as far as states enter.
std::vector<NodeId> denominators(const OdeSystem& system) {
    std::vector<bool> varies(system.graph.size());
    std::vector<NodeId> found;
    for (const NodeId id : reachable(system.graph, system.rhs)) {
        const Node node = system.graph[id];
        const auto operands = system.graph.operands(id);
        varies[id] = (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::state) ||
                     std::ranges::any_of(operands, [&](NodeId operand) { return varies[operand]; });
        if (node.op == Op::divide && varies[operands[1]]) found.push_back(operands[1]);
    }
    return found;
}

class Finder {
  public:
    explicit Finder(const Model& model)
        : code_(model.compiled(model.default_outputs())),
          rests_(*code_),
          denominators_(denominators(code_->system())),
          factors_(factors(rests_.states().size())) {
        if (rests_.driven())
            throw Error(Fault::unsupported,
                        "'" + model.network().id + "' has no fixed points: time enters its equations");
        const auto add = [&](const std::string& which, std::initializer_list<const char*> quantities) {
            for (const char* each : quantities) columns_.push_back(which + each);
            for (const auto state : rests_.states())
                columns_.push_back(which + code_->system().states[state]);
        };
        add("least_stable_", {"damping", "rate", "turning"});
        add("most_stable_", {"damping", "rate", "turning"});
        add("saddle_", {"rate", "side"});
    }

    const std::vector<std::string>& columns() const { return columns_; }

    std::vector<double> describe(const std::vector<double>& inputs) const {
        std::vector<double> p(code_->parameter_count()), start(code_->state_count());
        std::copy(inputs.begin(), inputs.end(), p.begin());
        const double t = 0;
        code_->code().initialize(&t, p.data(), start.data());
        std::vector<Rest> found = all(p, start);
        std::vector<double> row(columns_.size());
        if (found.empty()) return row;
        for (const Rest& rest : found) ++row[rest.stable ? 0 : 1];
        const auto saddles = std::stable_partition(found.begin(), found.end(), std::not_fn(is_saddle));
        const auto end = saddles == found.begin() ? found.end() : saddles;
        const auto [most_stable, least_stable] = std::minmax_element(
            found.begin(), end, [](const Rest& a, const Rest& b) { return damping(a) < damping(b); });
        auto at = row.begin() + 2;
        const auto put_states = [&](const Rest& rest) {
            for (const auto state : rests_.states()) *at++ = log_of(rest.y[state]);
        };
        for (const auto which : {least_stable, most_stable}) {
            const auto value = leading(*which);
            *at++ = damping(*which);
            *at++ = log_of(std::abs(value));
            *at++ = std::sqrt(std::abs(value.imag()) / (2 * std::numbers::pi));
            put_states(*which);
        }
        if (saddles == found.end()) return row;
        const auto saddle = std::max_element(saddles, found.end(), [](const Rest& a, const Rest& b) {
            return leading(a).real() < leading(b).real();
        });
        *at++ = log_of(leading(*saddle).real());
        *at++ = side(*saddle, *most_stable, start);
        put_states(*saddle);
        return row;
    }

  private:
    // Along the mode in which deviations from the saddle grow: 0 on the border (to first order), towards -1
    // as far as the most stable one is and farther, towards 1 on the other side.
    double side(const Rest& saddle, const Rest& most_stable, const std::vector<double>& start) const {
        const auto mode = std::ranges::find(saddle.eigenvalues, leading(saddle)) - saddle.eigenvalues.begin();
        const auto along = [&](const std::vector<double>& y) {
            return saddle.to_modes.row(mode).dot(rests_.deviation(saddle, y));
        };
        const double here = along(start), there = along(most_stable.y);
        const double size = std::abs(here) + std::abs(there);
        return size > 0 ? -std::copysign(here, here * there) / size : 0;
    }

    std::vector<Rest> all(const std::vector<double>& p, const std::vector<double>& start) const {
        const auto sides = divided_by(p, start);
        std::vector<Rest> found, elsewhere;  // elsewhere: where no run gets
        const auto look = [&](const std::vector<double>& factor, const std::vector<Rest>& known) {
            std::vector<double> from = start, scale(start.size(), 1);
            for (std::size_t i = 0; i < factor.size(); ++i) {
                double& state = from[rests_.states()[i]];
                state = factor[i] * (std::abs(state) > 0 ? std::abs(state) : 1);
                scale[rests_.states()[i]] = state;
            }
            auto rest = rests_.find(from, p, scale, known);
            if (!rest || rest->eigenvalues.empty()) return;
            auto& place = counts(*rest, p, sides) ? found : elsewhere;
            if (is_new(*rest, place)) place.push_back(std::move(*rest));
        };
        for (std::size_t k = 0; k < always; ++k) look(factors_[k], {});
        // Where all runs stay within bounds the indices sum up to 1 (Poincare, Hopf): else some are
        // overlooked.
        for (auto factor = factors_.begin(); factor != factors_.end() && index_sum(found) != 1; ++factor) {
            std::vector<Rest> known = found;
            known.insert(known.end(), elsewhere.begin(), elsewhere.end());
            look(*factor, known);
        }
        return found;
    }

    std::vector<double> divided_by(const std::vector<double>& p, const std::vector<double>& y) const {
        std::vector<double> values(denominators_.size());
        evaluate(code_->system().graph, denominators_, 0, y, p, values);
        return values;
    }

    // No state is negative, and no pole parts it from the start, where the equations divide by `sides`: no
    // run would get there.
    bool counts(const Rest& rest, const std::vector<double>& p, const std::vector<double>& sides) const {
        const auto there = divided_by(p, rest.y);
        for (std::size_t i = 0; i < sides.size(); ++i)
            if (sides[i] * there[i] < 0) return false;
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
    std::vector<NodeId> denominators_;
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
