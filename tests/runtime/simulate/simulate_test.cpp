#include "runtime/simulate/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/api/models.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const decay = "A -> B; k*A\nA = 2; B = 0; k = 0.5\n";

SimulateOptions until(double end, std::size_t points = 11) {
    SimulateOptions options;
    options.end = end;
    options.points = points;
    options.integrate.rtol = 1e-9;
    return options;
}

template <class Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

// No virus yet, though it would grow by e^130: nothing of the other states may leak into it, not by rounding.
TEST(Simulate, WhatIsZeroAndReadsNothingElseStaysZero) {
    const char* const text =
        "species M = 0, E = 0, D = 0, R = 55; M' = M/(0.5 + serum) - 0.7*M; serum = 2;"
        "E' = 0.4*(4 + M/(0.15 + M))*E/(0.15 + E) + 0.003*M/(0.15 + M) - 0.25*E - 180*R*E + 0.1*R;"
        "D' = 0.03*M/(0.15 + M) + 0.45*serum/(0.5 + serum) - 1.5*D; R' = 0.18 - 180*R*E - 18*D*R/(0.92 + R);"
        "at time > 10: serum = 0";
    for (const double rtol : {1e-8, 1e-9, 1e-10}) {
        SimulateOptions options = until(110, 12);
        options.integrate.rtol = rtol;
        const rondo::Run run = simulate(parse_model(text, "m.ant"), options);
        EXPECT_EQ(run.outcome.reason, "");
        EXPECT_THAT(run.table.numbers("M"), testing::Each(0));
    }
}

TEST(Simulate, DecayIsAnExponential) {
    const rondo::Run run = simulate(parse_model(decay, "decay.ant"), until(10));
    EXPECT_EQ(run.outcome.kind, Outcome::Kind::finished);
    EXPECT_THAT(run.table.names(), ElementsAre("time", "A", "B"));
    const auto time = run.table.numbers("time"), a = run.table.numbers("A"), b = run.table.numbers("B");
    ASSERT_EQ(time.size(), 11u);
    for (std::size_t row = 0; row < time.size(); ++row) {
        EXPECT_NEAR(a[row], 2 * std::exp(-0.5 * time[row]), 1e-7);
        EXPECT_NEAR(a[row] + b[row], 2, 1e-12);
    }
}

TEST(Simulate, SettingsActBeforeInitialAssignments) {
    const Model model = parse_model("species S; S = 3*k; k = 2; S -> ; 0*S\n", "m.ant");
    const Setting k{"k", 5};
    EXPECT_EQ(simulate(model.with({&k, 1}), until(1, 2)).table.numbers("S")[0], 15);
    const Setting s{"S", 7};  // what the user names wins over the model's own assignment
    EXPECT_EQ(simulate(model.with({&s, 1}), until(1, 2)).table.numbers("S")[0], 7);
}

TEST(Simulate, ConcentrationsSurviveAChangeOfVolume) {
    const Model model = parse_model("compartment C = 1\nspecies S in C = 4\nS -> ; 0*S\n", "m.ant");
    const Setting volume{"C", 10};
    SimulateOptions options = until(1, 2);
    options.select = {"S", "[S]", "amount(S)"};
    const Table table = simulate(model.with({&volume, 1}), options).table;
    EXPECT_EQ(table.numbers("S")[0], 4);
    EXPECT_EQ(table.numbers("[S]")[0], 4);
    EXPECT_EQ(table.numbers("amount(S)")[0], 40);
}

TEST(Simulate, ChangesAtTimesAreDosing) {
    SimulateOptions options = until(10, 11);
    options.changes = {{2, {{"k", 0}}}, {5, {{"A", 1}, {"k", 1}}}};
    const rondo::Run run = simulate(parse_model(decay, "decay.ant"), options);
    const auto a = run.table.numbers("A");
    for (int t = 0; t <= 10; ++t) {
        const double expected = t < 2   ? 2 * std::exp(-0.5 * t)
                                : t < 5 ? 2 * std::exp(-1)
                                        : std::exp(-(t - 5));
        EXPECT_NEAR(a[static_cast<std::size_t>(t)], expected, 1e-7) << t;
    }
}

