// Studies: text to tree, and what is said about wrong ones.
#include "dsl/syntax/parse.h"
#include "expect.h"

namespace rondo {
namespace {

std::string dumped(const std::string& text) {
    Sources sources;
    const auto file = sources.add("s.rondo", text);
    Diagnostics diagnostics(sources);
    const StudyFile study = parse_study(file, diagnostics);
    return diagnostics.render() + dump(study);
}

TEST(ParseStudy, ReadsStatements) {
    struct Case {
        std::string text, tree;
    };
    const Case cases[] = {
        {"x = 1 + 2*3; y = x", "x = (+ 1 (* 2 3))\ny = x\n"},
        {"x = -a^2 + b", "x = (+ (- (^ a 2)) b)\n"},
        {"x = 2^3^2", "x = (^ 2 (^ 3 2))\n"},
        {"x = 2^-x^y", "x = (^ 2 (- (^ x y)))\n"},
        {"r = 0..5", "r = (.. 0 5)\n"},
        {"r = 0.5..n + 1", "r = (.. 0.5 (+ n 1))\n"},
        {"x = a < b and not c == d", "x = (&& (< a b) (! (== c d)))\n"},
        {"x = (a and b) or !c", "x = (|| (&& a b) (! c))\n"},
        {"x = a % b/c", "x = (/ (% a b) c)\n"},
        {"import \"b.ant\" as b\nuse hggs", "import \"b.ant\" as b\nuse hggs\n"},
        {"t.freq = t.X*2", "t.freq = (* t.X 2)\n"},
        {"run = simulate(m with (a = 2,\n   b = 6), 0..100,\n points = 5)",
         "run = simulate((with m a=2, b=6), (.. 0 100), points=5)\n"},
        {"t[t.freq_X > 0].X", "(index t (> t.freq_X 0)).X\n"},
        {"at = [{t = 50, k1 = 0}, {}]", "at = (list {t=50, k1=0} {})\n"},
        {"x = [\n 1,\n 2,\n]", "x = (list 1 2)\n"},
        {"x = (1\n + 2\n)", "x = (+ 1 2)\n"},
        {"function f(x, k = 2)\n return x\nend", "function f(x, k=2)\n  return x\n"},
        {"function f(x) x + 1 end", "function f(x) (+ x 1)\n"},
        {"function f(x)\n  x + 1\nend\ny = f(2)", "function f(x) (+ x 1)\ny = f(2)\n"},
        {"f(function(x) x^2 end, function(x, y)\n z = x\n return z\nend)",
         "f(function (x) (^ x 2), function (x, y) ...)\n"},
        {"for x in 1..3\n print(x)\nend", "for x in (.. 1 3)\n  print(x)\n"},
        {"while x < 3; x = x + 1; end", "while (< x 3)\n  x = (+ x 1)\n"},
        {"if a\n b()\nelse if c\n d()\nelse\n e()\nend", "if a\n  b()\nelse if c\n  d()\nelse\n  e()\n"},
        {"if a\nelse\n if b\n c()\n end\nend", "if a\nelse\n  if b\n    c()\n"},
        {"assert x == 1, \"x is {x}\"", "assert (== x 1), (string \"x is \" x)\n"},
        {"end = 3; x = end + model; model = gamma(min = 3, time = volume)",
         "end = 3\nx = (+ end model)\nmodel = gamma(min=3, time=volume)\n"},
        {"x = t.end + t.model", "x = (+ t.end t.model)\n"},
        {"print(\"rmse {score(a, \"t {b}\").rmse} of \\{n\\}\\n\")",
         "print((string \"rmse \" score(a, (string \"t \" b)).rmse \" of {n}\n\"))\n"},
        {"x = {\"[S1]\" = 1}[\"\xc3\xa9\"]", "x = (index {[S1]=1} \"\xc3\xa9\")\n"},
        {"model m\n  R: A -> B; k*A\n  k = 1\nend\nx = 0..5",
         "model m\n  reaction R: A -> B; (* k A)\n  set k = 1\nx = (.. 0 5)\n"},
        {"# a\n// b\n/* c\n d */ x = 1 \\\n + 2", "x = (+ 1 2)\n"},
        {"x = a\r\ny = b\rz = c", "x = a\ny = b\nz = c\n"},
        {"return", "return\n"},
        {"", ""},
    };
    for (const auto& [text, tree] : cases) EXPECT_EQ(dumped(text), tree) << text;
}

TEST(ParseStudy, ReportsEveryErrorOnceInOrder) {
    const char* cases[] = {
        "x = 1 +            // error 1:8: expected a value, found the end of the line\n"
        "y = * 2            // error 2:5: expected a value, found '*'\n"
        "z = 3",
        "x = f(a, (b + c    // error 1:16: expected ')', found the end of the line\n"
        "y = 2 3            // error 2:7: expected a new line or ';', found '3'\n",
        "x = f(a b,         // error 1:9: expected ')', found 'b'\n"
        "      c = 2)\n"
        "y = )              // error 3:5: expected a value, found ')'\n",
        "whle x < 3         // error 1:1: unknown statement 'whle'\n"
        "// help: did you mean 'while'?\n"
        "  x = 4\n"
        "end\n",
        "while x; end; end  // error 1:15: 'end' closes nothing\n",
        "for x of 1..3      // error 1:7: expected 'in', found 'of'\n"
        "// help: write 'for x in 1..10'\n"
        "  print(x)\n"
        "end\n",
        "for x in 1..3\n"
        "  if x > 2         // error 2:3: 'if' is never closed\n"
        "    print(x)\n"
        "end\n"
        "y = 2",
        "function f(x)      // error 1:1: 'function f' is never closed\n"
        "// help: add 'end'\n"
        "  return 1\n",
        "x = 0 < y < 1      // error 1:11: comparisons do not chain\n"
        "x = a and b or c   // error 2:13: 'and' and 'or' are mixed without parentheses\n",
        "A -> B; k          // error 1:3: expected a new line or ';', found '->'\n"
        "// help: reactions stand at the start of a statement inside 'model ... end'\n",
        "species A, B       // error 1:1: unknown statement 'species'\n"
        "// help: a model's statements stand inside 'model ... end'\n",
        "if a = 3           // error 1:6: expected a new line or ';', found '='\n"
        "// help: '=' binds a name; '==' compares\n"
        "end",
        "x += 3             // error 1:3: expected a new line or ';', found '+='\n"
        "// help: write 'x = x + ...'\n",
        "x = \"abc          // error 1:5: this string is not closed on its line\n"
        "y = \"{a + }\"     // error 2:11: expected a value, found '}'\n"
        "z = \"{}\"         // error 3:6: nothing between '{' and '}'\n"
        "z = \"\\d\"         // error 4:6: unknown escape in a string\n",
        "f(x)[1] = 3        // error 1:1: only a name or a column can be bound\n",
        "t.f(3)             // error 1:4: only a name can be called\n",
        "x = [a = 3]        // error 1:6: a list's items have no names\n"
        "x = {3}            // error 2:6: a field has a name: '{a = 1}'\n",
        "import model.ant   // error 1:8: expected the file's name in quotes, found 'model'\n",
        "x = 2**3           // error 1:6: expected '^', found '**'\n"
        "// help: write '^' for a power\n",
        "\xce\xb1 = 3            // error 1:1: names are made of ASCII letters, digits and '_'\n",
        "x = 1e999          // error 1:5: the number is out of range\n",
        "/* abc             // error 1:1: this comment is never closed\n",
        "else               // error 1:1: 'else' belongs to no 'if'\n",
        "while x\n"
        "else               // error 2:1: 'else' belongs to no 'if'\n"
        "end\n",
    };
    for (const std::string text : cases) {
        Sources sources;
        const auto file = sources.add("s.rondo", text);
        Diagnostics diagnostics(sources);
        parse_study(file, diagnostics);
        expect_complaints(text, diagnostics);
    }
}

TEST(ParseStudy, SpansPointIntoStringsToo) {
    Sources sources;
    const auto file = sources.add("s.rondo", "print(\"a {bc + d}\")");
    Diagnostics diagnostics(sources);
    const auto study = parse_study(file, diagnostics);
    const Expr& text = *study.statements[0].value->arguments[0].value;
    EXPECT_EQ(sources.slice(text.children[1]->span), "bc + d");
    EXPECT_EQ(sources.slice(text.children[1]->children[1]->span), "d");
    EXPECT_EQ(sources.slice(study.statements[0].span), "print(\"a {bc + d}\")");
}

}  // namespace
}  // namespace rondo
