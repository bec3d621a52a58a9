// Antimony's text: errors all in one pass, and what is recognised but not read yet.
#include "expect.h"
#include "read.h"

namespace rondo {
namespace {

TEST(ParseModels, ReportsEveryErrorOnceInOrder) {
    const char* cases[] = {
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
        "x = 2^               // error 1:7: expected a formula, found the end of the line\n"
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

// Each statement in the dump of the tree.
TEST(ParseModels, ReadsEveryStatement) {
    struct Case {
        std::string text, line;
    };
    const Case cases[] = {
        {"at x>3: k = 4", "event (> x 3), k = 4"},
        {"E: at 2 after x>3, t0=false, persistent=false: k=4,\n j=1",
         "event E: (> x 3) delay 2 t0=false persistent=false, k = 4, j = 1"},
        {"at (x>3), priority = 2*y, fromTrigger = false:\n k = 4: j = 1",
         "event (> x 3) priority (* 2 y) fromTrigger=false, k = 4, j = 1"},
        {"at 3 second after !x: k = 4", "event (! x) delay 3[second], k = 4"},
        {"E -| J", "interaction E -| J"},
        {"I: E -o J; k*E", "interaction I: E -o J; (* k E)"},
        {"E -( J;", "interaction E -( J"},
        {"n A -> B; 1", "reaction : n A -> B; 1"},
        {"J: A + n $B -> -2 C; 1", "reaction J: A + n $B -> -2 C; 1"},
        {"0 = A + B - 5", "algebraic 0 = (- (+ A B) 5)"},
        {"A1: -2.5 = e", "algebraic A1: -2.5 = e"},
        {"x = 3 mM", "set x = 3[mM]"},
        {"x = 3 mole/second", "set x = (/ 3[mole] second)"},
        {"unit u = 1/60 second", "unit u = (60 second)^-1"},
        {"unit u = (1e-3 mole / litre)^2 * 3600 seconds",
         "unit u = (0.001 mole)^2 (1 litre)^-2 (3600 seconds)^1"},
        {"unit u = 1 / dimensionless^-0", "unit u = (1 dimensionless)^0"},
        {"x has second^-1", "has x: (1 second)^-1"},
        {"species S = 3 , T has mM", "declare species S = 3, T has (1 mM)^1"},
        {"A: s(3, x), timeconv = t, extentconv = 60", "submodel A: s(3, x) timeconv t extentconv 60"},
        {"s()", "submodel s()"},
        {"A.S = 3", "set A.S = 3"},
        {"A.B.S := A.x", "set A.B.S := A.x"},
        {"A.S -> A.B.T; 1", "reaction : A.S -> A.B.T; 1"},
        {"A.S is T", "merge A.S is T"},
        {"A.S * cf is T", "merge A.S * cf is T"},
        {"A.S is T / 3", "merge A.S * 3 is T"},
        {"delete A.x", "delete A.x"},
        {"A <= 5", "constraint (<= A 5)"},
        {"-1 < x < y", "constraint (< (< (- 1) x) y)"},
        {"constraint c: A == 3", "constraint c: (== A 3)"},
        {"constraint: A == 3", "constraint (== A 3)"},
        {"maximize 2*J + K", "maximize (+ (* 2 J) K)"},
        {"O: minimize J", "minimize O: J"},
        {"geneProduct g", "declare geneProduct g"},
        {"J.geneProductAssociation = g && h", "remark J geneProductAssociation \"g && h\""},
        {"S.chemicalFormula is \"CH4O2\"", "remark S chemicalFormula \"CH4O2\""},
        {"S.charge = -2", "remark S charge \"-2\""},
        {"S.conversionFactor = p", "conversion S by p"},
        {"model.conversionFactor = p", "conversion by p"},
        {"x.mean = 3", "remark x mean \"3\""},
        {"x.range = {1, y}", "remark x range \"1\" \"y\""},
        {"x.distribution is \"u\"", "remark x distribution \"u\""},
        {"--P--G--", "strand --P--G--"},
        {"D: P--G", "strand D: P--G"},
        {"gene g = 3", "declare gene g = 3"},
        {"S.sboTerm = SBO:0000245", "remark S sboTerm \"SBO:0000245\""},
        {"J.kineticLaw.sboTerm = 5", "remark J kineticLaw.sboTerm \"SBO:0000005\""},
        {"model.sboTerm = 9", "remark sboTerm \"SBO:0000009\""},
        {"S part \"u\",\n \"v\"", "remark S part \"u\" \"v\""},
        {"S notes ```a\nb```", "remark S notes \"a\nb\""},
        {"notes \"n\"", "remark notes \"n\""},
        {"created \"2013-02-06T20:03:18Z\"", "remark created \"2013-02-06T20:03:18Z\""},
        {"created.year 2014", "remark created.year \"2014\""},
        {"creator1.name \"A\"", "remark creator1.name \"A\""},
        {"creator[2].email \"A\"", "remark creator2.email \"A\""},
        {"model publication \"u\"", "remark publication \"u\""},
        {"S.position = {1, 2}; z = 2", "set z = 2"},
    };
    for (const auto& [text, line] : cases) {
        SCOPED_TRACE(text);
        Sources sources;
        Diagnostics diagnostics(sources);
        const std::string lines = dump(parse_models(sources.add("m.ant", text + "\n"), diagnostics));
        EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
        EXPECT_EQ(lines, "model __main\n  " + line + "\n");
    }
}

TEST(ParseModels, SaysOnceWhatIsOnlyKept) {
    const Reading reading("x = 1; x.mean = 2\nx.mode = 3\nx.variance = 3\n");
    ASSERT_EQ(reading.diagnostics.list().size(), 1u);
    EXPECT_EQ(reading.diagnostics.list()[0].message,
              "uncertainties ('x.mean = 3') are kept but change nothing");
    EXPECT_EQ(reading.diagnostics.list()[0].help, "the file has 2 more of them");
}

TEST(ParseModels, NamesOfBrokenStatementsAreNotUnknown) {
    const Reading reading("at time > 3: K_n = *\nA -> ; Kn*A + k; Kn = 1\nk = 3 +\n");
    std::vector<std::string> messages;
    for (const auto& complaint : complaints(reading.diagnostics)) messages.push_back(complaint.line);
    EXPECT_EQ(messages,
              (std::vector<std::string>{"error 1:20: expected a formula, found '*'",
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