TEST(Simulate, OneRunARowOfPointsWhateverTheNumberOfThreads) {
    const Model model = parse_model(decay, "decay.ant");
    Table points;
    points.set("k", std::vector<double>{0.1, 0.2, 0.4});
    points.set("note", std::vector<std::string>{"x", "y", "z"});
    const Runs one = simulate_over(model, points, "points", until(3, 4), Executor(1));
    const Runs three = simulate_over(model, points, "points", until(3, 4), Executor(3));
    EXPECT_THAT(one.table.names(), ElementsAre("run", "k", "note", "time", "A", "B"));
    ASSERT_EQ(one.table.rows(), 12u);
    EXPECT_NEAR(one.table.numbers("A")[11], 2 * std::exp(-0.4 * 3), 1e-7);
    for (const auto& column : one.table.columns())
        EXPECT_EQ(column.values, three.table.at(column.name).values);
}

TEST(Simulate, AFailedRunIsARowOfNaNFromThereOn) {
    const Model model = parse_model("A -> ; -k*A^2\nA = 1; k = 1\n", "blow-up.ant");  // A = 1/(1 - k t)
    Table points;
    points.set("k", std::vector<double>{0.1, 2});
    const Runs runs = simulate_over(model, points, "points", until(2, 5), Executor(1));
    EXPECT_EQ(runs.outcomes[0].kind, Outcome::Kind::finished);
    EXPECT_EQ(runs.outcomes[1].kind, Outcome::Kind::failed);
    EXPECT_NEAR(runs.outcomes[1].t, 0.5, 1e-3);
    const auto a = runs.table.numbers("A");
    EXPECT_NEAR(a[4], 1.25, 1e-6);
    EXPECT_NEAR(a[5], 1, 1e-12);
    EXPECT_TRUE(std::isnan(a[9]));
}

// So many rows that each run is a block of its own.
TEST(Simulate, InBlocksTheRowsAreTheSame) {
    const Model model = parse_model(decay, "decay.ant");
    Table points;
    points.set("k", std::vector<double>{0.1, 2, 0.7});
    constexpr std::size_t rows = 1'500'000;
    const Runs all = simulate_over(model, points, "points", until(2, rows), Executor(1));
    std::size_t blocks = 0;
    Table together;
    simulate_in_blocks(model, points, "points", until(2, rows), Executor(2), [&](Runs runs) {
        EXPECT_EQ(runs.outcomes.size(), 1u);
        together = blocks++ == 0 ? runs.table : append(together, runs.table);
    });
    EXPECT_EQ(blocks, 3u);
    ASSERT_EQ(together.names(), all.table.names());
    for (const auto& name : together.names())
        EXPECT_TRUE(std::ranges::equal(together.numbers(name), all.table.numbers(name))) << name;
}

TEST(Simulate, ManyRunsAgreeWithSingleOnesByAnyMethod) {
    const Model model =
        parse_model("J1: A -> B; V*A^n/(K^n + A^n)\nJ2: B -> ; k*B\nA = 5; B = 1; V = 2; K = 1; n = 2; k = 1",
                    "hill.ant");
    Table points;
    points.set("V", std::vector<double>{0.5, 1, 2, 3, 4});
    SimulateOptions options = until(5, 11);
    options.select = {"A", "J1"};
    for (const auto method : {EnsembleMethod::automatic, EnsembleMethod::dop853, EnsembleMethod::tsit5,
                              EnsembleMethod::rodas5p, EnsembleMethod::bdf, EnsembleMethod::adams}) {
        options.method = method;
        const Runs runs = simulate_over(model, points, "points", options, Executor(2));
        for (std::size_t row = 0; row < points.rows(); ++row) {
            const Setting v{"V", points.numbers("V")[row]};
            SimulateOptions alone = options;
            alone.method = EnsembleMethod::bdf;
            alone.integrate.rtol = 1e-11;
            const auto run = simulate(model.with({&v, 1}), alone);
            for (const char* name : {"A", "J1"}) {
                for (std::size_t k = 0; k < options.points; ++k) {
                    const double exact = run.table.numbers(name)[k];
                    EXPECT_NEAR(runs.table.numbers(name)[row * options.points + k], exact, 1e-6)
                        << runs.method;
                }
            }
        }
    }
}

