// Networks that satisfy equations: derivatives and gradients on three roads, and training by them.
#include <algorithm>
#include <cmath>

#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"
#include "tests/support/allen_cahn.h"

namespace rondo {
namespace {

const Executor executor(1);

// Weights and biases uniform in [-1, 1] / sqrt(inputs); two fields.
Surrogate random_network(std::uint64_t seed, std::vector<int> hidden = {9, 7}) {
    Random random(seed, "test");
    Surrogate network;
    network.box = {{{"t", -1, 2}, {"x", -1, 1}}};
    network.outputs = {"u", "v"};
    network.harmonics = {0, 3};
    int inputs = static_cast<int>(input_width(network));
    hidden.push_back(2);
    for (std::size_t i = 0; i < hidden.size(); ++i) {
        network.layers.push_back(random_layer(inputs, hidden[i], false, false, random));
        if (i + 1 < hidden.size()) network.layers.back().activation = Activation::tanh;
        inputs = hidden[i];
    }
    return network;
}

// One residual: a derivative of a field, itself.
Equation derivative_alone(Derivative derivative) {
    Equation equation;
    equation.fields = {"u", "v"};
    equation.residual.unknowns = {std::move(derivative)};
    equation.residual.roots = {equation.residual.graph.parameter(0)};
    return equation;
}

// Two coupled residuals with all derivatives, a coordinate, a function and a choice; and a condition.
Equation coupled() {
    Equation equation;
    equation.fields = {"u", "v"};
    Residual& r = equation.residual;
    r.unknowns = {Derivative{0, {}},
                  Derivative{1, {}},
                  Derivative{0, {0}},
                  Derivative{0, {1}},
                  Derivative{0, {1, 1}},
                  Derivative{1, {0, 1}},
                  "x",
                  Derivative{1, {0, 0}}};
    Graph& g = r.graph;
    const auto p = [&](std::uint32_t i) { return g.parameter(i); };
    const NodeId product = g.apply(Op::times, {p(0), p(3)});
    const NodeId wave = g.apply(Op::sin, {g.apply(Op::times, {p(6), p(1)})});
    const NodeId choice =
        g.apply(Op::piecewise, {g.apply(Op::power, {p(1), g.number(3)}), g.apply(Op::lt, {p(0), g.number(0)}),
                                g.apply(Op::exp, {p(5)})});
    r.roots = {
        g.apply(Op::minus, {g.apply(Op::plus, {p(2), product}), g.apply(Op::times, {g.number(0.1), p(4)})}),
        g.apply(Op::plus, {g.apply(Op::plus, {wave, choice}), p(7)})};
    SideCondition condition;
    condition.weight = 3;
    condition.residual.unknowns = {Derivative{1, {1}}, "seen"};
    Graph& c = condition.residual.graph;
    condition.residual.roots = {c.apply(Op::minus, {c.parameter(0), c.parameter(1)})};
    condition.points.set("t", std::vector<double>{0, 0.5, 1});
    condition.points.set("x", std::vector<double>{-0.5, 0, 0.7});
    condition.points.set("seen", std::vector<double>{1, 2, 3});
    equation.conditions.push_back(std::move(condition));
    return equation;
}

double field_at(const Surrogate& network, const std::string& field, double t, double x) {
    Table point;
    point.set("t", std::vector<double>{t});
    point.set("x", std::vector<double>{x});
    return predict(network, point).numbers(field)[0];
}

TEST(Equation, DerivativesAreThoseOfDifferences) {
    NEEDS_TORCH();
    const Surrogate network = random_network(1);
    const Table points = uniform(network.box, 7, 1);
    const auto u = [&](double t, double x) { return field_at(network, "u", t, x); };
    constexpr double h = 1e-4;
    struct Case {
        std::vector<std::size_t> by;
        std::function<double(double, double)> difference;
    };
    const Case cases[] = {
        {{}, u},
        {{0}, [&](double t, double x) { return (u(t + h, x) - u(t - h, x)) / (2 * h); }},
        {{1}, [&](double t, double x) { return (u(t, x + h) - u(t, x - h)) / (2 * h); }},
        {{0, 0}, [&](double t, double x) { return (u(t + h, x) - 2 * u(t, x) + u(t - h, x)) / (h * h); }},
        {{0, 1},
         [&](double t, double x) {
             return (u(t + h, x + h) - u(t + h, x - h) - u(t - h, x + h) + u(t - h, x - h)) / (4 * h * h);
         }},
        {{1, 1}, [&](double t, double x) { return (u(t, x + h) - 2 * u(t, x) + u(t, x - h)) / (h * h); }},
    };
    for (const auto& [by, difference] : cases) {
        SCOPED_TRACE(testing::PrintToString(by));
        const auto squares = losses(network, derivative_alone({0, by}), points, Device::cpu);
        for (std::size_t row = 0; row < points.rows(); ++row) {
            const double expected = difference(points.numbers("t")[row], points.numbers("x")[row]);
            // Third derivatives reach some hundreds here, times h^2; rounding over h^2.
            EXPECT_NEAR(std::sqrt(squares[row]), std::abs(expected), 1e-5 * (1 + std::abs(expected)));
        }
    }
}

TEST(Equation, TaylorModeIsNestedDifferentiation) {
    NEEDS_TORCH();
    for (const Equation& equation : {coupled(), derivative_alone({1, {0, 1}}), derivative_alone({0, {}})}) {
        for (std::uint64_t seed : {1, 2}) {
            const Surrogate network = random_network(seed);
            const Table points = uniform(network.box, 600, seed);  // more than go through at once
            const auto taylor = at_weights(network, equation, points, false);
            const auto nested = at_weights(network, equation, points, true);
            EXPECT_NEAR(taylor.loss, nested.loss, 1e-12 * nested.loss);
            for (std::size_t row = 0; row < points.rows(); ++row)
                EXPECT_NEAR(taylor.row_losses[row], nested.row_losses[row],
                            1e-10 * (1e-3 + nested.row_losses[row]));
            const double largest = *std::ranges::max_element(nested.gradient);
            for (std::size_t i = 0; i < nested.gradient.size(); ++i)
                EXPECT_NEAR(taylor.gradient[i], nested.gradient[i], 1e-11 * largest) << i;
        }
    }
}

TEST(Equation, GradientIsThatOfDifferences) {
    NEEDS_TORCH();
    const Equation equation = coupled();
    Surrogate network = random_network(3);
    const Table points = uniform(network.box, 50, 1);
    const auto at = at_weights(network, equation, points, false);
    constexpr double h = 1e-6;
    std::size_t first = 0;  // of the layer's weights in the gradient
    for (DenseLayer& layer : network.layers) {
        for (const std::size_t i : {std::size_t{0}, layer.weight.size() / 2, layer.weight.size() - 1}) {
            const double before = layer.weight[i];
            layer.weight[i] = before + h;
            const double above = at_weights(network, equation, points, false).loss;
            layer.weight[i] = before - h;
            const double below = at_weights(network, equation, points, false).loss;
            layer.weight[i] = before;
            const double expected = (above - below) / (2 * h);
            EXPECT_NEAR(at.gradient[first + i], expected, 1e-5 * (1 + std::abs(expected)));
        }
        first += layer.weight.size() + layer.bias.size();
    }
}

TEST(Equation, SinglePrecisionIsNear) {
    NEEDS_TORCH();
    const Surrogate network = random_network(4);
    const Table points = uniform(network.box, 37, 1);  // no whole number of packs
    const auto wide = at_weights(network, coupled(), points, false);
    const auto narrow = at_weights(network, coupled(), points, false, true);
    EXPECT_NEAR(narrow.loss, wide.loss, 1e-4 * wide.loss);
}

// Rows move by their number and the epoch: a sampler that depends on all it is given.
std::optional<Table> moved(const Table& rows, std::span<const double> losses, int epoch) {
    Table next;
    for (const auto& name : {"t", "x"}) {
        const auto old = rows.numbers(name);
        std::vector<double> values(old.begin(), old.end());
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = 0.5 * values[i] + 0.1 * std::sin(losses[i] + epoch + static_cast<double>(i));
        next.set(name, std::move(values));
    }
    return next;
}

TrainOptions options_of(const Equation& equation, int epochs) {
    return {.epochs = epochs,
            .warm_up = 0,
            .learning_rate = 1e-2,
            .weight_decay = 0,
            .seed = 5,
            .device = Device::cpu,
            .schedule = Schedule::step,
            .resample = moved,
            .equation = &equation};
}

TEST(Equation, SameSeedSameBytesAndPartsAreTheWhole) {
    NEEDS_TORCH();
    const Equation equation = allen_cahn(1e-3, 10, 16);
    const Mlp mlp = tanh_network({8, 8}, 2);
    const Table rows = uniform(allen_cahn_box, 30, 2);
    const auto run = [&](const TrainOptions& options, const Table& data) {
        return train(data, {}, allen_cahn_box, {"u"}, mlp, options, executor);
    };
    const Surrogate whole = run(options_of(equation, 12), rows);
    EXPECT_EQ(to_bytes(whole), to_bytes(run(options_of(equation, 12), rows)));

    const Surrogate first = run(options_of(equation, 5), rows);
    TrainOptions rest = options_of(equation, 7);
    rest.from = &first;
    rest.losses = first.memory.rows.numbers("loss");
    const Surrogate second = run(rest, first.memory.rows.without("loss"));
    for (std::size_t l = 0; l < whole.layers.size(); ++l)
        EXPECT_EQ(second.layers[l].weight, whole.layers[l].weight) << l;
    EXPECT_EQ(second.memory.epochs, 12);
    EXPECT_EQ(second.history.numbers("train_loss").back(), whole.history.numbers("train_loss").back());
}

TEST(Equation, GoesOnFromACheckpointWithItsSampler) {
    NEEDS_TORCH();
    const Equation equation = allen_cahn(1e-3, 10, 16);
    const Mlp mlp = tanh_network({8, 8}, 2);
    const Table rows = uniform(allen_cahn_box, 30, 2);
    std::vector<std::string> kept;
    TrainKeeper keeper{.find = [] { return std::nullopt; },
                       .keep = [&](const std::string& bytes) { kept.push_back(bytes); },
                       .seconds = 0};
    const auto run = [&] {
        return to_bytes(
            train(rows, {}, allen_cahn_box, {"u"}, mlp, options_of(equation, 9), executor, keeper));
    };
    const std::string whole = run();
    ASSERT_EQ(kept.size(), 8u);
    for (const std::size_t i : {0u, 4u, 7u}) {
        const std::string checkpoint = kept[i];
        keeper.find = [&]() -> std::optional<std::string> { return checkpoint; };
        EXPECT_EQ(run(), whole) << "after " << i + 1 << " epochs";
    }
}

TEST(Equation, FinishesByLbfgs) {
    NEEDS_TORCH();
    const Equation equation = allen_cahn(1e-2, 10, 16);
    TrainOptions options = options_of(equation, 20);
    options.resample = {};
    options.finish = 150;
    const Table history = train(uniform(allen_cahn_box, 60, 2), {}, allen_cahn_box, {"u"},
                                tanh_network({8, 8}, 2), options, executor)
                              .history;
    const auto losses = history.numbers("train_loss");
    ASSERT_GT(losses.size(), 100u);
    EXPECT_LT(losses.back(), 0.5 * losses[19]);
    EXPECT_TRUE(std::is_sorted(losses.begin() + 20, losses.end(), std::greater<>()));
}

TEST(Equation, RefusesWhatItCannotDifferentiate) {
    NEEDS_TORCH();
    const Equation equation = allen_cahn(1e-4, 1, 4);
    const auto message = [&](Mlp mlp, Box box = allen_cahn_box) {
        return message_of(
            [&] { train(uniform(box, 10, 1), {}, box, {"u"}, mlp, options_of(equation, 1), executor); });
    };
    Mlp mlp = tanh_network({4, 4}, 2);
    EXPECT_EQ(message(mlp), "");
    mlp.batch_norm = true;
    EXPECT_EQ(message(mlp),
              "a network that satisfies an equation has no batch norm; give mlp batch_norm = false");
    mlp = tanh_network({4}, 2);
    mlp.activation = Activation::relu;
    EXPECT_EQ(message(mlp),
              "a network that satisfies an equation has a second derivative; give mlp activation = \"tanh\"");
    mlp = tanh_network({4}, 2);
    EXPECT_EQ(message(mlp, {{{"t", 0.1, 1, Scale::log}, {"x", -1, 1}}}),
              "a network that satisfies an equation needs a linear box; axis 't' is logarithmic");
    mlp.periodic = {{"y", 2}};
    EXPECT_EQ(message(mlp), "periodic names 'y', which is no axis of the box");
}

}  // namespace
}  // namespace rondo
