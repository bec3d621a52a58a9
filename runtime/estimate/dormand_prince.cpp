#include "runtime/estimate/dormand_prince.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rondo {
namespace {

constexpr int stage_count = 7;  // the last is the slope at the step's end
constexpr std::array<double, stage_count> c{0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
constexpr double a[stage_count][stage_count - 1] = {
    {},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
};
// The fifth order less the fourth.
constexpr std::array<double, stage_count> e{-71.0 / 57600,    0,           71.0 / 16695, -71.0 / 1920,
                                            17253.0 / 339200, -22.0 / 525, 1.0 / 40};
// Of the continuous extension (Hairer, Norsett and Wanner, II.6).
constexpr std::array<double, stage_count> d{-12715105075.0 / 11282082432.0,  0,
                                            87487479700.0 / 32700410799.0,   -10690763975.0 / 1880347072.0,
                                            701980252875.0 / 199316789632.0, -1453857185.0 / 822651844.0,
                                            69997945.0 / 29380423.0};

constexpr double safety = 0.9, least_factor = 0.2, most_factor = 10, exponent = -1.0 / 5;

double ulp(double t) {
    return std::nextafter(t, std::numeric_limits<double>::infinity()) - t;
}

}  // namespace

DormandPrince::DormandPrince(const CompiledModel& model, const StepControl& control)
    : model_(&model),
      control_(control),
      n_(model.state_count()),
      memory_(rows * n_),
      p_(model.parameter_count()) {}

void DormandPrince::start(std::span<const double> inputs, double t0) {
    std::fill(p_.begin(), p_.end(), std::numeric_limits<double>::quiet_NaN());  // modes: none held
    std::copy(inputs.begin(), inputs.end(), p_.begin());
    model_->code().initialize(&t0, p_.data(), row(y_row));
    const auto& system = model_->system();
    std::fill_n(p_.begin() + static_cast<std::ptrdiff_t>(system.first_mode), system.modes.size(),
                std::numeric_limits<double>::quiet_NaN());
    std::copy_n(row(y_row), n_, row(state_row));
    t_ = last_t_ = read_at_ = t0;
    begun_ = false;
    calls_ = 0;
}

void DormandPrince::slope(double t, const double* y, double* dydt) {
    model_->code().rhs(&t, y, p_.data(), dydt);
    ++calls_;
}

void DormandPrince::begin(double end) {
    slope(t_, row(y_row), row(slope_row));
    h_ = first_step(end);
}

double DormandPrince::first_step(double end) {
    const double *y = row(y_row), *f = row(slope_row);
    const auto norm = [&](auto value) {
        double sum = 0;
        for (std::size_t i = 0; i < n_; ++i) {
            const double scaled = value(i) / (control_.atol + std::abs(y[i]) * control_.rtol);
            sum += scaled * scaled;
        }
        return std::sqrt(sum) / std::sqrt(static_cast<double>(n_));
    };
    const double size = norm([&](std::size_t i) { return y[i]; });
    const double speed = norm([&](std::size_t i) { return f[i]; });
    double guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed;
    guess = std::min(guess, end - t_);
    double *probe = row(next_row), *probe_slope = row(slope_row + 1);
    for (std::size_t i = 0; i < n_; ++i) probe[i] = y[i] + guess * f[i];
    slope(t_ + guess, probe, probe_slope);
    const double bend = norm([&](std::size_t i) { return probe_slope[i] - f[i]; }) / guess;
    const double step = speed <= 1e-15 && bend <= 1e-15 ? std::max(1e-6, guess * 1e-3)
                                                        : std::pow(0.01 / std::max(speed, bend), -exponent);
    return std::min({100 * guess, step, end - t_, control_.max_step});
}

void DormandPrince::stages(double h) {
    const double* y = row(y_row);
    double* next = row(next_row);
    for (int stage = 1; stage < stage_count; ++stage) {
        for (std::size_t i = 0; i < n_; ++i) {
            double sum = 0;
            for (int s = 0; s < stage; ++s)
                sum += a[stage][s] * row(slope_row)[static_cast<std::size_t>(s) * n_ + i];
            next[i] = y[i] + sum * h;
        }
        slope(t_ + c[static_cast<std::size_t>(stage)] * h, next,
              row(slope_row + static_cast<std::size_t>(stage)));
    }
}

double DormandPrince::error(double h) const {
    const double *y = row(y_row), *next = row(next_row), *k = row(slope_row);
    double sum = 0;
    for (std::size_t i = 0; i < n_; ++i) {
        double difference = 0;
        for (std::size_t s = 0; s < stage_count; ++s) difference += e[s] * k[s * n_ + i];
        const double scale = control_.atol + std::max(std::abs(y[i]), std::abs(next[i])) * control_.rtol;
        const double scaled = difference * h / scale;
        sum += scaled * scaled;
    }
    return std::sqrt(sum) / std::sqrt(static_cast<double>(n_));
}

// One step that is accepted. The slopes stay for interpolate(); y_row is moved by whoever goes on.
bool DormandPrince::step(double end) {
    const double least = 10 * ulp(t_);
    h_ = std::clamp(h_, least, std::max(control_.max_step, least));
    for (bool rejected = false;; rejected = true) {
        if (h_ < least || --attempts_left_ < 0) return false;
        const double t_new = std::min(t_ + h_, end);
        const double h = h_ = t_new - t_;
        stages(h);
        const double err = error(h);
        if (err < 1) {
            double factor = err == 0 ? most_factor : std::min(most_factor, safety * std::pow(err, exponent));
            if (rejected) factor = std::min(1.0, factor);
            h_ *= factor;
            last_t_ = t_;
            t_ = t_new;
            return true;
        }
        const double factor = safety * std::pow(err, exponent);
        h_ *= factor > least_factor ? factor : least_factor;  // NaN too
    }
}

bool DormandPrince::restart_to(double end) {
    attempts_left_ = control_.max_attempts;
    begin(end);
    while (t_ < end) {
        if (!step(end)) return false;
        std::copy_n(row(next_row), n_, row(y_row));
        std::copy_n(row(slope_row + 6), n_, row(slope_row));
    }
    std::copy_n(row(y_row), n_, row(state_row));
    read_at_ = end;
    return true;
}

// Between calls the last step is kept whole: y at its begin, its slopes, and next_row at its end.
bool DormandPrince::pass(double time, double end) {
    attempts_left_ = control_.max_attempts;
    while (t_ < time) {
        if (!begun_) {
            begin(end);
        } else {
            std::copy_n(row(next_row), n_, row(y_row));
            std::copy_n(row(slope_row + 6), n_, row(slope_row));
        }
        begun_ = true;
        if (!step(end)) return false;
    }
    if (begun_) interpolate(time);
    read_at_ = time;
    return true;
}

void DormandPrince::interpolate(double time) {
    const double h = t_ - last_t_, theta = (time - last_t_) / h, rest = 1 - theta;
    const double *y = row(y_row), *next = row(next_row), *k = row(slope_row);
    double* out = row(state_row);
    for (std::size_t i = 0; i < n_; ++i) {
        const double rise = next[i] - y[i];
        const double bend = h * k[i] - rise;
        const double twist = rise - h * k[6 * n_ + i] - bend;
        double fifth = 0;
        for (std::size_t s = 0; s < stage_count; ++s) fifth += d[s] * k[s * n_ + i];
        out[i] = y[i] + theta * (rise + rest * (bend + theta * (twist + rest * h * fifth)));
    }
}

}  // namespace rondo
