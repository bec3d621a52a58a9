// Gated surrogates: by hand, calibrated, saved; and trainings that make their parts.
#include "runtime/surrogate/gated.h"

#include <algorithm>

#include "runtime/surrogate/inputs.h"
#include "runtime/surrogate/lbfgs.h"
#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

const Executor executor(1);

// weight u + bias of the one coordinate u in [0, 1].
Surrogate linear(const std::string& output, double weight, double bias) {
    Surrogate surrogate;
    surrogate.box = line;
    surrogate.outputs = {output};
    surrogate.layers = {{1, 1, {weight}, {bias}, false, {}, {}, {}, {}, Activation::none}};
    return surrogate;
}

// Oscillates with chance 1 / (1 + exp(-8 (x - 1/2))), then at frequency (1 + x)^2.
Table rows(std::size_t count, std::uint64_t seed) {
    Table table = uniform(line, count, seed);
    std::vector<double> y;
    Random random(seed, "test");
    for (const double x : table.numbers("x"))
        y.push_back(random.uniform() < 1 / (1 + std::exp(-8 * (x - 0.5))) ? (1 + x) * (1 + x) : 0);
    table.set("freq_X", y);
    return table;
}

TEST(Gated, IsChanceTimesSquareOfTheRoot) {
    const Surrogate both =
        join({linear("on", 8, -4)}, {linear("root", 1, 1)}, {"freq_X"}, rows(4000, 1), false);
    Table points;
    points.set("x", std::vector<double>{0, 0.5, 1, std::nan("")});
    const Table predicted = predict(both, points);
    EXPECT_EQ(predicted.names(), (std::vector<std::string>{"x", "freq_X", "probability", "uncertainty"}));
    for (std::size_t row = 0; row < 3; ++row) {
        const double x = points.numbers("x")[row], p = predicted.numbers("probability")[row];
        EXPECT_NEAR(p, 1 / (1 + std::exp(-8 * (x - 0.5))), 0.05);  // the calibration leaves it about there
        EXPECT_NEAR(predicted.numbers("freq_X")[row], p * (1 + x) * (1 + x), 1e-12);
        EXPECT_GT(predicted.numbers("uncertainty")[row], 0);
    }
    EXPECT_TRUE(std::isnan(predicted.numbers("freq_X")[3]));
    EXPECT_TRUE(std::isnan(predicted.numbers("uncertainty")[3]));
    const Surrogate hard =
        join({linear("on", 8, -4)}, {linear("root", 1, 1)}, {"freq_X"}, rows(4000, 1), true);
    EXPECT_NEAR(hard.gated->highest, 4.4, 0.05);
    const auto y = predict(hard, points);
    EXPECT_EQ(y.numbers("freq_X")[0], 0);
    EXPECT_EQ(y.numbers("freq_X")[2], 4);
}

// A gate that is too sure by a factor of four is put right, and what is claimed is met.
TEST(Gated, CalibrationMendsAnOverconfidentGate) {
    const Surrogate both =
        join({linear("on", 32, -20)}, {linear("root", 1, 1)}, {"freq_X"}, rows(20000, 1), false);
    EXPECT_NEAR(both.gated->slope, 0.25, 0.02);
    EXPECT_NEAR(both.gated->offset, 1, 0.1);
    const Table test = rows(20000, 2);
    const Calibration found = calibration(test, predict(both, test), {"freq_X"});
    EXPECT_LT(found.gap, 0.02);
    EXPECT_NEAR(both.gated->spread, 1, 0.05);  // nothing but the class is uncertain, and that is known
    Surrogate sure = both;
    Gated off = *both.gated;
    off.slope = 1;
    off.offset = -4;
    sure.gated = std::make_shared<const Gated>(off);
    EXPECT_GT(calibration(test, predict(sure, test), {"freq_X"}).gap, 2 * found.gap);
}

TEST(Gated, SavesAllOfItself) {
    Surrogate both = join({linear("on", 8, -4), linear("on", 9, -4)}, {linear("root", 1, 1)}, {"freq_X"},
                          rows(400, 1), true);
    both.features = {{"damping", -1, 1, 0.5, 2}};
    both.memory = {{1, 2}, {3, 4}, 5, 6, 7};
    const std::string bytes = to_bytes(both);
    const Surrogate read = from_bytes(bytes, "x.surrogate");
    EXPECT_EQ(to_bytes(read), bytes);
    EXPECT_EQ(read.gated->gates.size(), 2u);
    EXPECT_TRUE(read.gated->hard);
    for (std::size_t length = 0; length < bytes.size(); length += 7)
        EXPECT_NE(message_of([&] { from_bytes(bytes.substr(0, length), "x.surrogate"); }), "");
}

