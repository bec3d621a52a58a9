// Limit cycles known in closed form, and derivatives against differences.
#include "runtime/orbit/orbit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "runtime/api/models.h"

namespace rondo {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Radius sqrt(mu) at the angular speed w + c mu; a deviation of the radius shrinks at the rate 2 mu.
constexpr const char* circle = R"(
model circle
  mu = 0.5;  w = 2;  c = 3;  x = 0.9;  y = 0.1;  P = 0
  x' = mu*x - w*y - (x + c*y)*(x^2 + y^2)
  y' = w*x + mu*y + (c*x - y)*(x^2 + y^2)
  R: -> P; x^2
end
)";

struct Found {
    Model model;
    std::shared_ptr<const OrbitFinder> finder;
    Orbit orbit;
};

Found find(const std::string& text, const std::string& of, std::vector<double> y, double period,
           std::vector<Setting> settings = {}) {
    const Model model = parse_model(text, "model.ant").with(settings);
    Found found{model, std::make_shared<OrbitFinder>(model.compiled(std::vector<std::string>{of})), {}};
    found.orbit = found.finder->find(model.inputs(), y, period);
    return found;
}

TEST(Orbit, ACircleIsFoundToTheLastDigits) {
    const auto [model, finder, orbit] = find(circle, "x", {7, 0.6, 0.3}, 1.7);
    ASSERT_EQ(orbit.failure, "");
    EXPECT_NEAR(orbit.period, 2 * std::numbers::pi / 3.5, 1e-12);
    EXPECT_NEAR(std::hypot(orbit.y[1], orbit.y[2]), std::sqrt(0.5), 1e-12);
    EXPECT_EQ(orbit.y[0], 7);  // nothing observed depends on it
    ASSERT_EQ(orbit.multipliers.size(), 1u);
    EXPECT_NEAR(orbit.multipliers[0].real(), std::exp(-2 * 0.5 * orbit.period), 1e-10);
    EXPECT_LT(orbit.off_one, 1e-9);
    EXPECT_TRUE(orbit.stable);
}

TEST(Orbit, ThePeriodsDerivativesAreThoseOfTheFormula) {
    const auto [model, finder, orbit] = find(circle, "x", {0, 0.6, 0.3}, 1.7);
    const double by_speed = -2 * std::numbers::pi / (3.5 * 3.5);
    const std::map<std::string, double> expected{
        {"w", by_speed}, {"mu", 3 * by_speed}, {"c", 0.5 * by_speed}};
    std::size_t compared = 0;
    for (const auto& [input, value, derivative] : finder->sensitivities(model.inputs(), orbit)) {
        ASSERT_TRUE(expected.contains(input)) << input;  // the cycle does not know where the run began
        EXPECT_NEAR(derivative, expected.at(input), 1e-10) << input;
        ++compared;
    }
    EXPECT_EQ(compared, expected.size());
}

TEST(Orbit, DerivativesReachThroughInitialAssignments) {
    std::string text = circle;
    text.replace(text.find("w = 2;"), 6, "v = 1; w = 2*v;");
    const auto [model, finder, orbit] = find(text, "x", {0, 0.6, 0.3}, 1.7);
    ASSERT_EQ(orbit.failure, "");
    const double by_speed = -2 * std::numbers::pi / (3.5 * 3.5);
    std::map<std::string, double> found;
    for (const auto& each : finder->sensitivities(model.inputs(), orbit)) found[each.input] = each.derivative;
    EXPECT_NEAR(found.at("v"), 2 * by_speed, 1e-10);
    EXPECT_NEAR(found.at("w"), by_speed, 1e-10);  // where it is set instead
}

// Tyson's cell cycle of 1991 in outline: cdc2 is conserved, so initial values count.
constexpr const char* divided = R"(
model divided
  species C2 = 0.5, CP = 0.2, pM = 0.25, M = 0.05, Y = 0, YP = 0
  k1 = 0.015; k3 = 200; k4 = 180; k4p = 0.018; k6 = 1; k7 = 0.6; k8 = 100; k9 = 10
  share := M/(C2 + CP + pM + M)
  J1: -> Y; k1
  J3: CP + Y -> pM; k3*CP*Y
  J4: pM -> M; pM*(k4p + k4*share^2)
  J6: M -> C2 + YP; k6*M
  J7: YP -> ; k7*YP
  J8: C2 -> CP; k8*C2
  J9: CP -> C2; k9*CP
end
)";
const std::vector<double> beside{0.0625, 0.6254, 0.3027, 0.0094, 0.00012, 0.0137};  // a state near its cycle

double period_of(const std::vector<Setting>& settings) {
    const auto [model, finder, orbit] = find(divided, "M", beside, 35.6, settings);
    return orbit.failure.empty() ? orbit.period : std::nan("");
}

TEST(Orbit, DerivativesAreThoseOfDifferences) {
    const auto [model, finder, orbit] = find(divided, "M", beside, 35.6);
    ASSERT_EQ(orbit.failure, "");
    EXPECT_EQ(orbit.multipliers.size(), 3u);  // M needs five states; less the motion along the cycle and cdc2
    EXPECT_TRUE(orbit.stable);
    int compared = 0;
    for (const auto& [input, value, derivative] : finder->sensitivities(model.inputs(), orbit)) {
        if (value == 0) continue;
        const double h = 1e-4 * value;
        const double difference =
            (period_of({{input, value + h}}) - period_of({{input, value - h}})) / (2 * h);
        EXPECT_NEAR(derivative, difference, 1e-5 * std::abs(orbit.period / value)) << input;
        ++compared;
    }
    EXPECT_GE(compared, 10);
}

TEST(Orbit, WhatHasNoneSaysWhy) {
    const auto failure = [](const std::string& text) { return find(text, "x", {1, 1}, 1).orbit.failure; };
    EXPECT_EQ(failure("model m\n x = 1; y = 1; x' = y + sin(time); y' = -x\nend"),
              "the model is driven by time");
    EXPECT_EQ(failure("model m\n x = 1; y = 1; x' = -y; y' = x\n at x > 2: x = 1\nend"),
              "the model has events");
    EXPECT_THAT(failure("model m\n x = 1; y = 1; x' = -x; y' = x\nend"), HasSubstr("did not converge"));
}

TEST(Orbit, ChaosAndATorusAreToldApart) {
    const auto why = [](const std::string& text, const std::string& of, std::vector<double> y) {
        const auto [model, finder, orbit] = find(text, of, y, 1);
        return finder->why_no_cycle(model.inputs(), y, 400);
    };
    const std::string chaos = why(
        "model lorenz\n x = 1; y = 1; z = 20; x' = 10*(y - x); y' = x*(28 - z) - y; z' = x*y - 8/3*z\nend",
        "x", {1, 1, 20});
    ASSERT_THAT(chaos, StartsWith("chaotic: largest Lyapunov exponent "));
    EXPECT_NEAR(std::stod(chaos.substr(35)), 0.906, 0.05);  // Sprott, Chaos and Time-Series Analysis, 2003
    const std::string torus = why(
        R"(model torus
             x = 1; y = 0; u = 1; v = 0
             x' = x - y - x*(x^2 + y^2); y' = x + y - y*(x^2 + y^2)
             u' = u - sqrt(2)*v - u*(u^2 + v^2); v' = sqrt(2)*u + v - v*(u^2 + v^2)
             both := x + u
           end)",
        "both", {1, 0, 1, 0});
    EXPECT_THAT(torus, StartsWith("quasi-periodic"));
}

}  // namespace
}  // namespace rondo