TEST(Simulate, WhatCannotRunInLanesSaysSo) {
    const Model model = parse_model("A -> ; k*A\nA = 1; k = 1\nat A < 0.5: A = 1", "events.ant");
    Table points;
    points.set("k", std::vector<double>{0.1, 2});
    EXPECT_EQ(simulate_over(model, points, "points", until(2), Executor(1)).method,
              "CVODE bdf: it has events");
}

TEST(Simulate, OptionsThatMakeNoSenseAreSaid) {
    const Model model = parse_model(decay, "decay.ant");
    const auto with = [&](auto change) {
        SimulateOptions options = until(10);
        change(options);
        return message_of([&] { simulate(model, options); });
    };
    EXPECT_THAT(with([](auto& o) { o.end = -1; }),
                HasSubstr("the end of the time span must come after its start"));
    EXPECT_THAT(with([](auto& o) { o.points = 1; }), HasSubstr("points must be at least 2"));
    EXPECT_THAT(with([](auto& o) { o.select = {"a"}; }), HasSubstr("no quantity 'a'; did you mean 'A'?"));
    EXPECT_THAT(with([](auto& o) { o.integrate.rtol = -1e-6; }), HasSubstr("-1e-06; it must be > 0"));
    EXPECT_THAT(with([](auto& o) {
                    o.changes = {{20, {{"k", 1}}}};
                }),
                HasSubstr("times of 'at' must lie in the time span"));
    EXPECT_THAT(with([](auto& o) { o.changes = {{2, {{"q", 1}}}}; }), HasSubstr("no input 'q'"));
}

TEST(Model, AnInputMustExistAndMayNotBeARulesTarget) {
    const Model model = parse_model("K_m = 1; v := K_m * time\nx' = v; x = 0\n", "m.ant");
    const auto set = [&](const std::string& name, double value) {
        const Setting setting{name, value};
        return message_of([&] { (void)model.with({&setting, 1}); });
    };
    EXPECT_EQ(set("K_m", 2), "no error");
    EXPECT_EQ(set("x", 2), "no error");
    EXPECT_THAT(set("Km", 2), HasSubstr("no input 'Km'; did you mean 'K_m'?"));
    EXPECT_THAT(set("v", 2), HasSubstr("'v' cannot be set: a rule of the model computes it"));
    EXPECT_THAT(set("K_m", std::nan("")), HasSubstr("must be a finite number"));
}

TEST(Model, DisplayNamesDoNotChangeWhatResultsDependOn) {
    const Model plain = parse_model(decay, "decay.ant");
    const Model named = parse_model(std::string(decay) + "A is \"Adenosine\"\n", "decay.ant");
    EXPECT_EQ(plain.canonical(), named.canonical());
    EXPECT_EQ(named.network().species[0].name, "Adenosine");
}

TEST(Effort, QuickCodeGivesTheSameBitsAndGivesWayToBetterCode) {
    const Model model = parse_model("A -> B; k*A^2/(1 + exp(B))\nA = 2; B = 0; k = 0.5\n", "m.ant");
    const std::vector<std::string> names{"A", "B"};
    const auto quick = model.compiled(names, Effort::quick);
    const auto before = simulate(model, {});
    const auto full = model.compiled(names);
    EXPECT_NE(quick, full);
    EXPECT_EQ(model.compiled(names, Effort::quick), full);
    const auto after = simulate(model, {});
    EXPECT_EQ(to_csv(before.table), to_csv(after.table));
}

}  // namespace
}  // namespace rondo
