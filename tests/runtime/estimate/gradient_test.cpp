// Sensitivities against differences, and the descents that use them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/api/models.h"
#include "runtime/estimate/least_squares.h"
#include "tests/support/fits.h"

namespace rondo::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

SolverOptions tight() {
    SolverOptions solver;
    solver.control.rtol = 1e-10;
    solver.control.atol = 1e-12;
    return solver;
}

TEST(Sensitivities, AreTheSlopesOfTheResiduals) {
    for (const std::string name : {"lv", "gw"}) {
        const Published made = published(name, tight());
        const Sensitivities model(made.problem);
        auto z = made.true_z();
        for (std::size_t i = 0; i < z.size(); ++i) z[i] += 0.02 * static_cast<double>(i + 1);
        const auto at = model.evaluate(z, infinity);
        ASSERT_TRUE(at.finished);
        constexpr double h = 1e-4;
        for (std::size_t k = 0; k < z.size(); ++k) {
            auto up = z, down = z;
            up[k] += h;
            down[k] -= h;
            const auto above = model.evaluate(up, infinity), below = model.evaluate(down, infinity);
            double largest = 0;
            for (std::size_t i = 0; i < at.values.size(); ++i)
                largest = std::max(largest, std::abs(at.slopes[i * z.size() + k]));
            for (std::size_t i = 0; i < at.values.size(); ++i) {
                const double difference = (above.values[i] - below.values[i]) / (2 * h);
                // h^2 times the third derivative, which a shift of phase of late times makes large.
                EXPECT_NEAR(at.slopes[i * z.size() + k], difference, 2e-4 * largest)
                    << name << " " << k << " " << i;
            }
        }
    }
}

// A free initial value, a derived constant that reads a free parameter, and a formula as observable.
TEST(Sensitivities, ReachThroughInitialValuesAndDerivedOnes) {
    const Model model = library_model("lotka_volterra");
    Measurements data = simulated(model, {{"a", {}}, {"b", {{"k3", 1.2}}}}, {"x1", "x2"}, 5, 10);
    for (double& value : data.values) value *= 1.05;
    FitOptions options;
    options.solver = tight();
    options.observables = {{"x1", "x1*k1 + k3"}};
    const FitProblem problem(
        model, data, {{"b", {{"k3", 1.2}}}},
        search_space({{{"k1", 0.1, 10, Scale::log}, {"x2", 0.1, 3}, {"k3", 0.5, 2}}}, {}), options);
    const Sensitivities sensitivities(problem);
    const std::vector<double> z{0.1, 1.1, 0.9};
    const auto at = sensitivities.evaluate(z, infinity);
    for (std::size_t k = 0; k < 3; ++k) {
        auto up = z, down = z;
        up[k] += 1e-4;
        down[k] -= 1e-4;
        const auto above = sensitivities.evaluate(up, infinity),
                   below = sensitivities.evaluate(down, infinity);
        for (std::size_t i = 0; i < at.values.size(); ++i)
            EXPECT_NEAR(at.slopes[i * 3 + k], (above.values[i] - below.values[i]) / 2e-4, 1e-6)
                << k << " " << i;
    }
}

SolverOptions by_cvodes() {
    SolverOptions solver;
    solver.ensemble = {.method = EnsembleMethod::bdf, .rtol = 1e-10, .atol = 1e-12};
    return solver;
}

TEST(Sensitivities, OfCvodesAreThoseOfTheCompiledSystem) {
    const Model model = library_model("lotka_volterra");
    Measurements data = simulated(model, {{"a", {{"k2", 0.9}}}}, {"x1", "x2"}, 5, 10);
    for (double& value : data.values) value *= 1.05;
    data.values[5] = std::nan("");
    FitOptions options;
    options.observables = {{"x1", "x1*k1 + k3"}};
    const auto residuals = [&](const SolverOptions& solver) {
        options.solver = solver;
        const FitProblem problem(
            model, data, {{"a", {{"k2", 0.9}}}},
            search_space({{{"k1", 0.1, 10, Scale::log}, {"x2", 0.1, 3}, {"k3", 0.5, 2}}}, {}), options);
        return Sensitivities(problem).evaluate(std::vector<double>{0.1, 1.1, 0.9}, infinity);
    };
    const auto expected = residuals(tight()), got = residuals(by_cvodes());
    ASSERT_TRUE(expected.finished && got.finished);
    ASSERT_EQ(got.slopes.size(), expected.slopes.size());
    EXPECT_NEAR(got.squares, expected.squares, 1e-7 * expected.squares);
    for (std::size_t i = 0; i < got.slopes.size(); ++i)
        EXPECT_NEAR(got.slopes[i], expected.slopes[i], 1e-6) << i;
}

