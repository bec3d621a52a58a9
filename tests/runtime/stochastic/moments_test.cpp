// Means and deviations that are known from mathematics.
#include "runtime/stochastic/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/runtime/stochastic/ensemble.h"

namespace rondo::test {
namespace {

constexpr JumpMethod methods[] = {JumpMethod::direct, JumpMethod::next_reaction};
constexpr std::size_t runs = 10000;

struct Expected {
    double mean, variance;
};

// A sample's mean and variance stray: within five of their own deviations (variance / n; about 2 variance^2 /
// n for what is nearly normal) a correct simulator stays but once in a million points.
void expect_moments(const Table& table, const std::string& name,
                    const std::function<Expected(double t)>& expected) {
    const auto time = table.numbers("time"), mean = table.numbers(name + "_mean"),
               sd = table.numbers(name + "_sd");
    for (std::size_t row = 0; row < time.size(); ++row) {
        const auto [m, v] = expected(time[row]);
        EXPECT_NEAR(mean[row], m, 5 * std::sqrt(v / runs)) << name << " at " << time[row];
        EXPECT_NEAR(sd[row] * sd[row], v, 5 * v * std::sqrt(2.0 / runs)) << name << " at " << time[row];
    }
}

// Bailey, The Elements of Stochastic Processes (1964), section 8.6.
TEST(StochasticMoments, BirthAndDeath) {
    constexpr double birth = 0.1, death = 0.11, x0 = 100;
    for (const auto method : methods) {
        SCOPED_TRACE(static_cast<int>(method));
        const Table table = moments_of("species X = 100; X -> 2 X; 0.1*X; X -> ; 0.11*X",
                                       {.end = 50, .runs = runs, .method = method});
        expect_moments(table, "X", [](double t) {
            const double growth = std::exp((birth - death) * t);
            return Expected{x0 * growth, x0 * (birth + death) / (birth - death) * growth * (growth - 1)};
        });
    }
}

// From nothing: Poisson at all times, of mean (k/d)(1 - exp(-d t)).
TEST(StochasticMoments, ImmigrationAndDeathInAVolume) {
    for (const auto method : methods) {
        const Table table =
            moments_of("compartment C = 2; species X in C = 0; -> X; 3; X -> ; 0.25*X*C",
                       {.end = 20, .runs = runs, .select = {"amount(X)", "X"}, .method = method});
        const auto mean = [](double t) { return 12 * (1 - std::exp(-0.25 * t)); };
        expect_moments(table, "amount(X)", [&](double t) { return Expected{mean(t), mean(t)}; });
        expect_moments(table, "X", [&](double t) { return Expected{mean(t) / 2, mean(t) / 4}; });
    }
}

// d P(n)/dt of 2 P <-> P2 over all its states, by fourth-order Runge-Kutta of a small step.
TEST(StochasticMoments, DimerisationByItsMasterEquation) {
    constexpr int most = 15;  // dimers, of 30 P
    constexpr double k1 = 0.01, k2 = 0.05, dt = 1e-3;
    using State = std::array<double, most + 1>;
    const auto slope = [&](const State& p) {
        State d{};
        for (int n = 0; n <= most; ++n) {
            const double free = 30 - 2 * n, bind = k1 * free * (free - 1) / 2 * p[n], split = k2 * n * p[n];
            d[n] -= bind + split;
            if (n < most) d[n + 1] += bind;
            if (n > 0) d[n - 1] += split;
        }
        return d;
    };
    const auto moved = [](const State& p, const State& d, double h) {
        State result;
        for (int n = 0; n <= most; ++n) result[n] = p[n] + h * d[n];
        return result;
    };
    const auto at = [&](double end) {
        State p{1};
        for (int step = 0; step < std::lround(end / dt); ++step) {
            const State a = slope(p), b = slope(moved(p, a, dt / 2)), c = slope(moved(p, b, dt / 2)),
                        d = slope(moved(p, c, dt));
            for (int n = 0; n <= most; ++n) p[n] += dt / 6 * (a[n] + 2 * b[n] + 2 * c[n] + d[n]);
        }
        Expected result{0, 0};
        for (int n = 0; n <= most; ++n) result.mean += n * p[n];
        for (int n = 0; n <= most; ++n) result.variance += std::pow(n - result.mean, 2) * p[n];
        return result;
    };
    for (const auto method : methods) {
        const Table table = moments_of("species P = 30, D = 0; 2 P -> D; 0.01*P*(P - 1)/2; D -> 2 P; 0.05*D",
                                       {.end = 10, .points = 6, .runs = runs, .method = method});
        expect_moments(table, "D", at);
    }
}

// Molecules that go along a chain, each alone: at each place their number is binomial.
TEST(StochasticMoments, ALongChainIsMultinomial) {
    std::string text = "species S0 = 50; ";
    for (int i = 0; i < 40; ++i) {
        const std::string from = "S" + std::to_string(i), to = "S" + std::to_string(i + 1);
        text += "species " + to + " = 0; " + from + " -> " + to + "; " + from + ";\n";
    }
    for (const auto method : methods) {
        const Table table =
            moments_of(text, {.end = 8, .points = 3, .runs = runs, .select = {"S3", "S7"}, .method = method});
        const auto binomial = [](int place) {
            return [place](double t) {  // a molecule has made `place` steps: Poisson
                const double p = std::exp(-t + place * std::log(t > 0 ? t : 1e-300) - std::lgamma(place + 1));
                return Expected{50 * p, 50 * p * (1 - p)};
            };
        };
        expect_moments(table, "S3", binomial(3));
        expect_moments(table, "S7", binomial(7));
    }
}

TEST(Moments, MergedAreThoseOfAll) {
    Moments all(2), left(2), right(2);
    for (int i = 0; i < 10; ++i) {
        const double row[] = {1e9 + i * i, -0.5 * i};
        all.add(row);
        (i < 3 ? left : right).add(row);
    }
    left.merge(right);
    left.merge(Moments(2));
    EXPECT_EQ(left.count(), 10u);
    EXPECT_NEAR(left.mean(0), 1e9 + 28.5, 1e-5);
    EXPECT_NEAR(left.variance(0), 15333.0 / 9 - 28.5 * 285 / 9, 1e-5);
    EXPECT_NEAR(left.variance(1), 0.25 * 82.5 / 9, 1e-12);
    EXPECT_NEAR(all.variance(0), left.variance(0), 1e-5);
}

}  // namespace
}  // namespace rondo::test
