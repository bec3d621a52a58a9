// The evaluator with verbs and objects of the test's own; what the language itself says is in tests/lang.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "study_run.h"

namespace rondo {
namespace {

// A thing with fields, that can be called and changed.
class Gadget : public Object {
  public:
    explicit Gadget(double size) : size_(size) {}
    std::string_view type() const override { return "oracle"; }
    std::string print() const override { return "oracle of size " + to_text(Value(size_)); }
    std::optional<Value> field(std::string_view name) const override {
        return name == "size" ? std::optional<Value>(size_) : std::nullopt;
    }
    std::vector<std::string> fields() const override { return {"size"}; }
    bool callable() const override { return true; }
    Value call(Call& call) const override {
        call.bind({"x"});
        return size_ * call.number("x");
    }
    std::optional<Value> with(const Call& call) const override {
        for (const auto& given : call.given)
            if (given.name != "size") throw Error(Fault::input, "an oracle has no '" + given.name + "'");
        return make(*call.given[0].value.get_if<double>());
    }
    void identify(Identity& identity) const override { identity.add(size_); }

    static Value make(double size) {
        return Value(std::shared_ptr<const Object>(std::make_shared<Gadget>(size)));
    }

  private:
    double size_;
};

void add_gadget(StudyRun& runner) {
    runner.add("gadget", {"size"}, [](Call& call) { return Gadget::make(call.number("size")); });
}

TEST(Evaluate, ObjectsHaveFieldsCallsAndWith) {
    StudyRun runner;
    add_gadget(runner);
    EXPECT_EQ(
        runner.run("g = gadget(3)\nprint(g, g.size, g(2))\nh = g with (size = 5)\nprint(h.size, g.size)"),
        "oracle of size 3 3 6\n5 3\n");
    EXPECT_EQ(runner.failure("g = gadget(3)\nprint(g.sise)"),
              "study.rondo:2:9: error: the oracle has no field 'sise'\n"
              "  2 | print(g.sise)\n"
              "    |         ^~~~\n"
              "  help: did you mean 'size'?\n");
    EXPECT_NE(runner.failure("g = gadget(3)\nh = g with (colour = 1)")
                  .find("2:5: error: an oracle has no 'colour'"),
              std::string::npos);
    EXPECT_NE(runner.failure("x = 3 with (a = 1)").find("'with' does not work on a number"),
              std::string::npos);
}

TEST(Evaluate, WhatAVerbThrowsGetsThePlaceOfTheCallAndKeepsItsKind) {
    StudyRun runner;
    runner.add("solve", {}, [](Call&) -> Value { throw Error(Fault::numerics, "stopped at t = 41.7"); });
    Fault fault{};
    EXPECT_EQ(runner.failure("function f(x)\n    return solve()\nend\ny = f(1)", &fault),
              "study.rondo:2:12: error: stopped at t = 41.7\n"
              "  2 |     return solve()\n"
              "    |            ^~~~~~~\n"
              "  called from study.rondo:4:5\n");
    EXPECT_EQ(fault, Fault::numerics);
}

TEST(Evaluate, UnsupportedStaysUnsupported) {
    StudyRun runner;
    runner.add("solve", {}, [](Call&) -> Value { throw Error(Fault::unsupported, "delays"); });
    Fault fault{};
    EXPECT_TRUE(runner.failure("solve()", &fault).starts_with("study.rondo:1:1: unsupported: delays\n"));
    EXPECT_EQ(fault, Fault::unsupported);
}

TEST(Evaluate, AnInterruptionIsNoFaultOfALine) {
    StopFlag stop = true;
    StudyRun runner;
    Executor stopping(1, &stop);
    Environment environment{.executor = stopping,
                            .store = runner.store,
                            .out = runner.out,
                            .warn = [](const std::string&) {},
                            .study_folder = "",
                            .stdlib = "",
                            .output_folder = "",
                            .load_model = {},
                            .sources = runner.sources};
    Evaluator evaluator(environment, runner.verbs, {});
    try {
        evaluator.run(runner.sources.add("study.rondo", "while true\nend"));
        FAIL() << "an endless loop ended by itself";
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::interrupted);
        EXPECT_EQ(std::string(error.what()).find("study.rondo"), std::string::npos);
    }
}

TEST(Evaluate, VerbsCallBackIntoTheStudy) {
    StudyRun runner;
    runner.add("twice", {"function", "x"}, [](Call& call) {
        const Value& function = call.value("function");
        return call.apply(function, {call.apply(function, {call.value("x")})});
    });
    EXPECT_EQ(runner.run("k = 3\nfunction f(x) k*x end\nprint(twice(f, 2), twice(sqrt, 16), "
                         "twice(function(x) x + k end, 1))"),
              "18 2 7\n");
    EXPECT_EQ(runner.failure("function f(x) x + \"a\" end\ny = twice(f, 2)"),
              "study.rondo:1:15: error: '+' needs numbers, not a text\n"
              "  1 | function f(x) x + \"a\" end\n"
              "    |               ^~~~~~~\n"
              "  help: texts are joined in a text: \"{a}{b}\"\n"
              "  called from study.rondo:2:5\n");
}

TEST(Evaluate, ADefaultSeedIsShownOnceWhereItIsUsed) {
    StudyRun runner;
    runner.add(
        "draw", {"n", "seed"}, [](Call& call) { return static_cast<double>(call.seed()); }, true);
    EXPECT_EQ(runner.run("function f(n) draw(n) end\nprint(f(1), f(2), draw(1, seed = 7))"),
              "20261121 20261121 7\n");
    ASSERT_EQ(runner.warnings.size(), 1U);
    EXPECT_EQ(runner.warnings[0],
              "study.rondo:1:15: note: draw: seed = 20261121 (the default, since none is given)\n");
}

TEST(Evaluate, ALoopThatDrawsTheSameNumbersIsWarnedAboutOnce) {
    StudyRun runner;
    runner.add(
        "draw", {"n", "seed"}, [](Call& call) { return static_cast<double>(call.seed()); }, true);
    runner.run("for i in 1..3\n    x = draw(i)\nend\nfor i in 1..3\n    x = draw(i, seed = i)\nend");
    ASSERT_EQ(runner.warnings.size(), 2U);
    EXPECT_TRUE(
        runner.warnings[1].starts_with("study.rondo:2:9: warning: 'draw' without a seed draws the same "
                                       "numbers each time around the loop\n"));
}

TEST(Evaluate, ABadSeedIsRefused) {
    StudyRun runner;
    runner.add(
        "draw", {"n", "seed"}, [](Call& call) { return static_cast<double>(call.seed()); }, true);
    EXPECT_NE(
        runner.failure("x = draw(1, seed = -1)").find("1:13: error: 'seed' is -1; it must be a whole number"),
        std::string::npos);
}

TEST(Evaluate, ModelsOfTheStudyAreHandedOver) {
    StudyRun runner;
    std::vector<std::string> made;
    runner.make_model = [&](Network network, Environment&) {
        made.push_back(network.id + ":" + std::to_string(network.functions.size()));
        return Gadget::make(static_cast<double>(network.reactions.size()));
    };
    EXPECT_EQ(runner.run("function rate(x) 2*x end\n"
                         "function total(xs) sum(xs) end\n"
                         "model decay\n    A -> ; rate(A)\n    A = 1\nend\n"
                         "print(decay.size, total([1, 2]), rate(3))"),
              "1 3 6\n");
    EXPECT_EQ(made, std::vector<std::string>{"decay:1"});
}

TEST(Evaluate, ImportsLoadFromTheStudysFolder) {
    const auto folder = std::filesystem::temp_directory_path() / "rondo_study_import";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "m.ant") << "model inside\nend";
    StudyRun runner;
    runner.environment.study_folder = folder;
    runner.environment.load_model = [](const std::filesystem::path& path, Diagnostics& diagnostics) {
        Network network;
        network.id = "inside";
        if (path.filename() == "bad.ant") diagnostics.error({}, "nothing in it");
        return network;
    };
    runner.make_model = [](Network, Environment&) { return Gadget::make(1); };
    EXPECT_EQ(runner.run("import \"m.ant\" as outside\nimport \"m.ant\"\nprint(outside.size, inside.size)"),
              "1 1\n");
    const auto missing = runner.failure("import \"n.ant\" as m");
    EXPECT_NE(missing.find("study.rondo:1:1: error: there is no file 'n.ant'"), std::string::npos) << missing;
    EXPECT_NE(missing.find("help: did you mean 'm.ant'?"), std::string::npos) << missing;
    std::ofstream(folder / "bad.ant") << "";
    EXPECT_EQ(runner.failure("import \"bad.ant\" as m"),
              "error: nothing in it\n  imported from study.rondo:1:1\n");
    std::filesystem::remove_all(folder);
}