TEST(Gated, PartsThatDoNotFitAreTold) {
    const Table some = rows(100, 1);
    EXPECT_EQ(message_of([&] { join({}, {linear("root", 1, 1)}, {"freq_X"}, some, false); }),
              "a gated surrogate needs at least one gate and one speed");
    EXPECT_EQ(message_of([&] {
                  join({linear("on", 1, 1)}, {linear("root", 1, 1)}, {"x", "y"}, some, false);
              }),
              "a gate predicts one column, a speed as many as there are outputs");
    EXPECT_EQ(message_of([&] {
                  join({linear("on", 1, 1)}, {linear("root", 1, 1)}, {"freq_X"}, some.slice(0, 1), false);
              }),
              "calibration needs at least 2 validation rows that oscillate and 2 that do not");
}

TEST(Lbfgs, FindsTheBottomOfRosenbrocksValley) {
    std::vector<double> x{-1.2, 1, -1.2, 1, 0.3, 0.5};
    int calls = 0;
    const auto value = [&](const std::vector<double>& at, std::vector<double>& gradient) {
        ++calls;
        double sum = 0;
        for (std::size_t i = 0; i < at.size(); i += 2) {
            const double a = 1 - at[i], b = at[i + 1] - at[i] * at[i];
            sum += a * a + 100 * b * b;
            gradient[i] = -2 * a - 400 * at[i] * b;
            gradient[i + 1] = 200 * b;
        }
        return sum;
    };
    double last = 1e300;
    const int made = minimise(x, value, 200, [&](double now) {
        EXPECT_LE(now, last);
        last = now;
        return true;
    });
    for (const double each : x) EXPECT_NEAR(each, 1, 1e-6);
    EXPECT_LT(made, 200);
    EXPECT_LT(calls, 300);
}

TrainOptions plain(int epochs) {
    TrainOptions options = quick;
    options.epochs = epochs;
    options.schedule = Schedule::constant;
    options.patience = 0;
    return options;
}

// Twenty epochs and twenty more are forty: weights, Adam's memory, masks and shuffles go on.
TEST(Train, GoesOnWhereAnotherEnded) {
    NEEDS_TORCH();
    for (const int batch : {0, 16}) {
        Mlp mlp = small;
        mlp.dropout = 0.1;
        TrainOptions options = plain(20);
        options.batch = batch;
        const Surrogate first = train(sine(100), sine(20), line, {"y"}, mlp, options, executor);
        EXPECT_EQ(first.memory.epochs, 20);
        options.from = &first;
        Surrogate second = train(sine(100), sine(20), line, {"y"}, mlp, options, executor);
        options = plain(40);
        options.batch = batch;
        Surrogate whole = train(sine(100), sine(20), line, {"y"}, mlp, options, executor);
        EXPECT_EQ(second.history.numbers("epoch").front(), 21);
        EXPECT_EQ(second.memory.epochs, 40);
        whole.history = second.history = Table();
        whole.memory.first_epochs = second.memory.first_epochs;
        EXPECT_EQ(to_bytes(second), to_bytes(whole));
    }
}

// The inverse schedule is measured in epochs of the first training, and never starts again.
TEST(Train, TheScheduleGoesOnOverTrainings) {
    NEEDS_TORCH();
    TrainOptions options = quick;
    const Surrogate first = train(sine(50), {}, line, {"y"}, small, options, executor);
    options.from = &first;
    options.epochs = 10;
    const auto rates = train(sine(50), {}, line, {"y"}, small, options, executor).history;
    EXPECT_DOUBLE_EQ(rates.numbers("learning_rate")[3], 1e-2 / (1 + 0.2 * (43 - 5) / (1e-2 * 40)));
    options.schedule = Schedule::cosine;
    options.from = nullptr;
    const auto cosine = train(sine(50), {}, line, {"y"}, small, options, executor).history;
    EXPECT_NEAR(cosine.numbers("learning_rate")[6], 1e-2 * 0.5 * (1 + std::cos(std::numbers::pi / 5)), 1e-12);
}

TEST(Train, GoingOnNeedsTheSameNetwork) {
    NEEDS_TORCH();
    const Surrogate first = train(sine(50), {}, line, {"y"}, small, quick, executor);
    TrainOptions options = quick;
    options.from = &first;
    EXPECT_EQ(message_of([&] { train(sine(50), {}, line, {"y"}, {.hidden = {4}}, options, executor); }),
              "a training goes on from a surrogate of the same box, columns to learn and network");
}

