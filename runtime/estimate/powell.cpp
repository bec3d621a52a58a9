#include "runtime/estimate/powell.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rondo {
namespace {

using Handle = LazyFunction::Handle;

struct CallsSpent {};

// A place along a line.
struct Place {
    double a;
    Handle f;
};

class Powell {
  public:
    Powell(LazyFunction& function, std::vector<double> start, const PowellOptions& options)
        : f_(function), options_(options), n_(start.size()), x_(std::move(start)) {
        for (std::size_t i = 0; i < n_; ++i) {
            directions_.emplace_back(n_);
            directions_[i][i] = 1;
        }
    }

    PowellEnd run() {
        value_ = call(x_);
        try {
            for (std::vector<double> before = x_; iterate(before);) {
            }
        } catch (const CallsSpent&) {
        }
        return {x_, value_, calls_};
    }

  private:
    Handle call(std::vector<double> x) {
        if (options_.calls > 0 && calls_ >= options_.calls) throw CallsSpent();
        ++calls_;
        return f_.at(std::move(x));
    }

    // Searches along all directions, and along where they led together; false at the end.
    bool iterate(std::vector<double>& before) {
        const Handle start = value_;
        std::size_t steepest = 0;
        double most = 0;
        for (std::size_t i = 0; i < n_; ++i) {
            const Handle last = value_;
            std::vector<double> direction = directions_[i];
            search(direction);
            const double gain = f_.value(last) - f_.value(value_);
            if (gain > most) {
                most = gain;
                steepest = i;
            }
        }
        const double f0 = f_.value(start), f1 = f_.value(value_);
        if (2 * (f0 - f1) <= options_.ftol * (std::abs(f0) + std::abs(f1)) + 1e-20) return false;
        if (options_.calls > 0 && calls_ >= options_.calls) return false;
        if (std::isnan(f0) && std::isnan(f1)) return false;
        std::vector<double> along(n_), beyond(n_);
        for (std::size_t i = 0; i < n_; ++i) {
            along[i] = x_[i] - before[i];
            beyond[i] = x_[i] + along[i];
        }
        before = x_;
        const Handle extrapolated = call(std::move(beyond));
        if (f_.less(extrapolated, start)) {
            const double f2 = f_.value(extrapolated);
            const double lost = f0 - f1 - most, won = f0 - f2;
            if (2 * (f0 + f2 - 2 * f1) * (lost * lost) - most * won * won < 0)
                take_direction(steepest, std::move(along));
        }
        return true;
    }

    void take_direction(std::size_t place, std::vector<double> direction) {
        search(direction);
        if (std::ranges::all_of(direction, [](double d) { return d == 0; })) return;
        directions_[place] = directions_.back();
        directions_.back() = std::move(direction);
    }

    // Moves x_ along `direction`, which becomes the move.
    void search(std::vector<double>& direction);
    Place at(const std::vector<double>& direction, double a) {
        std::vector<double> x(n_);
        for (std::size_t i = 0; i < n_; ++i) x[i] = x_[i] + a * direction[i];
        return {a, call(std::move(x))};
    }
    bool bracket(const std::vector<double>& direction, std::array<Place, 3>& found);
    Place brent(const std::vector<double>& direction, const std::array<Place, 3>& found, double tolerance);

