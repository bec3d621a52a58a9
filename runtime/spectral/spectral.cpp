#include "runtime/spectral/spectral.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "dsl/syntax/error.h"
#include "jit/steps.h"
#include "runtime/analytic/procedure.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

using Complex = std::complex<double>;
using Modes = std::vector<Complex>;

[[noreturn]] void fail(const std::string& what) {
    throw Error(Fault::input, "spectral " + what);
}

// a u_t + b u_x + c u_xx + rest(u, t, x) = 0
struct Semilinear {
    double a = 0, b = 0, c = 0;
};

Semilinear coefficients(const Residual& residual, const SpectralGrid& grid) {
    Graph graph = residual.graph;
    const Gradient gradient = gradients(graph, residual.roots, By::parameters)[0];
    Semilinear found;
    for (const auto& [index, slope] : gradient) {
        const auto* derivative = std::get_if<Derivative>(&residual.unknowns[index]);
        if (!derivative || derivative->by.empty()) continue;
        if (!graph.is_number(slope)) fail("needs an equation whose derivatives have constant factors");
        const auto& by = derivative->by;
        double* factor = by == std::vector{grid.time}                ? &found.a
                         : by == std::vector{grid.space}             ? &found.b
                         : by == std::vector{grid.space, grid.space} ? &found.c
                                                                     : nullptr;
        if (!factor) fail("needs an equation of first order in time, without mixed derivatives");
        *factor = graph[slope].value;
    }
    if (found.a == 0) fail("needs an equation with the derivative by time");
    return found;
}

// What is stepped: - rest / a at the grid's points.
class Rest {
  public:
    Rest(const Residual& residual, const SpectralGrid& grid, const Box& box, double a,
         const Executor& executor)
        : procedure_(procedure_of(residual), native_lanes()),
          factor_(-1 / a),
          executor_(executor),
          zeros_(grid.x.size()),
          time_(grid.x.size()),
          field_(grid.x.size()) {
        for (const auto& unknown : residual.unknowns) {
            const auto* derivative = std::get_if<Derivative>(&unknown);
            const auto* column = std::get_if<std::string>(&unknown);
            arguments_.emplace_back(derivative && derivative->by.empty()  ? field_
                                    : derivative                          ? zeros_
                                    : *column == box.axes[grid.time].name ? time_
                                                                          : grid.x);
        }
    }

    // field: real, in and out.
    void operator()(std::vector<double>& field, double time) {
        std::ranges::copy(field, field_.begin());
        std::ranges::fill(time_, time);
        field = procedure_.evaluate(arguments_, executor_)[0];
        for (double& value : field) value *= factor_;
    }

  private:
    static Procedure procedure_of(const Residual& residual) {
        Procedure procedure;
        procedure.graph = residual.graph;
        procedure.arguments = procedure.parameters = static_cast<std::uint32_t>(residual.unknowns.size());
        procedure.outputs = residual.roots;
        return procedure;
    }

    CompiledProcedure procedure_;
    double factor_;
    const Executor& executor_;
    std::vector<double> zeros_, time_, field_;
    std::vector<std::span<const double>> arguments_;
};

// The factors of ETDRK4 for one value of the linear part.
struct Factors {
    Complex whole, half, q, f1, f2, f3;
};

// Means over 64 points of the unit circle around h l: near 0 the formulas themselves lose all digits.
Factors factors(Complex l, double h) {
    constexpr int points = 64;
    Factors mean{std::exp(h * l), std::exp(0.5 * h * l), 0, 0, 0, 0};
    for (int i = 0; i < points; ++i) {
        const Complex z = h * l + std::polar(1.0, 2 * std::numbers::pi * (i + 0.5) / points);
        const Complex e = std::exp(z), cube = z * z * z;
        mean.q += (std::exp(0.5 * z) - 1.0) / z;
        mean.f1 += (-4.0 - z + e * (4.0 - 3.0 * z + z * z)) / cube;
        mean.f2 += (2.0 + z + e * (z - 2.0)) / cube;
        mean.f3 += (-4.0 - 3.0 * z - z * z + e * (4.0 - z)) / cube;
    }
    for (Complex* each : {&mean.q, &mean.f1, &mean.f2, &mean.f3}) *each *= h / points;
    return mean;
}

// The field's modes and how they are stepped.
class March {
  public:
    March(const Semilinear& equation, double length, const std::vector<double>& start, double h, Rest rest)
        : h_(h), rest_(std::move(rest)), field_(start) {
        const std::size_t n = start.size();
        fft_.fwd(v_, field_);
        for (std::size_t i = 0; i < n; ++i) {
            // The highest mode of an even number has no sign, so a first derivative does not see it.
            const double k = 2 * std::numbers::pi / length *
                             (static_cast<double>(i) - (2 * i > n ? static_cast<double>(n) : 0));
            const double odd = 2 * i == n ? 0 : equation.b * k;
            const Complex l = -Complex(-equation.c * k * k, odd) / equation.a;
            factors_.push_back(factors(l, h));
        }
    }