// The moment at which the second event comes moves with both parameters.
TEST(Sensitivities, FollowEvents) {
    const Model model = parse_model(
        "model m\n A -> ; k*A\n A = 1; k = 0.5; dose = 2\n at time > 1.2: A = A + dose\n"
        " at A < 0.9, t0 = true: A = A + 0.3*dose\nend",
        "m.ant");
    const Measurements data{{""}, {"A"}, {0.5, 1, 1.5, 2, 3, 4.4}, {1, 1, 2, 2, 1, 1}};
    FitOptions options;
    options.solver = by_cvodes();
    const FitProblem problem(model, data, {}, search_space({{{"k", 0.1, 1, Scale::log}, {"dose", 1, 3}}}, {}),
                             options);
    const Sensitivities sensitivities(problem);
    const std::vector<double> z{std::log(0.5), 2};
    const auto at = sensitivities.evaluate(z, infinity);
    ASSERT_TRUE(at.finished);
    for (std::size_t k = 0; k < 2; ++k) {
        auto up = z, down = z;
        up[k] += 1e-5;
        down[k] -= 1e-5;
        const auto above = sensitivities.evaluate(up, infinity),
                   below = sensitivities.evaluate(down, infinity);
        for (std::size_t i = 0; i < at.values.size(); ++i)
            EXPECT_NEAR(at.slopes[i * 2 + k], (above.values[i] - below.values[i]) / 2e-5, 1e-4) << k << i;
    }
    EXPECT_LT(sensitivities.evaluate(z, 0).values.size(), at.values.size()) << "stopped at once";
}

// A parameter that an initial assignment computes from a free one moves with it along the run.
TEST(Sensitivities, ReachThroughInitialAssignments) {
    const Model model = parse_model(
        "model m\n k1 = 0.3; k2 = 2*k1; k3 = k2 + k1; A = 10*k1; B = 0\n A -> B; k3*A\nend", "m.ant");
    const Measurements data = simulated(model, {{"a", {}}}, {"B"}, 3, 5);
    FitOptions options;
    options.solver = tight();
    const FitProblem problem(model, data, {}, search_space({{{"k1", 0.1, 1}}}, {}), options);
    const Sensitivities sensitivities(problem);
    const auto at = sensitivities.evaluate(std::vector<double>{0.4}, infinity);
    const auto above = sensitivities.evaluate(std::vector<double>{0.4 + 1e-4}, infinity),
               below = sensitivities.evaluate(std::vector<double>{0.4 - 1e-4}, infinity);
    ASSERT_EQ(at.slopes.size(), at.values.size());
    for (std::size_t i = 0; i < at.values.size(); ++i)
        EXPECT_NEAR(at.slopes[i], (above.values[i] - below.values[i]) / 2e-4, 1e-5) << i;
}

TEST(LeastSquares, FindsTheTruthFromNearby) {
    for (const std::string name : {"lv", "gw"}) {
        const Published made = published(name, SolverOptions());
        const Sensitivities model(made.problem);
        auto z = made.true_z();
        for (std::size_t i = 0; i < z.size(); ++i) z[i] += i % 2 ? 0.04 : -0.04;
        const Descent found = descend(*sum_of_squares(model), z, {});
        EXPECT_TRUE(found.converged);
        EXPECT_LT(evaluate(made.problem, found.z).fitness, 1e-3) << name;
        EXPECT_LT(found.trials, 60u);
    }
}

TEST(LeastSquares, StaysInTheBoxAndLeavesFixedCoordinates) {
    const Published made = published("lv", SolverOptions(), 1.5);
    const Sensitivities model(made.problem);
    auto z = made.true_z();
    z[0] = made.problem.space().coordinates[0].upper;
    const Descent found = descend(*sum_of_squares(model), z, {}, {true, false, false});
    EXPECT_EQ(found.z[0], z[0]);
    EXPECT_TRUE(made.problem.space().contains(found.z));
    EXPECT_GT(found.value, 1e-4);
}

// r(z)^2 on [-10, 10] with a valley at z = 1 and a slope towards 10: the whole step of Gauss and Newton from
// -2 is 16 long, and its end, at the bound, is lower than the start.
class ValleyBeforeASlope : public Valley {
  public:
    const SearchSpace& space() const override { return space_; }
    LocalModel at(std::span<const double> z, double) override {
        const double x = z[0], bell = 2 * std::exp(-(x - 1) * (x - 1) / 2);
        const double r = 2.5 - bell - 0.1 * x, slope = (x - 1) * bell - 0.1;
        return {r * r, {2 * r * slope}, {2 * slope * slope}, true, 1};
    }