TEST(Evaluate, ASessionGoesOnWithItsBindings) {
    StudyRun runner;
    Evaluator evaluator(runner.environment, runner.verbs, {});
    EXPECT_TRUE(evaluator.evaluate(runner.sources.add("1", "x = 2\nfunction f(y) x*y end")).is_nothing());
    EXPECT_EQ(to_text(evaluator.evaluate(runner.sources.add("2", "f(21)"))), "42");
    EXPECT_THROW(evaluator.evaluate(runner.sources.add("3", "y = z")), Error);
    ASSERT_NE(evaluator.find("x"), nullptr);
    EXPECT_EQ(to_text(*evaluator.find("x")), "2");
    EXPECT_EQ(evaluator.find("y"), nullptr);
}

TEST(Evaluate, AStudyThatCannotRunIsNotStarted) {
    StudyRun runner;
    EXPECT_EQ(runner.failure("print(1)\nprint(nowhere)"),
              "study.rondo:2:7: error: unknown name 'nowhere'\n"
              "  2 | print(nowhere)\n"
              "    |       ^~~~~~~\n");
    EXPECT_EQ(runner.out.str(), "");
}

TEST(Evaluate, EndlessRecursionEnds) {
    StudyRun runner;
    Fault fault{};
    const auto text = runner.failure("function f(x) f(x + 1) + f(x + 2) end\nf(1)", &fault);
    EXPECT_NE(text.find("calls are nested"), std::string::npos);
    EXPECT_NE(text.find("help: does the recursion end?"), std::string::npos);
    EXPECT_EQ(fault, Fault::input);
}

TEST(CheckStudy, FindsAllThatIsWrongWithoutRunning) {
    StudyRun runner;
    Diagnostics diagnostics(runner.sources);
    const auto file = runner.sources.add("study.rondo",
                                         "function f(x, k = 1) x*k + missing end\n"
                                         "y = f(1, l = 2)\n"
                                         "print(z)\n"
                                         "z = sum(1, 2)\n"
                                         "use nowhere\n");
    check_study(file, runner.verbs, runner.environment, diagnostics);
    std::vector<std::string> messages;
    for (const auto& d : diagnostics.list())
        messages.push_back(runner.sources.where(d.span) + " " + d.message);
    std::sort(messages.begin(), messages.end());
    EXPECT_EQ(messages, (std::vector<std::string>{"study.rondo:1:28 unknown name 'missing'",
                                                  "study.rondo:2:10 f has no argument 'l'; it takes x, k",
                                                  "study.rondo:3:7 'z' is used before it is bound",
                                                  "study.rondo:4:12 sum takes 1 argument (list), not 2",
                                                  "study.rondo:5:1 there is no file 'nowhere.rondo'"}));
}

}  // namespace
}  // namespace rondo
