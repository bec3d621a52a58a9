// Networks to Antimony and back.
#include "dsl/model/print.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "biomodels.h"
#include "read.h"
#include "same.h"

namespace rondo {
namespace {

TEST(Print, ReadsBackEqual) {
    const char* cases[] = {
        "A -> B; k*A; k = 1; A = 3",
        "model m; J in C: 2 $A + B => ; k1*A^2 - B; k1 = 1e-3; C = 2; B = 3/C; end\nm is \"a \\\"title\\\" "
        "\\\\\"",
        "substanceOnly species S in C = 4; S -> ; S; C = 1; S is \"nm\"; C is \"cell\"",
        "const w = 2*X; u = w; species X = 1; var v = 3; const var_free = 1; c = +3; d = -3; e = INF; f = "
        "-INF; g = NaN",
        "x := a; x' = ; x = ; a = 1; y = 3; y' = -y; z = 2; z := y",
        "function f(x, y) x^y end\nfunction g() 1 end\nf is \"power\"; z := f(g(), 2)",
        "compartment C = 1, D; C' = 1; var E = 3; S in E; species S; -> S; 1; compartment F = 2*C; F is "
        "\"f\"",
        "J: -> S; 1; J is \"rate\"; -> S;; S => S; S; K: 0 S + -2 T -> 1.5 S;",
        "x := piecewise(1, a > 2 && !(b < 3), -2^-a, (a || b) && a, lt(a, b, 3)); a = true; b = inf",
        "species A = 1; A relatedTo \"http://x.org/1\"; model relatedTo \"http://x.org/2\"; A notsboTerm "
        "\"http://x.org/3\"; A.sboTerm = 245",
    };
    for (const std::string text : cases) {
        const Reading once(text);
        const std::string printed = to_antimony(once.network);
        const Reading twice(printed);
        EXPECT_FALSE(twice.diagnostics.has_errors()) << printed << twice.diagnostics.render();
        expect_same(once.network, twice.network);
    }
}

TEST(Print, ModelsOfTheLibraryReadBackEqual) {
    const auto folder = std::filesystem::path(PROJECT_SOURCE) / "stdlib" / "models";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    int models = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".ant") continue;
        SCOPED_TRACE(entry.path().string());
        const Reading once(content(entry.path()), entry.path().filename().string());
        EXPECT_TRUE(once.diagnostics.list().empty()) << once.diagnostics.render();
        const Reading twice(to_antimony(once.network));
        expect_same(once.network, twice.network);
        ++models;
    }
    EXPECT_GT(models, 0);
}

// A random formula of every operation, as SBML or our own passes may make it.
MathPtr random_math(std::mt19937& random, int depth) {
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    if (depth == 0 || pick(5) == 0) {
        switch (pick(4)) {
            case 0: return make_number(std::ldexp(static_cast<double>(random()) - 2e9, pick(60) - 40));
            case 1: return make_math(static_cast<Op>(static_cast<int>(Op::time) + pick(8)), {});
            default: return make_symbol(std::string(1, static_cast<char>('a' + pick(3))));
        }
    }
    const auto first = static_cast<int>(Op::plus), last = static_cast<int>(Op::piecewise);
    const Op op = static_cast<Op>(first + pick(last - first + 1));
    const int most = info(op).max_arity < 0 ? info(op).min_arity + 3 : info(op).max_arity;
    const int count = info(op).min_arity + pick(most - info(op).min_arity + 1);
    std::vector<MathPtr> args;
    for (int i = 0; i < count; ++i) args.push_back(random_math(random, depth - 1));
    return make_math(op, std::move(args));
}

TEST(Print, RandomFormulasReadBackEqual) {
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
        const MathPtr math = random_math(random, 4);
        const std::string text = to_text(*math);
        Sources sources;
        Diagnostics diagnostics(sources);
        const ExprPtr expr = parse_expression(sources.add("formula", text), diagnostics);
        ASSERT_TRUE(expr) << text << diagnostics.render();
        const MathPtr again = to_math(*expr, {}, diagnostics);
        ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.render();
        ASSERT_TRUE(equal(*math, *again)) << text << "\n" << to_text(*again);
    }
}

TEST(Print, WritesWhatAntimonyCannotSayInAnotherWay) {
    Network network;
    network.id = "end";
    network.compartments.push_back({.id = "volume", .size = 2});
    network.species.push_back(
        {.id = "S", .compartment = "volume", .initial_concentration = 3, .substance_only = true});
    network.species.push_back({.id = "T", .compartment = "volume", .initial_amount = 3, .constant = true});
    network.reactions.push_back({.id = "R",
                                 .reactants = {{.species = "S"}},
                                 .kinetic_law = make_math(Op::times, {make_symbol("k"), make_symbol("time")}),
                                 .local_parameters = {{.id = "k", .value = 4}}});
    network.parameters.push_back({.id = "time", .value = 1});
    EXPECT_EQ(to_antimony(network),
              "model *end_\n"
              "  compartment volume_ = 2;\n"
              "  substanceOnly species S in volume_ = 3*volume_;\n"
              "  species $T in volume_ = 3/volume_;\n"
              "  time_ = 1;\n"
              "  R_k = 4;\n"
              "  R: S ->; R_k*time_;\n"
              "end\n");
}

TEST(Print, NamesWhatIsLost) {
    Network network;
    network.compartments.push_back({.id = "membrane", .dimensions = 2, .size = 1});
    network.reactions.push_back({.id = "R", .fast = true});
    network.events.push_back({.id = "E"});
    network.constraints.push_back({.math = make_symbol("x"), .message = "x must hold"});
    EXPECT_EQ(lost_in_antimony(network),
              (std::vector<std::string>{"the 2 dimensions of compartment 'membrane' (Antimony's have 3)",
                                        "that reaction 'R' is fast", "event 'E', which assigns nothing",
                                        "the message of constraint without an id"}));
    EXPECT_TRUE(lost_in_antimony(Reading("A -> B; k*A; k = 1; at A < 1: A = 2").network).empty());
}

}  // namespace
}  // namespace rondo
