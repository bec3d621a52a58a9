// Values as text, and their identities for the store.
#include <gtest/gtest.h>

#include <cmath>

#include "study_run.h"

namespace rondo {
namespace {

std::string identity_of(const Value& value) {
    Identity identity("test", 1);
    value.identify(identity);
    return identity.hex();
}

// The identity of what the study binds to `f`.
std::string identity_in(const std::string& study) {
    StudyRun runner;
    Evaluator evaluator(runner.environment, runner.verbs, {});
    evaluator.run(runner.sources.add("study.rondo", study));
    return identity_of(*evaluator.find("f"));
}

TEST(Value, Text) {
    Table table;
    table.set("a", std::vector<double>{1, 2});
    struct Case {
        Value value;
        const char* text;
    };
    for (const auto& [value, text] : {
             Case{{}, "nothing"},
             Case{true, "true"},
             Case{0.1, "0.1"},
             Case{100000.0, "100000"},
             Case{-3.0, "-3"},
             Case{1e15, "1e+15"},
             Case{1e-5, "1e-05"},
             Case{std::nan(""), "nan"},
             Case{-INFINITY, "-inf"},
             Case{"text", "text"},
             Case{Range{0, 2.5}, "0..2.5"},
             Case{Numbers{1, 2}, "[1, 2]"},
             Case{List{"a", true}, "[\"a\", true]"},
             Case{Record{{"a", 1.0}, {"t", table}}, "{a = 1, t = table(2 x 1)}"},
             Case{Numbers(100, 7), "[7, 7, 7, 7, 7, ..., 7, 7, 7, 7, 7] (100 items)"},
         }) {
        EXPECT_EQ(to_text(value), text);
    }
}

TEST(Value, AListOfNumbersIsUnboxed) {
    EXPECT_NE(Value(List{1.0, 2.0}).get_if<Numbers>(), nullptr);
    EXPECT_NE(Value(List{}).get_if<Numbers>(), nullptr);
    EXPECT_EQ(Value(List{1.0, "a"}).get_if<Numbers>(), nullptr);
}

TEST(Value, NestingIsBounded) {
    for (const char* grow : {"x = [x, \"a\"]", "x = {a = x}", "x = wrap(x)"}) {
        SCOPED_TRACE(grow);
        StudyRun runner;
        const auto text =
            runner.failure("function wrap(f) function(y) f end end\nx = \"a\"\nfor i in 1..5000\n    " +
                           std::string(grow) + "\nend");
        EXPECT_NE(text.find("study.rondo:"), std::string::npos) << text;
        EXPECT_NE(text.find("error: lists and records are nested more than 1000 deep"), std::string::npos)
            << text;
    }
}

TEST(Value, DifferentValuesHaveDifferentIdentities) {
    const std::vector<Value> values = {Value(),
                                       true,
                                       1.0,
                                       "1",
                                       Range{1, 2},
                                       Numbers{1, 2},
                                       List{"1", "2"},
                                       List{"1", "2", "3"},
                                       Record{},
                                       Record{{"a", 1.0}},
                                       Record{{"b", 1.0}},
                                       Numbers{},
                                       List{Numbers{1}, Numbers{2, 3}},
                                       List{Numbers{1, 2}, Numbers{3}}};
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_NE(identity_of(values[i]), identity_of(values[j]))
                << to_text(values[i]) << " " << to_text(values[j]);
    EXPECT_EQ(identity_of(Record{{"a", Numbers{1}}}), identity_of(Record{{"a", List{1.0}}}));
}

TEST(Value, AFunctionIsItsSyntaxAndWhatItUses) {
    const std::string study = "k = 2\nother = 5\nfunction f(x)\n    y = k*x\n    return y\nend";
    const auto identity = identity_in(study);
    EXPECT_EQ(identity, identity_in("k = 2\nfunction f( x )  // layout\n  y = k * x\n\n  return y\nend"));
    EXPECT_NE(identity, identity_in("k = 3\nfunction f(x)\n    y = k*x\n    return y\nend"));
    EXPECT_NE(identity, identity_in("k = 2\nfunction f(x)\n    y = k+x\n    return y\nend"));
    EXPECT_NE(identity, identity_in("k = 2\nfunction f(x, z = 1)\n    y = k*x\n    return y\nend"));
    // A local of the function is not the top level's; one that may stay unset in a branch is.
    EXPECT_EQ(identity, identity_in("y = 9\n" + study));
    const std::string branch = "\nfunction f(x)\n    if x > 0\n        y = 1\n    end\n    return y\nend";
    EXPECT_NE(identity_in("y = 1" + branch), identity_in("y = 2" + branch));
}

TEST(Value, AFunctionUsesWhatItsFunctionsUse) {
    const std::string inner = "\nfunction g(x) k*x end\nfunction f(x) g(x) + 1 end";
    EXPECT_NE(identity_in("k = 1" + inner), identity_in("k = 2" + inner));
    EXPECT_EQ(identity_in("k = 1" + inner), identity_in("k = 1" + inner));
    // Captured values of functions without a name, and functions that call themselves or each other.
    const std::string adder = "function adder(n) function(x) x + n end end\n";
    EXPECT_NE(identity_in(adder + "f = adder(1)"), identity_in(adder + "f = adder(2)"));
    EXPECT_EQ(identity_in(adder + "f = adder(1)"), identity_in(adder + "f = adder(1)"));
    const std::string circle = "function f(x) g(x) end\nfunction g(x) piecewise(1, x < 1, f(x - 1)) end";
    EXPECT_EQ(identity_in(circle), identity_in(circle));
}

}  // namespace
}  // namespace rondo