TEST(Train, LbfgsFinishesLowerThanItBegan) {
    NEEDS_TORCH();
    TrainOptions options = plain(100);
    const Mlp mlp{{16, 16}, 0, false};
    options.finish = 60;
    const Surrogate surrogate = train(sine(200), {}, line, {"y"}, mlp, options, executor);
    const auto loss = surrogate.history.numbers("train_loss");
    ASSERT_GT(loss.size(), 120u);
    EXPECT_LT(loss.back(), loss[99] / 10);
    EXPECT_EQ(surrogate.memory.epochs, 100);
    double square = 0;
    const Table predicted = predict(surrogate, sine(200));
    for (std::size_t i = 0; i < 200; ++i)
        square += std::pow(predicted.numbers("y")[i] - sine(200).numbers("y")[i], 2) / 200;
    EXPECT_NEAR(square, loss.back(), 1e-9);  // the weights kept are those of the last iteration
}

TEST(Train, LogisticLossLearnsAChance) {
    NEEDS_TORCH();
    Table data = rows(3000, 5);
    std::vector<double> on;
    for (const double y : data.numbers("freq_X")) on.push_back(y > 0);
    data.set("on", on);
    TrainOptions options = plain(60);
    options.loss = Loss::logistic;
    options.batch = 100;
    const Surrogate gate = train(data, {}, line, {"on"}, Mlp{{8}, 0, false}, options, executor);
    const Table logits = predict(gate, sine(11));
    for (std::size_t i = 0; i < 11; ++i)
        EXPECT_NEAR(logits.numbers("on")[i], 8 * (logits.numbers("x")[i] - 0.5), 0.8);
}

TEST(Train, SinglePrecisionIsNearDouble) {
    NEEDS_TORCH();
    TrainOptions options = plain(20);
    const Surrogate two = train(sine(100), {}, line, {"y"}, small, options, executor);
    options.single = true;
    const Surrogate one = train(sine(100), {}, line, {"y"}, small, options, executor);
    EXPECT_NE(to_bytes(one), to_bytes(two));
    EXPECT_NEAR(one.history.numbers("train_loss")[19], two.history.numbers("train_loss")[19], 1e-3);
}

// What the sampler is told are the losses of the rows it is told, and what it gives is learnt next.
TEST(Train, ASamplerSeesLossesAndChangesRows) {
    NEEDS_TORCH();
    for (const int batch : {0, 25}) {
        TrainOptions options = plain(4);
        options.batch = batch;
        int calls = 0;
        options.resample = [&](const Table& data, std::span<const double> losses,
                               int done) -> std::optional<Table> {
            EXPECT_EQ(done, ++calls);
            EXPECT_EQ(losses.size(), data.rows());
            EXPECT_EQ(data.numbers("x")[0], done == 1 ? 0 : 0.5 / 100);
            for (const double loss : losses) EXPECT_GE(loss, 0);
            return sine(100, 0.5);
        };
        const auto history = train(sine(100), {}, line, {"y"}, small, options, executor).history;
        EXPECT_EQ(calls, 3);  // none behind the last epoch
        EXPECT_EQ(history.rows(), 4u);
    }
}

// The rule is PyTorch's: more than `patience` epochs without a loss below (1 - threshold) times the best.
TEST(Schedule, APlateauIsWaitedForAndLowersTheRate) {
    PlateauRule rule({.patience = 2, .factor = 0.5, .threshold = 0.1});
    std::vector<double> factors;
    for (const double loss : {1.0, 0.95, 0.91, 0.92, 0.8, 0.79, 0.78, 0.9, 0.9, 0.9, 0.9})
        factors.push_back(rule.after(loss));
    EXPECT_EQ(factors, (std::vector<double>{1, 1, 1, 0.5, 1, 1, 1, 0.5, 1, 1, 0.5}));
}

// Rows that the sampler chose for their loss do not count for the plateau; the rate falls by what is watched
// alone.
TEST(Train, APlateauWatchesTheRowsThatAColumnNames) {
    NEEDS_TORCH();
    TrainOptions options = plain(6);
    options.warm_up = 0;
    options.schedule = Schedule::plateau;
    options.plateau = {.patience = 0, .factor = 0.5, .threshold = 0.99, .watch = "even"};
    options.batch = 0;
    Table data = sine(64);
    std::vector<double> even;
    for (std::size_t i = 0; i < 64; ++i) even.push_back(i < 16 ? 1 : 0);
    data.set("even", even);
    std::vector<double> watched;
    options.resample = [&](const Table&, std::span<const double> losses, int) -> std::optional<Table> {
        double sum = 0;
        for (std::size_t i = 0; i < 16; ++i) sum += losses[i] / 16;
        watched.push_back(sum);
        return std::nullopt;
    };
    const Surrogate learned = train(data, {}, line, {"y"}, small, options, executor);
    const auto seen = learned.history.numbers("watched_loss"),
               rates = learned.history.numbers("learning_rate");
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(seen[i], watched[i], 1e-15);
    for (std::size_t i = 2; i < 6; ++i) EXPECT_NEAR(rates[i], rates[i - 1] / 2, 1e-15) << i;
    EXPECT_EQ(rates[0], rates[1]);
    EXPECT_EQ(learned.memory.rows.names(), (std::vector<std::string>{"x", "y", "even", "loss"}));
}