    void step(double t) {
        const std::size_t n = v_.size();
        const Modes nv = rest_of(v_, t);
        Modes a(n), b(n), c(n);
        for (std::size_t i = 0; i < n; ++i) a[i] = factors_[i].half * v_[i] + factors_[i].q * nv[i];
        const Modes na = rest_of(a, t + h_ / 2);
        for (std::size_t i = 0; i < n; ++i) b[i] = factors_[i].half * v_[i] + factors_[i].q * na[i];
        const Modes nb = rest_of(b, t + h_ / 2);
        for (std::size_t i = 0; i < n; ++i)
            c[i] = factors_[i].half * a[i] + factors_[i].q * (2.0 * nb[i] - nv[i]);
        const Modes nc = rest_of(c, t + h_);
        for (std::size_t i = 0; i < n; ++i) {
            const Factors& f = factors_[i];
            v_[i] = f.whole * v_[i] + f.f1 * nv[i] + 2.0 * f.f2 * (na[i] + nb[i]) + f.f3 * nc[i];
        }
    }

    const std::vector<double>& field() {
        fft_.inv(field_, v_);
        return field_;
    }

  private:
    Modes rest_of(const Modes& modes, double t) {
        Modes result;
        fft_.inv(field_, modes);
        rest_(field_, t);
        fft_.fwd(result, field_);
        return result;
    }

    double h_;
    Rest rest_;
    std::vector<double> field_;
    Modes v_;
    std::vector<Factors> factors_;
    Eigen::FFT<double> fft_;
};

}  // namespace

SpectralGrid spectral_grid(const Box& box, const SpectralOptions& options) {
    const auto names = box.names();
    const auto time = std::ranges::find(names, options.time);
    if (names.size() != 2 || time == names.end())
        fail("needs a box of two axes, one of them the time '" + options.time + "'");
    for (const Axis& axis : box.axes)
        if (axis.scale == Scale::log) fail("needs linear axes; '" + axis.name + "' is logarithmic");
    if (options.rows < 2 || options.steps % (options.rows - 1) != 0)
        fail("keeps " + std::to_string(options.rows) + " times, so steps must be a multiple of " +
             std::to_string(options.rows - 1) + ", not " + std::to_string(options.steps));
    SpectralGrid grid{static_cast<std::size_t>(time - names.begin()), time == names.begin() ? 1u : 0u, {}};
    const Axis& space = box.axes[grid.space];
    for (std::size_t i = 0; i < options.modes; ++i)
        grid.x.push_back(space.lower + (space.upper - space.lower) * static_cast<double>(i) /
                                           static_cast<double>(options.modes));
    return grid;
}

Table spectral(const Equation& equation, const Box& box, const std::vector<double>& start,
               const SpectralOptions& options, const Executor& executor) {
    const SpectralGrid grid = spectral_grid(box, options);
    if (equation.fields.size() != 1 || equation.residual.roots.size() != 1)
        fail("solves for one field alone");
    const Semilinear linear = coefficients(equation.residual, grid);
    const Axis &time = box.axes[grid.time], &space = box.axes[grid.space];
    const double h = (time.upper - time.lower) / static_cast<double>(options.steps);
    March march(linear, space.upper - space.lower, start, h,
                Rest(equation.residual, grid, box, linear.a, executor));
    std::vector<double> t, x, u;
    const std::size_t every = options.steps / (options.rows - 1);
    for (std::size_t i = 0; i <= options.steps; ++i) {
        const double now = time.lower + h * static_cast<double>(i);
        if (i % every == 0) {
            const auto& field = march.field();
            if (!std::ranges::all_of(field, [](double v) { return std::isfinite(v); }))
                throw Error(Fault::numerics, "spectral: the solution is not finite at " + time.name + " = " +
                                                 shortest(now) + "; try more steps");
            t.insert(t.end(), field.size(), now);
            x.insert(x.end(), grid.x.begin(), grid.x.end());
            u.insert(u.end(), field.begin(), field.end());
        }
        if (i < options.steps) {
            executor.throw_if_stopping();
            march.step(now);
        }
    }
    Table table;
    for (const Axis& axis : box.axes)
        table.set(axis.name, axis.name == time.name ? std::move(t) : std::move(x));
    table.set(equation.fields[0], std::move(u));
    return table;
}

}  // namespace rondo
