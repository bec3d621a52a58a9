// The cases of the specification of Antimony (section 6), verified with libAntimony 3.3.0, and those of
// submodels, units and events.
#include "facts.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

const std::string dc = "default_compartment";

TEST(Facts, Reactions) {
    expect_facts("n A -> B; 1; n = 2", {"reaction _J0: n:2 A -> B; 1", "no parameter n"});
    expect_facts("n A -> B; 1; n' = 2", {"rate n = 2", "reaction _J0: n:var nan A -> B; 1"});
    expect_facts("n A -> n B; 1; n = 2",
                 {"reaction _J0: n:2 A -> _J0_B_stoich:var nan B; 1", "assignment _J0_B_stoich = n"});
    expect_facts("J: A -> B;\nE -| J;", {"reaction J: A -> B | E", "remark J inhibitor \"E\""});
    expect_facts("J: A -> B; k\nI: E -o J; k*E*A",
                 {"reaction J: A -> B | E; k*E*A", "remark J activator \"E\" \"I\""});
    expect_facts("2A + -3 B -> C; k", {"reaction _J0: 2 A + -3 B -> C; k"});
    expect_refused("J: A->; K: B->;", "expected a new line or ';'");
}

TEST(Facts, Rules) {
    expect_facts("0 = A + B - 5", {"algebraic = A + B - 5", "parameter A variable", "parameter B variable"});
    expect_facts("r: 2.5 = A + b; const b = 1; var A",
                 {"algebraic r = A + b - 2.5", "parameter A variable", "parameter b = 1"});
    expect_facts("0 = A + b; var A", {"parameter A variable", "parameter b"});
    expect_refused("x := 3; x = 4", "'x' follows a rule");
    expect_refused("A -> ; 1; A' = 2", "changed by a rule and by reaction");
    expect_refused("gamma(3) = 3", "");
}

TEST(Facts, Events) {
    expect_facts("at x>3: k = 4", {"event _E0: at x > 3, k = 4", "parameter k variable"});
    expect_facts("E: at 2 after x>3, t0=false, persistent=false: k=4, j=1",
                 {"event E: at x > 3 delay 2 t0=false persistent=false, k = 4, j = 1"});
    expect_facts(
        "at time > 3, priority = x, fromTrigger = false: S = S + 1; species S; E: at x > 1: y = 2\nE is "
        "\"nm\"",
        {"event _E0: at time > 3 priority x fromTrigger=false, S = S + 1",
         "event E: at x > 1, y = 2 \"nm\""});
    expect_refused("at x > 3: k = 4, k = 5", "'k'");
    expect_refused("at x > 3, later = true: k = 4", "an event has no option 'later'");
    expect_refused("at x > 3, t0 = 0: k = 4", "expected 'true' or 'false', found '0'");
    expect_refused("at x > 3: k = 4; k := 3", "'k'");
    expect_refused("at x > 3: k = 4; const k", "'k'");
}

TEST(Facts, Formulas) {
    expect_facts("x := a < b < c", {"assignment x = lt(a, b, c)"});
    expect_facts("x := delay(y, 2) + rateOf(y) + normal(0, 1) + uniform(0, 1)",
                 {"assignment x = delay(y, 2) + rateOf(y) + normal(0, 1) + uniform(0, 1)"});
    expect_facts("x := implies(a, b) + quotient(a, 2) + rem(a, 2) + a % 2 + avogadro",
                 {"assignment x = implies(a, b) + quotient(a, 2) + a % 2 + a % 2 + avogadro"});
    expect_refused("x := delay(y)", "'delay' takes 2 arguments, not 1");
}

TEST(Facts, Units) {
    expect_facts("x = 3 mM", {"parameter x = 3 [mM]", "unit mM ="});
    expect_facts("unit u = 1/60 second", {"unit u = (60 second)^-1"});
    expect_facts("unit u = 2 mole^2; unit v = u/litres",
                 {"unit u = (2 mole)^2", "unit v = (2 mole)^2 (litre)^-1"});
    expect_facts(
        "unit substance = 1e-3 mole; unit volume = litre; unit time_unit = 60 seconds",
        {"substance in substance", "volume in litre", "time in time_unit", "unit time_unit = (60 second)^1"});
    expect_facts("k = 3 mole/second; second = 2", {"initial k = 3 mole/second", "parameter second = 2"});
    expect_facts(
        "S in C = 3 mM; S -> ; 1; C = 2; C has litre; unit mM = 1e-3 mole/litre; unit mmol = 1e-3 mole",
        {"species S in C concentration 3 [mmol]", "compartment C = 2 [litre]"});
    expect_facts("substanceOnly species S = 3 item",
                 {"species S in " + dc + " amount 3 substanceOnly [item]"});
    expect_facts("x has mole/litre; x = 1; y has second^-1; y = -2 gauss",
                 {"parameter x = 1 [mole_per_litre]", "unit mole_per_litre = (mole)^1 (litre)^-1",
                  "parameter y = -2 [gaus]"});
    expect_facts("unit u = u; x = 1 u", {"unit u =", "parameter x = 1 [u]"});
    expect_refused("unit u = mole second", "expected a new line or ';', found 'second'");
}