    LazyFunction& f_;
    const PowellOptions& options_;
    std::size_t n_, calls_ = 0;
    std::vector<double> x_;
    Handle value_ = 0;
    std::vector<std::vector<double>> directions_;
};

// From 0 and 1 downhill until the middle of three places is the lowest; whether it is.
bool Powell::bracket(const std::vector<double>& direction, std::array<Place, 3>& found) {
    constexpr double golden = 1.618034, tiny = 1e-21, most_growth = 110;
    constexpr int most_steps = 1000;
    auto& [a, b, c] = found;
    a = at(direction, 0);
    b = at(direction, 1);
    if (f_.less(a.f, b.f)) std::swap(a, b);
    c = at(direction, b.a + golden * (b.a - a.a));
    for (int step = 0; f_.less(c.f, b.f) && step <= most_steps; ++step) {
        const double fa = f_.value(a.f), fb = f_.value(b.f), fc = f_.value(c.f);
        const double t1 = (b.a - a.a) * (fb - fc), t2 = (b.a - c.a) * (fb - fa);
        const double denominator = 2 * (std::abs(t2 - t1) < tiny ? tiny : t2 - t1);
        double w = b.a - ((b.a - c.a) * t2 - (b.a - a.a) * t1) / denominator;
        const double limit = b.a + most_growth * (c.a - b.a);
        const auto golden_step = [&] { return at(direction, c.a + golden * (c.a - b.a)); };
        Place next;
        if ((w - c.a) * (b.a - w) > 0) {  // between b and c
            next = at(direction, w);
            if (f_.less(next.f, c.f)) {
                a = b;
                b = next;
                break;
            }
            if (f_.less(b.f, next.f)) {
                c = next;
                break;
            }
            next = golden_step();
        } else if ((w - limit) * (limit - c.a) >= 0) {
            next = at(direction, limit);
        } else if ((w - limit) * (c.a - w) > 0) {
            next = at(direction, w);
            if (f_.less(next.f, c.f)) {
                b = c;
                c = next;
                next = golden_step();
            }
        } else {
            next = golden_step();
        }
        a = b;
        b = c;
        c = next;
    }
    const bool lowest =
        (f_.less(b.f, c.f) && !f_.less(a.f, b.f)) || (f_.less(b.f, a.f) && !f_.less(c.f, b.f));
    const bool between = (a.a < b.a && b.a < c.a) || (c.a < b.a && b.a < a.a);
    return lowest && between && std::isfinite(a.a) && std::isfinite(c.a);
}

// Parabolas through the three best places, golden sections where those do not help.
Place Powell::brent(const std::vector<double>& direction, const std::array<Place, 3>& found,
                    double tolerance) {
    constexpr double least = 1e-11, section = 0.3819660;
    constexpr int most_steps = 500;
    Place x = found[1], w = x, v = x;
    double low = std::min(found[0].a, found[2].a), high = std::max(found[0].a, found[2].a);
    double before_last = 0, last = 0;  // moves
    for (int step = 0; step < most_steps; ++step) {
        const double tol1 = tolerance * std::abs(x.a) + least, tol2 = 2 * tol1, middle = 0.5 * (low + high);
        if (std::abs(x.a - middle) < tol2 - 0.5 * (high - low)) break;
        const auto golden_section = [&] {
            before_last = x.a >= middle ? low - x.a : high - x.a;
            last = section * before_last;
        };
        if (std::abs(before_last) <= tol1) {
            golden_section();
        } else {
            const double fx = f_.value(x.f), fw = f_.value(w.f), fv = f_.value(v.f);
            const double r = (x.a - w.a) * (fx - fv);
            double q = (x.a - v.a) * (fx - fw), p = (x.a - v.a) * q - (x.a - w.a) * r;
            q = 2 * (q - r);
            if (q > 0) p = -p;
            q = std::abs(q);
            const double then = before_last;
            before_last = last;
            if (p > q * (low - x.a) && p < q * (high - x.a) && std::abs(p) < std::abs(0.5 * q * then)) {
                last = p / q;
                const double u = x.a + last;
                if (u - low < tol2 || high - u < tol2) last = middle - x.a >= 0 ? tol1 : -tol1;
            } else {
                golden_section();
            }
        }
        const double move = std::abs(last) < tol1 ? (last >= 0 ? tol1 : -tol1) : last;
        const Place u = at(direction, x.a + move);
        if (f_.less(x.f, u.f)) {
            (u.a < x.a ? low : high) = u.a;
            if (!f_.less(w.f, u.f) || w.a == x.a) {
                v = w;
                w = u;
            } else if (!f_.less(v.f, u.f) || v.a == x.a || v.a == w.a) {
                v = u;
            }
        } else {
            (u.a >= x.a ? low : high) = x.a;
            v = w;
            w = x;
            x = u;
        }
    }
    return x;
}

void Powell::search(std::vector<double>& direction) {
    if (std::ranges::all_of(direction, [](double d) { return d == 0; })) return;
    std::array<Place, 3> three{};
    Place best;
    if (bracket(direction, three)) {
        best = brent(direction, three, options_.xtol * 100);
    } else {
        best = *std::ranges::min_element(three,
                                         [&](const Place& p, const Place& q) { return f_.less(p.f, q.f); });
    }
    for (std::size_t i = 0; i < n_; ++i) {
        direction[i] *= best.a;
        x_[i] += direction[i];
    }
    value_ = best.f;
}

}  // namespace

PowellEnd powell(LazyFunction& function, std::vector<double> start, const PowellOptions& options) {
    return Powell(function, std::move(start), options).run();
}

}  // namespace rondo
