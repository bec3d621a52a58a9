// Trainings as one batched network against the same trainings one by one.
#include <gmock/gmock.h>

#include <algorithm>

#include "runtime/surrogate/replicates.h"
#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

const Executor executor(1);
const std::vector<std::uint64_t> seeds{3, 8, 5};
const std::vector<Member> members{{3}, {8}, {5}};

Lesson sines(const Mlp& mlp, const TrainOptions& options) {
    return {sine(60), sine(20), line, {"y"}, mlp, options};
}

Surrogate alone(const Lesson& lesson, std::uint64_t seed) {
    TrainOptions options = lesson.options;
    options.seed = seed;
    return train(lesson.data, lesson.validation, lesson.box, lesson.targets, lesson.mlp, options, executor);
}

// Products are summed in other orders, so the last bits differ, some 1e-16 a step. Adam divides gradients by
// their own size, which magnifies that where they are small: over these epochs to 5e-12 at most. A mistake
// in masks, shuffles, statistics or gradients shows at 1e-3.
constexpr double rounding = 1e-8;

void expect_alike(const Table& a, const Table& b, double tolerance) {
    ASSERT_EQ(a.names(), b.names());
    ASSERT_EQ(a.rows(), b.rows());
    for (const auto& name : a.names()) {
        for (std::size_t i = 0; i < a.rows(); ++i)
            EXPECT_NEAR(a.numbers(name)[i], b.numbers(name)[i], tolerance) << name << ' ' << i;
    }
}

TEST(Together, EachIsWhatItIsAlone) {
    NEEDS_TORCH();
    for (const auto& [mlp, batch, loss, finish] : std::vector<std::tuple<Mlp, int, Loss, int>>{
             {{.hidden = {16, 32, 16}, .dropout = 0.2}, 0, Loss::squared, 0},
             {{.hidden = {16, 32, 16}, .dropout = 0.2}, 16, Loss::squared, 0},
             {{.hidden = {16, 16}, .batch_norm = false, .activation = Activation::tanh}, 16, Loss::huber, 5},
             {{.hidden = {}, .batch_norm = false}, 7, Loss::squared, 0}}) {
        SCOPED_TRACE(testing::Message() << mlp.hidden.size() << " layers, batch " << batch);
        TrainOptions options = quick;
        options.batch = batch;
        options.loss = loss;
        options.finish = finish;
        options.best_weights = finish == 0;
        options.optimizer = batch == 16 ? Optimizer::adamw : Optimizer::adam;
        const Lesson lesson = sines(mlp, options);
        const auto together = train_together(lesson, members, executor);
        ASSERT_EQ(together.size(), seeds.size());
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            const Surrogate one = alone(lesson, seeds[i]);
            expect_alike(together[i].history, one.history, rounding);
            expect_alike(predict(together[i], sine(50)), predict(one, sine(50)), rounding);
            EXPECT_EQ(together[i].memory.steps, one.memory.steps);
            EXPECT_EQ(together[i].memory.epochs, one.memory.epochs);
        }
    }
}

// Rows of their own, and a past of their own: other epochs behind them, so other rates and steps of Adam.
TEST(Together, EachMayHaveItsRowsAndItsPast) {
    NEEDS_TORCH();
    TrainOptions options = quick;
    options.optimizer = Optimizer::adamw;
    for (const int batch : {0, 16}) {
        options.batch = batch;
        const Lesson lesson = sines(small, options);
        std::vector<Table> rows;
        std::vector<Surrogate> origins;
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            rows.push_back(sine(60));
            std::vector<double> y;
            for (const double each : rows[i].numbers("y")) y.push_back(each * static_cast<double>(i + 1));
            rows[i].set("y", std::move(y));
            Lesson before = lesson;
            before.options.epochs = 5 * static_cast<int>(i + 1);
            origins.push_back(alone(before, seeds[i]));
        }
        std::vector<Member> own_ways;
        for (std::size_t i = 0; i < seeds.size(); ++i)
            own_ways.push_back({seeds[i], &rows[i], &rows[2 - i], &origins[i]});
        const auto together = train_together(lesson, own_ways, executor);
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            Lesson own = lesson;
            own.data = rows[i];
            own.validation = rows[2 - i];
            own.options.from = &origins[i];
            const Surrogate one = alone(own, seeds[i]);
            expect_alike(together[i].history, one.history, rounding);
            expect_alike(predict(together[i], sine(50)), predict(one, sine(50)), rounding);
            EXPECT_EQ(together[i].memory.epochs, one.memory.epochs);
        }
    }
}