TEST(Facts, NamesAndRemarks) {
    expect_facts("species S; S is \"nm\"\nS.sboTerm = 5\nS part \"u\", \"v\"",
                 {"species S in " + dc + " \"nm\"", "remark S sboTerm \"SBO:0000005\"",
                  "remark S hasPart \"u\" \"v\""});
    expect_facts("A identity \"http://x\"", {"parameter A", "remark A identity \"http://x\""});
    expect_facts("model m; x = 1; model part \"u\"; end\nm is \"n\"\nm description \"v\"",
                 {"model m \"n\"", "remark hasPart \"u\"", "remark isDescribedBy \"v\""});
    expect_facts("function f(x) x end\nf is \"F\"\nf.sboTerm = 9\ny := f(2)",
                 {"function f(x) = x \"F\"", "remark f sboTerm \"SBO:0000009\""});
    expect_facts("notes \"n\"; created \"2013\"; creator1.name \"A B\"; x = 1",
                 {"remark notes \"n\"", "remark created \"2013\"", "remark creator1.name \"A B\""});
    expect_facts("x = 1; x.mean = 3; x.range = {1, 2}; x.distribution is \"http://u\"",
                 {"remark x mean \"3\"", "remark x range \"1\" \"2\"", "remark x distribution \"http://u\""});
    expect_facts("S -> ; 1; S.x = 3; S.position = {1, 2}; S.size = {3, 4}; model.autolayout = true",
                 {"no remark"});
    expect_facts("P--G--; P = 2; G: -> M;; gene G", {"remark G gene", "remark strand \"P--G--\""});
    expect_facts("geneProduct g; J: A -> ; 1; J.geneProductAssociation = g",
                 {"remark g geneProduct", "no parameter g"});
}

TEST(Facts, Constraints) {
    expect_facts("A <= 5; A -> ; 1; constraint c: A == 3", {"constraint A <= 5", "constraint c A == 3"});
    expect_facts("J: A -> ;; -10 <= J <= k; maximize 2*J",
                 {"constraint leq(-10, J, k)", "bound J >= -10", "bound J <= k", "maximize : 2 J"});
    expect_facts("S -> ; 1; S.conversionFactor = p; model.conversionFactor = q; p = 1; q = 2",
                 {"species S in " + dc + " converted by p", "species converted by q"});
    expect_refused("J: A -> ;; maximize J^2", "an objective is a sum of reactions");
    expect_refused("J: A -> ;; maximize J; minimize J", "a model has one objective");
}

TEST(Facts, Submodels) {
    expect_facts("model s(x); y = 2*x; end\nmodel m; A: s(3); end",
                 {"parameter _ant0 = 3", "parameter A_y", "initial A_y = 2*_ant0"});
    expect_facts("model s; S -> ; k; end\nmodel m; A: s(); A.S is T; T = 1; end",
                 {"species T in " + dc + " concentration 1", "reaction A__J0: T ->; A_k"});
    expect_facts("model s(S, k); S -> ; k*S; k = 1; S = 2; end\nmodel m; A: s(X, 3); B: s(X); X = 5; end",
                 {"species X in " + dc + " concentration 5", "reaction A__J0: X ->; _ant0*X",
                  "reaction B__J0: X ->; B_k*X", "parameter _ant0 = 3", "parameter B_k = 1"});
    expect_facts("model s; x = 1; y := 2*x; end\nmodel m; A: s(); A.x = 4; A.y := ; A.y = 3; end",
                 {"parameter A_x = 4", "parameter A_y = 3", "no assignment"});
    expect_facts(
        "model p; k = 2; end\nmodel s; P: p(); J: -> S; P.k; end\nmodel m; A: s(); A.P.k = 3; x := A.P.k; "
        "end",
        {"parameter A_P_k = 3", "reaction A_J: -> A_S; A_P_k", "assignment x = A_P_k"});
    expect_facts("model s; J: S -> T; k; x := S; y := 2; end\nmodel m; A: s(); delete A.S; end",
                 {"no species A_S", "reaction A_J: -> A_T; A_k", "no assignment A_x", "assignment A_y = 2"});
    expect_facts(
        "model s; J: S -> ; k*time; x' = time; at 3 after x > 2: k = 1; end\nmodel m; A: s(), timeconv = 60, "
        "extentconv = e; e = 2; end",
        {"reaction A_J: A_S ->; A_k*(time/60)*e/60", "rate A_x = time/60/60",
         "event A__E0: at A_x > 2 delay 3*60, A_k = 1"});
    expect_facts("model s; x = 3; y := x; end\nmodel m; A: s(); A.x * 10 is z; end",
                 {"initial z = 10*3", "assignment A_y = z/10"});
    expect_facts("model s; x = 3; end\nmodel m; A: s(); A.x is z / 10; z = 4; end",
                 {"parameter z = 4", "no parameter A_x"});
    expect_facts("model s; x = 1; end\nmodel m; s(); s(); end",
                 {"parameter _sys0_x = 1", "parameter _sys1_x = 1"});
    expect_facts("A = 3; A is B; x := A", {"parameter B = 3", "assignment x = B", "no parameter A"});
    expect_facts("model s; S in C; C = 2; S -> ;; end\nmodel m; A: s(); A.C is D; D = 3; end",
                 {"species A_S in D", "compartment D = 3"});
    expect_refused("model s; x = 1; end\nmodel m; A: s(); A.y = 1; end", "submodel 'A' has no 'y'");
    expect_refused("model m; A: s(); end", "unknown model 's'");
    expect_refused("model m; B.k = 1; end", "there is no submodel 'B'");
    expect_refused("model s; A: s(); end\nmodel *t; B: s(); end", "model 's' is a submodel of itself");
    expect_refused("model s(x); y = x; end\nmodel m; A: s(1, 2); end", "model 's' takes 1 arguments, not 2");
}

}  // namespace
}  // namespace rondo
