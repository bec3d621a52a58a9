// What our models may say beyond Antimony, and that `--strict-antimony` refuses all of it.
#include "dsl/model/rename.h"
#include "expect.h"
#include "facts.h"

namespace rondo {
namespace {

TEST(Extensions, MeanWhatTheyLookLike) {
    expect_facts("A <-> B; k; x := 2**y; y = 1", {"reaction _J0: A -> B; k", "assignment x = 2^y"});
    expect_facts("x := if a > 1 then 2 else 3*a; a = 1", {"assignment x = piecewise(2, a > 1, 3*a)"});
    expect_facts("x := 1 + if a then if b then 1 else 2 else 3; a = 1; b = 1",
                 {"assignment x = 1 + piecewise(piecewise(1, b, 2), a, 3)"});
    expect_facts("if = 3; x := if + 1; then = 2; else = then", {"parameter if = 3", "assignment x = if + 1"});
    expect_facts("2 A + B -> C; @k1, k2", {"reaction _J0: 2 A + B -> C; k1*A^2*B - k2*C"});
    expect_facts("A => ; @k/2 + 1", {"reaction _J0: A =>; (k/2 + 1)*A"});
    expect_facts("-> A; @k", {"reaction _J0: -> A; k"});
    expect_facts("n A -> B; @k; n = 2", {"reaction _J0: n:2 A -> B; k*A^n"});
    expect_facts("\xce\xb1 = 1; x := \xce\xb1 + 1",
                 {"parameter \xce\xb1 = 1", "assignment x = \xce\xb1 + 1"});
    expect_facts("n = 3\nfor i in 1..n\n  J[i]: S[i] -> S[i + 1]; k*S[i]*i\n  S[i] = 2*i\nend\nx := S[4]",
                 {"reaction J_1: S_1 -> S_2; k*S_1*1", "reaction J_3: S_3 -> S_4; k*S_3*3",
                  "initial S_2 = 2*2", "assignment x = S_4"});
    expect_facts(
        "for i in 1..2\nfor j in i..2\n x[i, j] = 1\n y[i][j] := x[i, j]\nend\nend",
        {"parameter x_1_1 = 1", "parameter x_2_2 = 1", "no parameter x_2_1", "assignment y_1_2 = x_1_2"});
    expect_facts("x = 1\nfor i in 1..0\n y = 1\nend", {"parameter x = 1", "no parameter y"});
    expect_facts("for i in 1..2\n  E[i]: at time > i: x = i\n  i A -> ;;\nend\nx = 0",
                 {"event E_2: at time > 2, x = 2", "reaction _J0: A ->", "reaction _J1: 2 A ->"});
}

TEST(Extensions, AreRefusedInStrictAntimony) {
    struct Case {
        std::string text, line;
    };
    const Case cases[] = {
        {"A <-> B; 1", "error 1:3: '<->' is no Antimony"},
        {"x = 2**3", "error 1:6: '**' is no Antimony"},
        {"x := if time > 1 then 2 else 3", "error 1:6: 'if ... then ... else' is no Antimony"},
        {"A -> ; @k; k = 1", "error 1:8: '@' is no Antimony"},
        {"x[1] = 2", "error 1:2: an index is no Antimony"},
        {"for i in 1..1\nx = i\nend", "error 1:1: 'for' is no Antimony"},
        {"\xce\xb1 = 1", "error 1:1: a name with letters that are not ASCII is no Antimony"},
    };
    for (const auto& [text, line] : cases) {
        SCOPED_TRACE(text);
        Sources sources;
        Diagnostics diagnostics(sources);
        diagnostics.refuse_extensions();
        resolve(parse_models(sources.add("m.ant", text), diagnostics), diagnostics);
        const auto found = complaints(diagnostics);
        ASSERT_FALSE(found.empty());
        EXPECT_EQ(found[0].line, line);
    }
}

TEST(Extensions, SayWhatIsWrongInThem) {
    const char* cases[] = {
        "x := if time > 1 then 2  // error 1:24: expected 'else', found the end of the line\n",
        "A => B; @k1, k2         // error 1:12: a reaction written '=>' has no rate backward\n",
        "x[y] = 1                // error 1:3: this is no number that is known here\n",
        "x[1.5] = 1              // error 1:3: an index is a whole number\n",
        "for i in 1..2           // error 1:1: 'for i' is never closed\n"
        "// help: add 'end'\n"
        "x = 1\n",
        "for i in 1..1000000\n"
        "x = *                   // error 2:5: expected a formula, found '*'\n"
        "end\n",
    };
    for (const std::string text : cases) {
        Sources sources;
        Diagnostics diagnostics(sources);
        parse_models(sources.add("m.ant", text), diagnostics);
        expect_complaints(text, diagnostics);
    }
}

TEST(Extensions, PrintAsAntimony) {
    const Reading once("\xce\xb1_1 = 1; \xce\xa9 := \xce\xb1_1 + \xc3\xa9; \xc3\xa9 = 2");
    EXPECT_EQ(to_antimony(once.network),
              "  alpha_1 = 1;\n"
              "  formula Omega;\n"
              "  _ue9_ = 2;\n"
              "  Omega := alpha_1 + _ue9_;\n");
}

TEST(Extensions, HaveIdsInAsciiForOtherLanguages) {
    const Reading reading(
        "\xce\xb2 = 2; alpha = 1; \xce\xb1 -> ; \xce\xb2*\xce\xb1\nat \xce\xb1 < 1: \xce\xb2 = 3\n"
        "function f(\xce\xb3) \xce\xb3 + 1 end\n\xce\xb1 = f(\xce\xb2)");
    const std::string lines = dump(in_ascii(reading.network));
    for (const char* line :
         {"parameter beta = 2 variable \"\xce\xb2\"", "reaction _J0: alpha_ ->; beta*alpha_",
          "event _E0: at alpha_ < 1, beta = 3", "function f(gamma) = gamma + 1", "initial alpha_ = f(beta)"})
        EXPECT_NE(lines.find(std::string(line) + "\n"), std::string::npos) << line << "\n" << lines;
}

}  // namespace
}  // namespace rondo