TEST(Together, EachStopsInItsOwnTime) {
    NEEDS_TORCH();
    TrainOptions options = quick;
    options.epochs = 200;
    options.patience = 8;
    const Lesson lesson = sines(small, options);
    const auto together = train_together(lesson, members, executor);
    std::vector<std::size_t> epochs;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        const Surrogate one = alone(lesson, seeds[i]);
        EXPECT_EQ(together[i].history.rows(), one.history.rows());
        expect_alike(predict(together[i], sine(50)), predict(one, sine(50)), rounding);
        epochs.push_back(one.history.rows());
    }
    EXPECT_NE(std::ranges::min(epochs), std::ranges::max(epochs));
}

TEST(Together, GoesOnFromOthers) {
    NEEDS_TORCH();
    const Surrogate from = alone(sines(small, quick), 1);
    TrainOptions options = quick;
    options.from = &from;
    options.batch = 16;
    const Lesson lesson = sines(small, options);
    const auto together = train_together(lesson, members, executor);
    for (std::size_t i = 0; i < seeds.size(); ++i)
        expect_alike(together[i].history, alone(lesson, seeds[i]).history, rounding);
}

// Stopped as often as may be, one of them over before the last stop: the bytes of what never stopped.
TEST(Together, GoesOnFromACheckpointToTheSameBytes) {
    NEEDS_TORCH();
    struct Stopper : Progress {
        void begin(const std::string&, std::size_t) override {}
        void advance(std::size_t count) override {
            if (count % 7 == 0) *flag = true;
        }
        void note(const std::string&) override {}
        void end() override {}
        StopFlag* flag = nullptr;
    };
    TrainOptions options = quick;
    options.batch = 16;
    options.patience = 8;
    options.finish = 1;
    Mlp mlp = small;
    mlp.dropout = 0.2;
    const Lesson lesson = sines(mlp, options);
    const auto whole = train_together(lesson, members, executor);
    std::optional<std::string> kept;
    int stops = 0;
    TrainKeeper keeper;
    keeper.find = [&] { return kept; };
    keeper.keep = [&](const std::string& bytes) { kept = bytes; };
    keeper.seconds = 1e9;  // at stops alone
    std::vector<Surrogate> resumed;
    while (resumed.empty()) {
        StopFlag stop = false;
        Stopper progress;
        progress.flag = &stop;
        try {
            resumed = train_together(lesson, members, Executor(1, &stop, &progress), keeper);
        } catch (const Error& error) {
            ASSERT_EQ(error.fault(), Fault::interrupted);
            ASSERT_LT(++stops, 20);
        }
    }
    EXPECT_GE(stops, 2);
    for (std::size_t i = 0; i < seeds.size(); ++i)
        EXPECT_TRUE(to_bytes(resumed[i]) == to_bytes(whole[i])) << "seed " << seeds[i];
}

TEST(Together, WhatPartsThemIsTold) {
    TrainOptions options = quick;
    options.schedule = Schedule::plateau;
    EXPECT_EQ(message_of([&] { train_together(sines(small, options), members, executor); }),
              "trainings with a plateau cannot be one network");
    EXPECT_EQ(apart(quick), std::nullopt);
    const Table fewer = sine(50);
    EXPECT_EQ(message_of([&] {
                  train_together(sines(small, quick), {{1}, {2, &fewer}}, executor);
              }),
              "trainings of 60 and of 50 rows cannot be one network");
}

TEST(Together, ALossThatIsNotFiniteEndsAll) {
    NEEDS_TORCH();
    TrainOptions options = quick;
    options.learning_rate = 1e200;
    options.warm_up = 0;
    EXPECT_THAT(message_of([&] { train_together(sines(small, options), members, executor); }),
                testing::HasSubstr("is not finite in epoch 2 (learning rate"));
}

}  // namespace
}  // namespace rondo
