// What is allowed but most likely not meant, and what is no reason to warn.
#include "expect.h"
#include "read.h"

namespace rondo {
namespace {

TEST(Warnings, NameWhatIsMostLikelyNotMeant) {
    const char* cases[] = {
        "A -> ; k*A; A = 1   // warning 1:8: 'k' is never given a value\n",
        "x = 1               // warning 1:1: this value of 'x' is replaced\n"
        "// help: by that on line 4\n"
        "y = x\n"
        "x = 2\n",
        "x := 1              // warning 1:1: this value of 'x' is replaced\n"
        "x := 2\n",
        "J: A -> ; 2*A; A = 1  // warning 1:11: this rate of 'J' is replaced\n"
        "// help: by that on line 3\n"
        "J = 3*A\n",
        "species glucose = 1, lactate = 2\n"
        "glucose -> gluose;  // warning 2:12: species 'gluose' is used only here\n"
        "// help: did you mean 'glucose'?\n",
        "species A, B, C\n"
        "A + B -> C;\n"
        "A -> D;             // warning 3:6: species 'D' is used only here and not declared\n"
        "// help: 'species D' declares it\n",
        "species Atp\n"
        "Atp -> ADP;\n"
        "ADP -> ATP; ADP*ATP  // warning 3:8: 'ATP' and 'Atp' differ only in case\n"
        "// help: 'Atp' is first met on line 1\n",
        "unit mM = 1e-3 mole/litre\n"
        "x = 1 mM; y = 2 litre\n"
        "z := x + y          // warning 3:6: the units of the terms differ: metre^-3 mole and 0.001 metre^3\n"
        "v := x; v has litre  // warning 4:1: the units of 'v' and of its formula differ: 0.001 metre^3 and "
        "metre^-3 "
        "mole\n",
        "unit time_unit = 60 second; unit substance = mole\n"
        "k = 1 mole; A -> ; k  // warning 2:20: the units of the rate of '_J0' and of its formula differ: "
        "0.0166667 "
        "mole second^-1 and mole\n",
    };
    for (const std::string text : cases) {
        const Reading reading(text);
        expect_complaints(text, reading.diagnostics);
    }
}

TEST(Warnings, AreNotGivenWithoutNeed) {
    const char* cases[] = {
        "S1 -> S2; k1*S1; S1 = 10; k1 = 1",
        "k = 1; K = 2; A -> B; k*A - K*B",
        "x = 1; x = ; x = 2",
        "model s; x = 1; end\nmodel m; A: s(); A.x = 2; end",
        "unit mM = 1e-3 mole/litre; x = 1 mM; z := 2*x + 3; y := x^2 + 1; w := x + q; q = 1",
        "unit mM = 1e-3 mole/litre; unit uM = mole/1e6 litre; x = 1 mM; y = 1000 uM; z := x + 1000*y",
        "x = 1 item; z := x + y; y = 1 dimensionless",
        "species A, B = 1; A -> C;; C -> B;",
    };
    for (const std::string text : cases) {
        const Reading reading(text);
        EXPECT_TRUE(reading.diagnostics.list().empty()) << text << "\n" << reading.diagnostics.render();
    }
}

}  // namespace
}  // namespace rondo