TEST(Train, ProbesAreWatchedAndChangeNothing) {
    NEEDS_TORCH();
    TrainOptions options = plain(3);
    const Surrogate without = train(sine(64), sine(10, 0.5), line, {"y"}, small, options, executor);
    options.probes = {{"same", sine(10, 0.5)}, {"own", sine(64)}};
    const Surrogate with = train(sine(64), sine(10, 0.5), line, {"y"}, small, options, executor);
    EXPECT_EQ(with.history.at("validation_loss").numbers(), without.history.at("validation_loss").numbers());
    EXPECT_EQ(with.history.at("same_loss").numbers(), without.history.at("validation_loss").numbers());
    EXPECT_EQ(with.layers[0].weight, without.layers[0].weight);
    EXPECT_TRUE(with.memory.rows.columns().empty());  // nobody asked for the losses of rows
}

TEST(Train, RowLossesAverageToTheLoss) {
    NEEDS_TORCH();
    TrainOptions options = plain(3);
    std::vector<double> means;
    options.resample = [&](const Table&, std::span<const double> losses, int) -> std::optional<Table> {
        double sum = 0;
        for (const double loss : losses) sum += loss;
        means.push_back(sum / static_cast<double>(losses.size()));
        return std::nullopt;
    };
    const auto history = train(sine(64), {}, line, {"y"}, small, options, executor).history;
    ASSERT_EQ(means.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(means[i], history.numbers("train_loss")[i], 1e-12);
}

TEST(Inputs, RawOnesAreTheCoordinatesThemselves) {
    Surrogate scaled = random_surrogate(1);
    for (Axis& axis : scaled.box.axes) axis = {axis.name, 0, 1};
    Surrogate raw = scaled;
    raw.raw = true;
    for (Axis& axis : raw.box.axes) axis = {axis.name, -2, 3};
    raw = from_bytes(to_bytes(raw), "raw");
    const Table points = uniform(scaled.box, 50, 1);
    const Table expected = predict(scaled, points), given = predict(raw, points);
    for (const auto& name : scaled.outputs)
        EXPECT_TRUE(std::ranges::equal(given.numbers(name), expected.numbers(name))) << name;
    double input[3] = {};
    for (int order = 0; order < 3; ++order) axis_inputs(raw, 0, 0.7, order, &input[order]);
    EXPECT_EQ(input[0], 0.7);
    EXPECT_EQ(input[1], 1);
    EXPECT_EQ(input[2], 0);
}

TEST(Inputs, LogarithmsAndFeaturesAreLearntFromAndPredictedWith) {
    NEEDS_TORCH();
    EXPECT_EQ(log_input(1), 1);
    EXPECT_NEAR(log_input(0), 0, 1e-15);
    Table data = sine(100);
    std::vector<double> cosine;
    for (const double x : data.numbers("x")) cosine.push_back(3 + std::cos(2 * std::numbers::pi * x));
    data.set("c", cosine);
    Mlp mlp = small;
    mlp.logs = true;
    TrainOptions options = quick;
    options.features = {"c"};
    const Surrogate surrogate = train(data, {}, line, {"y"}, mlp, options, executor);
    EXPECT_EQ(surrogate.layers[0].inputs, 3);
    EXPECT_NEAR(surrogate.features[0].centre, 3, 1e-12);
    EXPECT_EQ(message_of([&] { predict(surrogate, sine(5)); }), "there is no column 'c'; there are 'x', 'y'");
    const Table predicted = predict(surrogate, data);
    double square = 0;
    for (std::size_t i = 0; i < 100; ++i)
        square += std::pow(predicted.numbers("y")[i] - data.numbers("y")[i], 2) / 100;
    EXPECT_LT(square, 0.5);            // as large as the sine's own without learning
    Table beyond = data, edge = data;  // a feature beyond all met counts as the largest met
    beyond.set("c", std::vector<double>(100, 1e30));
    edge.set("c", std::vector<double>(100, *std::max_element(cosine.begin(), cosine.end())));
    EXPECT_EQ(predict(surrogate, beyond).at("y").numbers(), predict(surrogate, edge).at("y").numbers());
    EXPECT_EQ(activations(surrogate, data).width(), 16u);
    EXPECT_EQ(activations(surrogate, data).rows(), 100u);
}

}  // namespace
}  // namespace rondo
