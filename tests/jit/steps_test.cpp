// Steps over lanes, against solutions known in closed form and against each other.
#include "jit/steps.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/support/networks.h"

namespace rondo {
namespace {

using namespace testing;

// Steps of given length in every lane, the same run in all of them.
class FixedSteps {
  public:
    FixedSteps(const Network& network, const StepMethod& method, int lanes)
        : system_(std::make_shared<const OdeSystem>(lower(network))),
          one_(compile(system_)),
          steps_(compile_steps(system_, method, lanes)),
          lanes_(static_cast<std::size_t>(lanes)),
          control_(StepRow::count * lanes_),
          y_(n() * lanes_),
          p_(system_->parameter_count() * lanes_),
          atol_(n() * lanes_, 1e300),
          work_(steps_->work_rows() * lanes_),
          dense_((method.degree() + 1) * n() * lanes_) {
        std::vector<double> p(system_->parameter_count()), y(n()), slope(n());
        for (std::size_t i = 0; i < system_->inputs.size(); ++i) p[i] = system_->inputs[i].value;
        const double t = 0;
        one_->code().initialize(&t, p.data(), y.data());
        one_->code().rhs(&t, y.data(), p.data(), slope.data());
        spread(p, p_, 0);
        spread(y, y_, 0);
        if (!method.implicit()) spread(slope, work_, steps_->slope_row());
        set(StepRow::end, 1e300);
        set(StepRow::rtol, 1);
    }

    std::size_t n() const { return system_->states.size(); }

    std::uint64_t step(double h) {
        set(StepRow::h, h);
        set(StepRow::growth, 1);
        return steps_->code().step(control_.data(), y_.data(), p_.data(), atol_.data(), work_.data());
    }

    double y(std::size_t state, std::size_t lane = 0) const { return y_[state * lanes_ + lane]; }

    // The dense output of the last step, x in [0, 1].
    double at(double x, std::size_t state, std::size_t lane = 0) {
        steps_->code().dense(control_.data(), p_.data(), work_.data(), dense_.data());
        double value = 0;
        for (std::size_t d = steps_->method().degree() + 1; d-- > 0;)
            value = dense_[(d * n() + state) * lanes_ + lane] + x * value;
        return value;
    }

  private:
    void spread(const std::vector<double>& values, std::vector<double>& rows, std::size_t first) {
        for (std::size_t i = 0; i < values.size(); ++i)
            std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>((first + i) * lanes_), lanes_, values[i]);
    }
    void set(std::size_t row, double value) {
        std::fill_n(control_.begin() + static_cast<std::ptrdiff_t>(row * lanes_), lanes_, value);
    }

    std::shared_ptr<const OdeSystem> system_;
    std::shared_ptr<const CompiledModel> one_;
    std::shared_ptr<const CompiledSteps> steps_;
    std::size_t lanes_;
    std::vector<double> control_, y_, p_, atol_, work_, dense_;
};

// x' = x v, v' = w cos(w t): x = exp(a + (1 - cos w t) / w - ...), with time, products and an elementary
// function.
Network driven_growth() {
    Network n = empty_network("driven_growth");
    add_species(n, "x", 1);
    add_species(n, "v", 0);
    add_rate_rule(n, "x", sym("x") * sym("v"));
    add_rate_rule(n, "v", op(Op::cos, {op(Op::time, {})}) - num(0.5) * sym("v"));
    return n;
}

// v = (0.5 cos t + sin t - 0.5 exp(-t / 2)) / 1.25; x = exp(integral of v).
double driven_growth_x(double t) {
    return std::exp((0.5 * std::sin(t) + 1 - std::cos(t) - (1 - std::exp(-t / 2))) / 1.25);
}

const StepMethod& method_of(int i) {
    return i == 0 ? dop853() : i == 1 ? tsit5() : rodas5p();
}

double error_at_end(const StepMethod& method, int steps) {
    FixedSteps run(driven_growth(), method, 2);
    constexpr double end = 4;
    for (int i = 0; i < steps; ++i) EXPECT_EQ(run.step(end / steps) & 3, 3u);
    return std::abs(run.y(0) - driven_growth_x(end));
}

TEST(Steps, ConvergeWithTheirOrder) {
    struct Case {
        int method, coarse;
    };
    for (const auto [index, coarse] : {Case{0, 8}, {1, 24}, {2, 24}}) {
        const StepMethod& method = method_of(index);
        SCOPED_TRACE(method.name);
        const double order = std::log2(error_at_end(method, coarse) / error_at_end(method, 2 * coarse));
        EXPECT_GT(order, method.order - 0.3);
        EXPECT_LT(order, method.order + 1.3);  // not exact by chance
    }
}

// Between the ends too, by one order less at most than what the method promises there.
TEST(Steps, DenseOutputConverges) {
    struct Case {
        int method;
        double h;
        double order;
    };
    for (const auto [index, h, order] : {Case{0, 0.8, 7}, {1, 0.2, 4}, {2, 0.2, 4}}) {
        const StepMethod& method = method_of(index);
        SCOPED_TRACE(method.name);
        const auto error = [&](double step) {
            FixedSteps run(driven_growth(), method, 2);
            run.step(step);
            double largest = 0;
            for (const double x : {0.2, 0.5, 0.7}) {
                largest = std::max(largest, std::abs(run.at(x, 0) - driven_growth_x(x * step)));
            }
            return largest;
        };
        EXPECT_GT(std::log2(error(h) / error(h / 2)), order + 0.4);  // one more, over a single step
        FixedSteps run(driven_growth(), method, 2);
        run.step(h);
        EXPECT_NEAR(run.at(1, 0), run.y(0), 1e-13);  // coefficients of some hundreds cancel
        EXPECT_EQ(run.at(0, 0), 1);
    }
}

TEST(Steps, AreTheSameBitsAtEveryWidth) {
    for (int index = 0; index < 3; ++index) {
        SCOPED_TRACE(method_of(index).name);
        const auto result = [&](int lanes) {
            FixedSteps run(driven_growth(), method_of(index), lanes);
            for (int i = 0; i < 20; ++i) run.step(0.1);
            const auto last = static_cast<std::size_t>(lanes) - 1;
            return std::array{run.y(0, last), run.y(1, last), run.at(0.3, 0, last)};
        };
        EXPECT_EQ(result(2), result(4));
        EXPECT_EQ(result(2), result(8));
    }
}

// y' = -1e6 (y - cos t): h lambda = 1e5, where explicit methods are useless.
TEST(Steps, Rodas5pIsStable) {
    Network n = empty_network("stiff");
    add_species(n, "y", 0);
    add_rate_rule(n, "y", num(-1e6) * (sym("y") - op(Op::cos, {op(Op::time, {})})));
    FixedSteps run(n, rodas5p(), 4);
    for (int i = 0; i < 10; ++i) run.step(0.1);
    EXPECT_NEAR(run.y(0), std::cos(1), 1e-5);
}

TEST(Steps, SystemsThatJumpAreNotForLanes) {
    EXPECT_EQ(why_not_in_lanes(lower(brusselator())), "");
    EXPECT_EQ(why_not_in_lanes(lower(empty_network("empty"))), "it has no states");
    EXPECT_EQ(why_not_in_lanes(lower(generated_network(200, 1))), "it is large");
}

}  // namespace
}  // namespace rondo
