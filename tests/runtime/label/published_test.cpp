// The published rule on signals whose answer is known, and on rows of the published data.
#include "runtime/label/published.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"
#include "tests/support/oscillators.h"

namespace rondo {
namespace {

using namespace testing;

constexpr double pi = std::numbers::pi;

const PublishedOptions hundred{.horizon = 1000, .dt = 1, .delta = 0.1};

template <class Signal>
double frequency(Signal&& signal, const PublishedOptions& options = hundred) {
    std::vector<double> y;
    for (std::size_t k = 0; k < options.samples(); ++k)
        y.push_back(signal(static_cast<double>(k) * options.dt));
    return published_frequency(y, options);
}

// Periods are whole numbers of samples, up to the pull of the taper towards shorter ones.
TEST(PublishedRule, ASineHasItsPeriodInSamples) {
    for (const double period : {8.0, 20.0, 50.0, 125.0}) {
        SCOPED_TRACE(period);
        const double found = frequency([&](double t) { return 3 + std::sin(2 * pi * t / period); });
        EXPECT_NEAR(1 / found, period, 1);
        EXPECT_NEAR(1 / found, std::round(1 / found), 1e-9);
    }
}

TEST(PublishedRule, WhatStandsFadesOrHardlyTurnsDoesNotOscillate) {
    EXPECT_EQ(frequency([](double) { return 2.0; }), 0);
    EXPECT_EQ(frequency([](double t) { return std::exp(-t / 100) * std::sin(t / 3); }), 0);
    EXPECT_EQ(frequency([](double t) { return std::sin(2 * pi * t / 900); }), 0);  // fewer than three peaks
    EXPECT_EQ(frequency([](double t) { return t; }), 0);
}

// The envelope's ratio may be off by delta: 8 % in all is let through, as in the published files.
TEST(PublishedRule, ASlowFadeIsLetThrough) {
    const auto fading = [](double t) { return std::exp(-8e-5 * t) * std::sin(2 * pi * t / 25); };
    EXPECT_NEAR(1 / frequency(fading), 25, 1);
    PublishedOptions strict = hundred;
    strict.delta = 0.01;
    strict.envelope = {2};  // of many, the least counts, and 67 cycles are the whole signal: a ratio of 1
    EXPECT_EQ(frequency(fading, strict), 0);
}

TEST(PublishedRule, AgreesWithThePublishedLabels) {
    for (const Oscillator& system : oscillators()) {
        SCOPED_TRACE(system.name);
        std::string file = exact_file(system);
        file.replace(file.find("val_exact"), 9, "val5k");
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
        const Table table = read_csv(file).slice(0, 40);
        const auto model = system.compile();
        const PublishedLabeller labeller({model->shared_system(), model->outputs()},
                                         *published_preset(system.name));
        std::vector<std::vector<double>> inputs;
        for (std::size_t row = 0; row < table.rows(); ++row)
            inputs.push_back(system.inputs(*model, table, row));
        std::size_t oscillating = 0, different = 0;
        Executor(1).feed("labelling", inputs.size(), [&](int, Feed& feed) {
            labeller.serve(
                feed, [&](std::size_t run) { return std::span<const double>(inputs[run]); },
                [&](std::size_t run, const Label& label) {
                    bool same = true;
                    for (std::size_t q = 0; q < system.observed.size(); ++q) {
                        const double theirs = table.numbers("freq_" + system.observed[q])[run];
                        oscillating += theirs > 0;
                        same &= std::abs(label.frequencies[q] - theirs) <= 1e-9;
                    }
                    different += !same;
                });
        });
        // The rule has no least amplitude: in a row whose rhythm has died, the noise of the solver decides.
        EXPECT_LE(different, 1u);
        EXPECT_GT(oscillating, 2u);
    }
}

TEST(PublishedRule, OptionsAreChecked) {
    const auto model = compiled(brusselator(), {"X"});
    const auto message = [&](double horizon, double dt) {
        try {
            const PublishedLabeller labeller({model->shared_system(), model->outputs()},
                                             {.horizon = horizon, .dt = dt});
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(message(0, 1),
              "the published rule: the horizon (T) must be a positive time; the four published systems have "
              "their own");
    EXPECT_EQ(message(10, 0), "the published rule: dt, the time between samples, must be positive");
    EXPECT_EQ(message(10, 1),
              "the published rule: horizon / dt is the number of samples; it must be 16 to 10000000");
}

}  // namespace
}  // namespace rondo
