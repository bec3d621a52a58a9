// Functions of the study as oracles, against the evaluator that interprets them point by point.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/study/objects.h"
#include "tests/runtime/study/study_run.h"

namespace rondo {
namespace {

struct WholeStudy : StudyRun {
    WholeStudy() { verbs = all_verbs(); }
};

// A function of x and y, each in all that the language has to say; some are steep, none is rough.
const std::vector<std::string> functions{
    "function f(x, y) x + 2*y - x*y/3 + x^2 - y^3 end",
    "function f(x, y) sin(x)*cos(y) + tan(x/4) - exp(-x^2) + ln(3 + x) + log10(4 + y) + sqrt(3 + y) end",
    "function f(x, y) arctan(x) + sinh(y) + tanh(x) + abs(x - y) + floor(x) + ceil(y) + min(x, y, 0.3) end",
    "function f(x, y) piecewise(x, x > y, y^2, x > 0, 1) end",
    "function f(x, y)\n if x > 0 and not y > 1\n z = x\n else if y < -1 or x < -1\n z = y\n else\n z = 7\n "
    "end\n return z "
    "+ 1\n end",
    "function f(x, y)\n if x > 1\n return y\n end\n if y > 1\n return x\n else if y < 0\n return -x\n end\n "
    "return 0\n end",
    "function f(x, y)\n s = 0\n for i in 1..5\n if i % 2 == 1\n s = s + i*x\n else if x > y\n s = s - y\n "
    "end\n end\n "
    "return s\n end",
    "function f(x, y)\n s = x\n for i in 1..500\n s = s + (cos(s) - s)/i\n y = y*0.99\n end\n return s + y\n "
    "end",
    "function f(x, y)\n n = 0\n while x^2 + y^2 < 4 and n < 50\n z = x^2 - y^2 + 0.3\n y = 2*x*y + 0.1\n x = "
    "z\n n = n + "
    "1\n end\n return n\n end",
    "function f(x, y)\n s = 0\n for i in 1..70\n k = 0\n while k < i % 4\n s = s + x\n k = k + 1\n end\n "
    "end\n return s + "
    "y\n end",
    "function f(x, y)\n p = {a = x, b = [y, 2]}\n if x > 0\n p = {a = 1, b = [x, y]}\n end\n p.a = p.a + 1\n "
    "return p.a + "
    "p.b[1]*p.b[2]\n end",
    "function grow(x)\n while x < 10\n x = 2*x\n end\n return x\n end\nfunction f(x, y)\n if x <= 0\n return "
    "y\n end\n if y > "
    "0\n return grow(y)\n end\n while x < 7\n x = 3*x\n end\n return x\n end",
    "pits = table(u = [0, 1], w = [2, 0.5])\nfunction f(x, y) sum(pits.w * exp(-(x - pits.u)^2 - y^2)) end",
    "function g(a, k = 3) a^k end\nfunction f(x, y) g(x) + g(y, k = 2) + g(k = 1, a = x) end",
    "function scaled(by) function(x) by*x end end\nfunction f(x, y)\n twice = scaled(2)\n return twice(x) + "
    "sum(map(scaled(y), [x, 1]))\n end",
    "function power(x, n)\n if n == 0\n return 1\n end\n return x*power(x, n - 1)\n end\nfunction f(x, y) "
    "power(x, 5) - "
    "power(y, 2) end",
    "function f(x, y) mean([x, y, 1]) + max([x, y]) + length([x, y]) + sum(map(function(i) x^i end, 0..9)) "
    "end",
    "function bowl(x, y) (x - 0.3)^2 + sin(x*y) end\nfunction f(x, y)\n s = gradient(bowl, x, y)\n return "
    "s[1] - 2*s[2]\n "
    "end",
    "function bowl(x, y) (x - 0.3)^2 + y^4 + x*y/5\n end\nfunction f(x, y)\n for i in 1..100\n s = "
    "gradient(bowl, x, y)\n x "
    "= x - 0.02*s[1]\n y = y - 0.02*s[2]\n end\n return x - y\n end",
};

TEST(Formula, AnOracleIsItsFunctionInterpreted) {
    for (const auto& function : functions) {
        SCOPED_TRACE(function);
        WholeStudy study;
        const std::string check = function +
                                  "\nlabel = oracle(f, over = box(x = -2..2, y = -2..2))\n"
                                  "points = label(uniform(label.box, 37, seed = 5))\n"
                                  "worst = 0\n"
                                  "for p in points\n"
                                  "  worst = max(worst, abs(p.value - f(p.x, p.y)) / (1 + abs(p.value)))\n"
                                  "end\n"
                                  "print(worst)";
        const std::string printed = study.run(check);
        ASSERT_FALSE(printed.empty());
        EXPECT_LT(std::stod(printed), 1e-12)
            << printed;  // SLEEF's functions are within an ulp of the library's
    }
}

TEST(Formula, TheGradientIsThatOfDifferences) {
    WholeStudy study;
    EXPECT_EQ(study.run("function f(x, y) sin(x*y) + exp(-x^2)/y end\n"
                        "s = gradient(f, 0.7, 1.3)\n"
                        "h = 1e-6\n"
                        "u = (f(0.7 + h, 1.3) - f(0.7 - h, 1.3))/(2*h)\n"
                        "v = (f(0.7, 1.3 + h) - f(0.7, 1.3 - h))/(2*h)\n"
                        "print(abs(s[1] - u) < 1e-8, abs(s[2] - v) < 1e-8)"),
              "true true\n");
}

TEST(Formula, DIsTheDerivativeByAnArgument) {
    WholeStudy study;
    EXPECT_EQ(study.run("label = oracle(function(x, y) d(x^3*y, x) + d(x^3*y, x, y) end, over = box(x = "
                        "0..9, y = 0..9))\n"
                        "print(label(table(x = [1, 2], y = [5, 7])).value)"),
              "[18, 96]\n");  // 3 x^2 y + 3 x^2
}

TEST(Formula, WhatDependsOnAnUnknownNumberOtherwiseIsSaidAtItsLine) {
    struct Case {
        std::string body, said, place;
    };
    const std::vector<Case> cases{
        {"return round(x, digits = y)", "'digits' of round must be a number, not a formula", ":2:"},
        {"return [1, 2, 3][x]", "a list cannot be indexed by a formula", ":2:"},
        {"for i in 1..x\nend\nreturn 1", "a range needs two numbers, not a formula", ":2:"},
        {"if x > 0\nz = \"a\"\nelse\nz = 1\nend\nreturn z",
         "'z': a formula decides between a text and a number", ":2:"},
        {"if x > 0\nreturn 1\nend", "a way through the function ends without 'return'", ":1:"},
        {"for i in 1..1000\nif x > i\nreturn i\nend\nend\nreturn x",
         "'return' stands inside a loop of unknown or great length", ":2:"},
        {"s = [x]\nwhile x < 3\ns = append(s, x)\nx = x + 1\nend\nreturn x",
         "'s' grows with each turn of a loop of unknown or great length", ":3:"},
        {"if x > 0\nz = 1\nend\nreturn z", "unknown name 'z'", ":5:"},
        {"z = 2*x\nreturn d(z^2, z)", "d takes the derivative by an argument; this one has been computed",
         ":3:"},
        {"s = x\nfor i in 1..100\ns = s*y\nend\nreturn d(s, y)",
         "the derivative of what a long loop computes is not known", ":6:"},
        {"return x > 0", "the function gives a formula as 'value'; a label is a number", ":4:"},
        {"return \"a\"", "the function gives a text as 'value'; a label is a number", ":4:"},
        {"return {x = 1}", "'x' is an axis of the box and cannot be a label too", ":4:"},
        {"return [x, y]", "the function gives 2 numbers; 'of' names 1", ":4:"},
    };
    for (const auto& [body, said, place] : cases) {
        SCOPED_TRACE(body);
        WholeStudy study;
        const std::string failure = study.failure("function f(x, y)\n" + body + "\nend\n" +
                                                  "label = oracle(f, over = box(x = 0..1, y = 0..1))");
        EXPECT_NE(failure.find(said), std::string::npos) << failure;
        EXPECT_NE(failure.find("study.rondo" + (place == ":4:" ? ":" : place)), std::string::npos) << failure;
    }
}

TEST(Formula, TheBoxAndTheFunctionMustFit) {
    WholeStudy study;
    const auto failure = [&](const std::string& call) {
        return study.failure("function f(x, y) x end\n" + call);
    };
    EXPECT_NE(failure("oracle(f, over = box(x = 0..1))")
                  .find("the function has an argument 'y', which is no axis of the box"),
              std::string::npos);
    EXPECT_NE(failure("oracle(f, over = box(x = 0..1, y = 0..1, z = 0..1))")
                  .find("the box has an axis 'z', which is no argument of the function"),
              std::string::npos);
    EXPECT_NE(failure("oracle(3, over = box(x = 0..1))")
                  .find("must be a function of the study or a surrogate, not a number"),
              std::string::npos);
    EXPECT_NE(failure("d(3, 4)").find("d(u, x) has a meaning in formulas alone"), std::string::npos);
}

TEST(Formula, AnOracleCountsWhatItEvaluatesAndIsWhatItComputes) {
    WholeStudy study;
    study.run(
        "k = 2\nfunction f(x) k*x end\ng = oracle(f, over = box(x = 0..1), of = \"y\")\n"
        "print(g(uniform(g.box, 300, seed = 1)).y[1] > 0, g.targets, g)");
    EXPECT_EQ(study.out.str(), "true [\"y\"] oracle of y: function f(x)\n");
    EXPECT_EQ(study.environment.work.at("oracle").computed, 300u);
}

}  // namespace
}  // namespace rondo
