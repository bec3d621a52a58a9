// Antimony's text: errors all in one pass, and what is recognised but not read yet.
#include "expect.h"
#include "read.h"

namespace rondo {
namespace {

TEST(ParseModels, ReportsEveryErrorOnceInOrder) {
    const char* cases[] = {
        "A <-> B; k           // error 1:3: expected '+', '->' or '=>' in a reaction, found '<->'\n"
        "// help: write '->' or '<==>' (reversible), or '=>' (irreversible)\n"
        "k = 1",
        "A -> B               // error 1:7: expected ';' behind the reaction, found the end of the line\n"
        "J: A->; K: B->;      // error 2:10: expected a new line or ';', found ':'\n"
        "// help: a reaction without a rate law ends with ';;' where another statement follows on its line\n"
        "K = 1\n",
        "model m\n"
        "A -> ; 1 end         // error 2:10: expected a new line or ';' before 'end'\n",
        "model m              // error 1:1: 'model m' is never closed\n"
        "// help: add 'end'\n"
        "x = 1\n",
        "model m              // error 1:1: 'model m' is never closed\n"
        "x = 1\n"
        "model n\n"
        "y = 1\n"
        "end\n",
        "x = k1*(A            // error 1:10: expected ')', found the end of the line\n"
        "// help: '(' was opened at line 1, column 8\n"
        "A = 1; k1 = 1\n",
        "x = 1\nend                // error 2:1: 'end' closes nothing\n",
        "speices A, B         // error 1:1: unknown statement 'speices'\n"
        "// help: did you mean 'species'?\n"
        "x = 1\n",
        "C                    // error 1:1: 'C' alone is no statement\n"
        "// help: 'species C' declares it\n"
        "x = 1\n",
        "2*S -> ; 1           // error 1:2: expected a species, found '*'\n"
        "-n S -> ; 1          // error 2:2: expected a number, found 'n'\n"
        "(2) S -> ; 1         // error 3:1: expected a statement, found '('\n"
        "x = 1\n",
        "x = 2**3             // error 1:6: expected '^', found '**'\n"
        "y = 2 & 3            // error 2:7: expected a new line or ';', found '&'\n"
        "// help: write '&&'\n"
        "z = [S]              // error 4:5: expected a formula, found '['\n"
        "w = \"a\"            // error 5:5: text cannot stand in a formula\n"
        "v = 3 +              // error 6:8: expected a formula, found the end of the line\n",
        "model m; x = 1; end\nmodel m; y = 1; end  // error 2:7: model 'm' is defined twice\n",
        "species              // error 1:1: 'species' alone is no statement\n"
        "species A in         // error 2:13: expected a compartment, found the end of the line\n"
        "species A, 3         // error 3:12: expected a name to declare, found '3'\n"
        "x = 1\n",
        "A -> B;\n  k*A                // error 2:4: expected '=', ':=', an arrow or another statement's "
        "sign behind 'k', found '*'\n"
        "// help: a rate law stands on the line of its reaction\n",
        "model a              // warning 1:7: model 'a' is not used\n"
        "// help: the statements outside 'model ... end' are the main model\n"
        "end\nx = 1\n",
        "model a; end         // warning 1:7: model 'a' is not used\n"
        "// help: the main model is 'b'; write 'model *a' to make it this one\n"
        "model *b; end\n",
        "\xef\xbb\xbfx = 1 +          // error 1:9: expected a formula, found the end of the line\n",
        "a = 1 $              // error 1:7: expected a new line or ';', found '$'\n",
        "a ? b                // error 1:3: expected '=', ':=', an arrow or another statement's sign behind "
        "'a', found '?'\n"
        "x = 1\n",
    };
    for (const std::string text : cases) {
        const Reading reading(text);
        expect_complaints(text, reading.diagnostics);
    }
}

TEST(ParseModels, NamesWhatItDoesNotReadYet) {
    struct Case {
        std::string text, feature;
    };
    const Case cases[] = {
        {"at x>3: k = 4", "events ('at ...')"},
        {"E: at 2 after x>3, t0=false, persistent=false: k=4,\n j=1", "events ('at ...')"},
        {"at (x>3):\n k = 4", "events ('at ...')"},
        {"E -| J", "interactions ('E -| J')"},
        {"I: E -o J;", "interactions ('E -| J')"},
        {"E -( J", "interactions ('E -| J')"},
        {"n A -> B; 1; n = 2", "named stoichiometries ('n A -> B')"},
        {"A + n B -> C; 1", "named stoichiometries ('n A -> B')"},
        {"0 = A + B - 5", "algebraic rules ('0 = ...')"},
        {"A1: 2.5 = e", "algebraic rules ('0 = ...')"},
        {"x = 3 mM", "units of numbers ('3 mM')"},
        {"x = 3 mole/second; second = 1", "units of numbers ('3 mM')"},
        {"unit u = 1/60 second", "unit definitions ('unit u = ...')"},
        {"x has second", "units ('x has u')"},
        {"species S = 3 , T has mM", "units ('x has u')"},
        {"model s(x); y = 2*x; end", "models with arguments ('model m(a, b)')"},
        {"A: s(3)", "submodels ('A: M(...)', 'A.x')"},
        {"s()", "submodels ('A: M(...)', 'A.x')"},
        {"A.S = 3", "submodels ('A: M(...)', 'A.x')"},
        {"x = A.S", "submodels ('A.x')"},
        {"A.S -> B; 1", "submodels ('A: M(...)', 'A.x')"},
        {"B -> A.S; 1", "submodels ('A.x')"},
        {"A.S is T", "submodels ('A: M(...)', 'A.x')"},
        {"S is T", "replacements ('A.x is y')"},
        {"delete A.x", "deletions ('delete A.x')"},
        {"import \"f.ant\"", "imports ('import \"file\"')"},
        {"A <= 5", "constraints ('A <= 5')"},
        {"3 < A", "constraints ('A <= 5')"},
        {"-1 < x < y", "constraints ('A <= 5')"},
        {"constraint c: A == 3", "constraints ('A <= 5')"},
        {"constraint: A == 3", "constraints ('A <= 5')"},
        {"maximize 2*J + K", "objectives ('maximize J')"},
        {"O: minimize J", "objectives ('maximize J')"},
        {"geneProduct g", "gene products ('geneProduct g')"},
        {"J.geneProductAssociation = g && h",
         "flux balance constraints ('J.geneProductAssociation', 'S.charge')"},
        {"S.conversionFactor = p", "conversion factors ('S.conversionFactor = p')"},
        {"model.conversionFactor = p", "conversion factors ('S.conversionFactor = p')"},
        {"x.mean = 3", "uncertainties ('x.mean = 3')"},
        {"S.position = {1, 2}", "layouts ('S.position = ...')"},
        {"--P--G--", "genes and DNA strands"},
        {"D: P--G", "genes and DNA strands"},
        {"gene g = 3", "genes and DNA strands"},
        {"S.sboTerm = SBO:0000245", "SBO terms ('x.sboTerm = 245')"},
        {"J.kineticLaw.sboTerm = 5", "SBO terms ('x.sboTerm = 245')"},
        {"model.sboTerm = 9", "SBO terms ('x.sboTerm = 245')"},
        {"S part \"u\",\n \"v\"", "annotations ('x identity \"...\"')"},
        {"S notes ```a\nb```", "annotations ('x identity \"...\"')"},
        {"created \"2013-02-06T20:03:18Z\"", "annotations ('x identity \"...\"')"},
        {"created.year 2014", "annotations ('x identity \"...\"')"},
        {"creator1.name \"A\"", "annotations ('x identity \"...\"')"},
        {"A: x.y.z part \"u\"", "annotations ('x identity \"...\"')"},
        {"model publication \"u\"", "annotations ('x identity \"...\"')"},
        {"x := delay(y, 2); y = 1", "delays ('delay(x, tau)')"},
        {"x := rateOf(y); y = 1", "rates of symbols ('rateOf(x)')"},
        {"x := normal(0, 1)", "draws ('normal(...)')"},
    };
    for (const auto& [text, feature] : cases) {
        SCOPED_TRACE(text);
        const Reading reading("z = 1\n" + text + "\n");
        std::vector<std::string> errors;
        for (const Diagnostic& d : reading.diagnostics.list())
            if (d.severity != Severity::warning) errors.push_back(d.message);
        EXPECT_EQ(errors, std::vector<std::string>{feature + " are not read yet"})
            << reading.diagnostics.render();
    }
}

TEST(ParseModels, SaysAFeatureOnceAndHowOftenItIsThere) {
    const Reading reading("x = 1; x identity \"a\"\nx part \"b\"\nx part \"c\"\n");
    ASSERT_EQ(reading.diagnostics.list().size(), 1u);
    EXPECT_EQ(reading.diagnostics.list()[0].help, "the file has 2 more of them");
}

TEST(ParseModels, NamesOfUnreadStatementsAreNotUnknown) {
    const Reading reading("at time > 3: K_n = 4\nA -> ; Kn*A + k; Kn = 1\nk = 3 +\n");
    std::vector<std::string> messages;
    for (const auto& complaint : complaints(reading.diagnostics)) messages.push_back(complaint.line);
    EXPECT_EQ(messages,
              (std::vector<std::string>{"unsupported 1:1: events ('at ...') are not read yet",
                                        "error 3:8: expected a formula, found the end of the line"}));
}

// Any bytes: one clear diagnostic, quickly.
TEST(ParseModels, HostileBytesGiveOneDiagnostic) {
    struct Case {
        std::string text, message;
    };
    const Case cases[] = {
        {std::string("\x7f"
                     "ELF\0\0\1",
                     7),
         "'m.ant' looks binary: byte 0x00 at offset 4"},
        {"x = 1\n\x01\x02", "'m.ant' looks binary: byte 0x01 at offset 6"},
        {"caf\xe9 = 1", "'m.ant' is not UTF-8 text: byte 0xe9 at offset 3"},
        {"x is \"caf\xe9\"", "'m.ant' is not UTF-8 text: byte 0xe9 at offset 9"},
        {"<?xml version=\"1.0\"?>", "'m.ant' looks like XML, not like text in this language"},
        {"x = " + std::string(50'000'000, '('), "nested more than 500 deep"},
        {"x = " + std::string(10'000'000, '-'), "nested more than 500 deep"},
        {"x = 1" + std::string(3'000'000, '+'), "nested more than 500 deep"},
        {[] {
             std::string sum = "x = 1";
             for (int i = 0; i < 1'000'000; ++i) sum += "*2";
             return sum;
         }(),
         "the formula has more than 10000 operations in a row"},
    };
    for (const auto& [text, message] : cases) {
        Sources sources;
        Diagnostics diagnostics(sources);
        parse_models(sources.add("m.ant", text), diagnostics);
        ASSERT_EQ(diagnostics.list().size(), 1u) << message << diagnostics.render();
        EXPECT_EQ(diagnostics.list()[0].message, message);
        EXPECT_LT(diagnostics.render().size(), 1000u);
    }
}

std::string repeated(std::string_view piece, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += piece;
    return text;
}

TEST(ParseStudy, HostileBytesGiveOneDiagnostic) {
    for (const char* piece : {"(", "[", "f(", "{a = ", "-", "not ", "2^", "if x\n", "function(x) ",
                              "function f(x)\n", "x[", "for i in x\n"}) {
        SCOPED_TRACE(piece);
        Sources sources;
        Diagnostics diagnostics(sources);
        const std::string start = std::string_view(piece).ends_with('\n') ? "" : "x = ";
        dump(parse_study(sources.add("s.rondo", start + repeated(piece, 300'000)), diagnostics));
        ASSERT_EQ(diagnostics.list().size(), 1u) << diagnostics.render();
        EXPECT_EQ(diagnostics.list()[0].message, "nested more than 500 deep");
    }
    Sources sources;
    Diagnostics diagnostics(sources);
    dump(parse_study(sources.add("s.rondo", "x = " + repeated("\"{", 300'000)), diagnostics));
    EXPECT_EQ(diagnostics.list().size(), 1u) << diagnostics.render();
}

TEST(ParseModels, ManyErrorsAreCutShort) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "x = * 3\n";
    const Reading reading(text);
    EXPECT_EQ(reading.diagnostics.list().size(), 100u);
    EXPECT_TRUE(reading.diagnostics.render().ends_with("further errors of m.ant are not shown\n"));
}

TEST(ParseExpression, ReadsSelections) {
    struct Case {
        std::string text;
        ExprKind kind;
    };
    for (const auto& [text, kind] : {Case{"[S1]", ExprKind::concentration}, Case{"time", ExprKind::name},
                                     Case{"amount(S1)", ExprKind::call}, Case{"2*[S1]", ExprKind::binary}}) {
        Sources sources;
        Diagnostics diagnostics(sources);
        const ExprPtr expr = parse_expression(sources.add("select", text), diagnostics);
        ASSERT_TRUE(expr) << diagnostics.render();
        EXPECT_EQ(expr->kind, kind) << text;
    }
    Sources sources;
    Diagnostics diagnostics(sources);
    EXPECT_FALSE(parse_expression(sources.add("select", "S1 S2"), diagnostics));
    EXPECT_EQ(diagnostics.list()[0].message, "expected nothing more, found 'S2'");
}

}  // namespace
}  // namespace rondo