  private:
    SearchSpace space_{{{.kind = Coordinate::Kind::linear, .name = "x", .lower = -10, .upper = 10}}};
};

TEST(LeastSquares, StepsAreNoLongerThanTheLocalModelIsGood) {
    ValleyBeforeASlope valley;
    const Descent found = descend(valley, {-2}, {});
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.z[0], 1.05, 0.01);  // where (x - 1) bell(x) = 0.1
    EXPECT_LT(found.trials, 30u);
}

// value = g . z + z . B z / 2 in a box.
class Bowl final : public Valley {
  public:
    Bowl(std::size_t n, Random& random) : gradient_(n), curvature_(n * n) {
        std::vector<double> root(n * n);
        // Rows of very different lengths: ill-conditioned, as few data make it.
        for (std::size_t i = 0; i < root.size(); ++i)
            root[i] = random.normal() * std::pow(10.0, -static_cast<double>(i / n));
        for (std::size_t i = 0; i < n; ++i) {
            gradient_[i] = 10 * random.normal();
            space_.coordinates.push_back({Coordinate::Kind::linear, "z", -2 * random.uniform(), 10.0});
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t row = 0; row < n; ++row)
                    curvature_[i * n + k] += root[row * n + i] * root[row * n + k];
        }
    }
    const SearchSpace& space() const override { return space_; }
    LocalModel at(std::span<const double> z, double limit) override {
        LocalModel result{0, gradient_, curvature_, true, 1};
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double turned = row(i, z);
            result.value += (gradient_[i] + turned / 2) * z[i];
            result.gradient[i] += turned;
        }
        result.finished = result.value <= limit;
        return result;
    }
    // One coordinate at a time, each as well as it can, until nothing changes: slow and sure.
    double least() {
        std::vector<double> z;
        for (const auto& coordinate : space_.coordinates) z.push_back(coordinate.lower);
        for (int sweep = 0; sweep < 200'000; ++sweep)
            for (std::size_t i = 0; i < z.size(); ++i) {
                const double slope = gradient_[i] + row(i, z);
                z[i] = std::clamp(z[i] - slope / curvature_[i * z.size() + i], space_.coordinates[i].lower,
                                  space_.coordinates[i].upper);
            }
        return at(z, infinity).value;
    }

  private:
    double row(std::size_t i, std::span<const double> z) const {
        double sum = 0;
        for (std::size_t k = 0; k < z.size(); ++k) sum += curvature_[i * z.size() + k] * z[k];
        return sum;
    }
    SearchSpace space_;
    std::vector<double> gradient_, curvature_;
};

TEST(Descent, EndsWhereNoCoordinateCanDoBetter) {
    for (std::uint64_t item = 0; item < 60; ++item) {
        SCOPED_TRACE(item);
        Random random(1, "bowls", item);
        Bowl bowl(4, random);
        std::vector<double> start;
        for (const auto& coordinate : bowl.space().coordinates) {
            const double share = std::max(0.0, 2 * random.uniform() - 1);  // every other at its bound
            start.push_back(coordinate.lower + share * (coordinate.upper - coordinate.lower));
        }
        const double least = bowl.least();
        EXPECT_NEAR(descend(bowl, start, {200, 1e-10}).value, least, 1e-6 * std::abs(least));
    }
}

TEST(LeastSquares, StoppingTrialsThatAreWorseChangesNothing) {
    const Published made = published("gw", SolverOptions());
    const Sensitivities model(made.problem);
    auto z = made.true_z();
    z[1] += 0.5;
    const auto full = model.evaluate(z, infinity), cut = model.evaluate(z, full.squares / 2);
    EXPECT_FALSE(cut.finished);
    EXPECT_LT(cut.calls, full.calls);
    EXPECT_GT(cut.squares, full.squares / 2);
    EXPECT_TRUE(model.evaluate(z, full.squares).finished);
}

TEST(LeastSquares, ManyStartsReachTheGoodwinTruthOnAnyNumberOfWorkers) {
    const Published made = published("gw", SolverOptions());
    const Sensitivities model(made.problem);
    const auto one = descend_from_many(model, 12, {}, 4, Executor(1)),
               three = descend_from_many(model, 12, {}, 4, Executor(3));
    double best = infinity;
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].z, three[i].z);
        EXPECT_EQ(one[i].calls, three[i].calls);
        best = std::min(best, evaluate(made.problem, one[i].z).fitness);
    }
    EXPECT_LT(best, 0.0116) << "the published median";
}

}  // namespace
}  // namespace rondo::test
