// What returns tell of a cycle before the run is on it.
#include "runtime/label/returns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace rondo {
namespace {

// Returns whose k-th gap and swing are given, from 0 on; how many it takes until approached() answers.
struct Series {
    std::function<double(int)> gap, swing;

    std::optional<Cycle> run(int most, int& taken) const {
        Returns returns(1);
        returns.start(0);
        double t = 0;
        returns.add(t, {});
        for (taken = 1; taken <= most; ++taken) {
            const double half = swing(taken - 1) / 2;
            t += gap(taken - 1);
            const Extent range{-half, half};
            returns.add(t, {&range, 1});
            if (const auto cycle = returns.approached(1e-6)) return cycle;
        }
        return std::nullopt;
    }
};

TEST(Returns, AGeometricApproachIsKnownBeforeItEnds) {
    for (const double ratio : {0.3, -0.3, 0.6, 0.8, 0.9, 0.97}) {
        const Series series{
            [=](int k) { return 10 + 0.5 * std::pow(ratio, k) + 0.2 * std::pow(ratio, 2 * k); },
            [=](int k) { return 4 - 1.5 * std::pow(ratio, k); }};
        int taken = 0;
        const auto cycle = series.run(1000, taken);
        ASSERT_TRUE(cycle) << ratio;
        EXPECT_NEAR(cycle->period, 10, 2e-5) << ratio;
        EXPECT_NEAR(cycle->swing, 4, 4e-3) << ratio;
        const double wait = std::log(1e-7) / std::log(std::abs(ratio));  // until the gap itself is there
        EXPECT_LT(taken, std::max(8.0, 0.7 * wait)) << ratio;
    }
}

TEST(Returns, NoiseOfTheSolverDoesNotPassForAnApproach) {
    std::mt19937_64 engine(3);
    std::normal_distribution<double> noise(0, 1e-6);
    int known = 0;
    for (int repeat = 0; repeat < 50; ++repeat) {
        const Series series{[&](int k) { return 10 + 1e-3 * std::pow(0.99, k) + noise(engine); },
                            [](int k) { return 4 - 0.01 * std::pow(0.99, k); }};
        int taken = 0;
        if (const auto cycle = series.run(600, taken)) {
            ++known;
            EXPECT_NEAR(cycle->period, 10, 5e-5) << taken;
        }
    }
    EXPECT_GT(known, 25);
}

TEST(Returns, AFadingRhythmIsNoCycle) {
    for (const double ratio : {0.5, 0.8, 0.95, 0.99}) {
        const Series series{[=](int k) { return 10 + std::pow(ratio, 2 * k); },
                            [=](int k) { return 4 * std::pow(ratio, k); }};
        int taken = 0;
        EXPECT_FALSE(series.run(1000, taken)) << ratio << ", " << taken;
    }
    const Series at_the_border{[](int k) { return 10 + 1 / (1.0 + k); },
                               [](int k) { return 4 / std::sqrt(1.0 + k); }};
    int taken = 0;
    EXPECT_FALSE(at_the_border.run(1000, taken)) << taken;
}

TEST(Returns, WhatGrowsOrAlternatesIsNoApproach) {
    const Series grows{[](int k) { return 10 + 1e-6 * std::pow(1.1, k); }, [](int) { return 4.0; }};
    const Series alternates{[](int k) { return k % 2 == 0 ? 9.0 : 11.0; }, [](int) { return 4.0; }};
    int taken = 0;
    EXPECT_FALSE(grows.run(100, taken)) << taken;
    EXPECT_FALSE(alternates.run(100, taken)) << taken;
}

}  // namespace
}  // namespace rondo
