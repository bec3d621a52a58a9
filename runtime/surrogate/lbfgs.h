// lbfgs.h: minimises a smooth function of many variables with little memory.
//
// Source: Nocedal, Wright, "Numerical Optimization" (2nd edition), algorithms 7.4 and 7.5 (two-loop
// recursion), 3.5 and 3.6 (line search by the strong Wolfe conditions).
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <numeric>
#include <vector>

namespace rondo {

namespace lbfgs {

using Vector = std::vector<double>;

inline double dot(const Vector& a, const Vector& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

struct Pair {
    Vector step, change;  // of the point, of the gradient
    double curvature;     // step . change, > 0
};

// - H gradient, H the inverse Hessian as the pairs show it.
inline Vector direction(const Vector& gradient, const std::deque<Pair>& pairs) {
    Vector q = gradient;
    std::vector<double> alpha(pairs.size());
    for (std::size_t i = pairs.size(); i-- > 0;) {
        alpha[i] = dot(pairs[i].step, q) / pairs[i].curvature;
        for (std::size_t k = 0; k < q.size(); ++k) q[k] -= alpha[i] * pairs[i].change[k];
    }
    if (!pairs.empty()) {
        const double scale = pairs.back().curvature / dot(pairs.back().change, pairs.back().change);
        for (double& each : q) each *= scale;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const double beta = dot(pairs[i].change, q) / pairs[i].curvature;
        for (std::size_t k = 0; k < q.size(); ++k) q[k] += pairs[i].step[k] * (alpha[i] - beta);
    }
    for (double& each : q) each = -each;
    return q;
}

// Where a line was looked at: the function's value and slope at `length`.
struct Trial {
    double length, value, slope;
};

}  // namespace lbfgs

// From x, in place. value(x, gradient) gives the function and fills the gradient; accepted(value) is called
// after each iteration, x being the new point, and says whether to go on. Ends after `iterations`, when no
// step is found, or at a gradient of 0. Returns the iterations made.
template <class Value, class Accepted>
int minimise(std::vector<double>& x, const Value& value, int iterations, const Accepted& accepted) {
    using lbfgs::dot, lbfgs::Trial, lbfgs::Vector;
    constexpr std::size_t memory = 20;
    constexpr double sufficient = 1e-4, curvature = 0.9;
    constexpr int most_trials = 25;
    std::deque<lbfgs::Pair> pairs;
    Vector gradient(x.size()), there(x.size()), there_gradient(x.size());
    double now = value(x, gradient);
    for (int iteration = 0; iteration < iterations; ++iteration) {
        Vector along = lbfgs::direction(gradient, pairs);
        double slope = dot(along, gradient);
        if (!(slope < 0)) return iteration;
        const auto look = [&](double length) {
            for (std::size_t k = 0; k < x.size(); ++k) there[k] = x[k] + length * along[k];
            const double f = value(there, there_gradient);
            return Trial{length, f, dot(there_gradient, along)};
        };
        // Brackets a step that satisfies the strong Wolfe conditions, then bisects by quadratics.
        Trial low{0, now, slope}, high{-1, 0, 0};
        double length = pairs.empty() ? std::min(1.0, 1 / std::sqrt(dot(gradient, gradient))) : 1;
        bool found = false;
        for (int trial = 0; trial < most_trials && !found; ++trial) {
            const Trial t = look(length);
            const bool too_high = !(t.value <= now + sufficient * length * slope) || t.value >= low.value;
            if (!too_high && std::abs(t.slope) <= -curvature * slope) {
                found = true;
                low = t;
                break;
            }
            if (too_high) {
                high = t;
            } else if (high.length >= 0 && t.slope * (high.length - low.length) >= 0) {
                high = low;
                low = t;
            } else if (high.length < 0 && t.slope >= 0) {
                high = low;
                low = t;
            } else {
                low = t;
            }
            if (high.length < 0) {
                length *= 2;
                continue;
            }
            const double gap = high.length - low.length;
            const double bend = high.value - low.value - low.slope * gap;
            double part = bend > 0 ? -low.slope * gap / (2 * bend) : 0.5;
            if (!(part > 0.1 && part < 0.9)) part = 0.5;
            length = low.length + part * gap;
        }
        if (!found) {
            if (low.length <= 0) return iteration;
            low = look(low.length);  // lower than before, if not by Wolfe's conditions
        }
        lbfgs::Pair pair{Vector(x.size()), Vector(x.size()), 0};
        for (std::size_t k = 0; k < x.size(); ++k) {
            pair.step[k] = there[k] - x[k];
            pair.change[k] = there_gradient[k] - gradient[k];
        }
        pair.curvature = dot(pair.step, pair.change);
        if (pair.curvature > 1e-300) pairs.push_back(std::move(pair));
        if (pairs.size() > memory) pairs.pop_front();
        x = there;
        gradient = there_gradient;
        now = low.value;
        if (!accepted(now)) return iteration + 1;
    }
    return iterations;
}

}  // namespace rondo
