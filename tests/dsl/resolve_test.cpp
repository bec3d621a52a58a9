// What Antimony's statements mean, and what is said about wrong ones. Most cases are those of the
// specification, section 6, which were verified with libAntimony.
#include "dsl/model/resolve.h"

#include <set>

#include "expect.h"
#include "facts.h"

namespace rondo {
namespace {

TEST(Resolve, MeansWhatAntimonyMeans) {
    struct Case {
        std::string text;
        std::vector<std::string> facts;
    };
    const std::string dc = "default_compartment";
    const Case cases[] = {
        {"S1 -> S2; k1*S1",
         {"species S1 in default_compartment", "species S2 in default_compartment", "parameter k1",
          "reaction _J0: S1 -> S2; k1*S1", "compartment default_compartment = 1 implicit"}},
        {"A => $B; k; B = 3",
         {"species B in default_compartment concentration 3 boundary", "reaction _J0: A => B; k"}},
        {"A <==> B;", {"reaction _J0: A -> B"}},
        {"-> A; k", {"reaction _J0: -> A; k", "parameter k"}},
        {"2A + 3 B -> C; k", {"reaction _J0: 2 A + 3 B -> C; k"}},
        {"A + A -> ; k", {"reaction _J0: A + A ->; k"}},
        {"A -> B; E*A; E -> ; 1", {"reaction _J0: A -> B | E; E*A", "reaction _J1: E ->; 1"}},
        {"A -> B; v; v := E; species E",
         {"assignment v = E", "reaction _J0: A -> B; v", "parameter v variable"}},
        {"J: A -> B; k\nJ = 2*A", {"reaction J: A -> B; 2*A", "no initial J", "no parameter J"}},
        {"J = 2*A\nJ: A -> B; k", {"reaction J: A -> B; k"}},
        {"J := 2*A\nJ: A -> B;", {"reaction J: A -> B; 2*A"}},
        {"J in C: A -> B; k; B in D", {"species A in C", "species B in D", "reaction J in C: A -> B; k"}},
        {"J: A -> B; k in C", {"species A in C", "reaction J in C: A -> B; k"}},
        {"S in C = 3; S -> ; 1; C = 2", {"species S in C concentration 3", "compartment C = 2"}},
        {"S in C; S -> ; 1; S = 3/C", {"species S in C amount 3", "no initial S"}},
        {"species S = 3/default_compartment", {"species S in default_compartment amount 3"}},
        {"species S; x = default_compartment", {"initial x = default_compartment"}},
        {"species S = 3/2", {"species S in default_compartment", "initial S = 3/2"}},
        {"species S = +3", {"species S in default_compartment", "initial S = 3"}},
        {"species S = -3", {"species S in default_compartment concentration -3"}},
        {"x = pi; y = (3); z = INF", {"parameter x", "initial x = pi", "initial y = 3", "parameter z = inf"}},
        {"substanceOnly species S in C = 3", {"species S in C amount 3 substanceOnly"}},
        {"substanceOnly S", {"species S in default_compartment substanceOnly"}},
        {"S in C", {"compartment C", "parameter S"}},
        {"species $A, B = 1; var k = 2",
         {"species A in default_compartment boundary", "species B in default_compartment concentration 1",
          "parameter k = 2 variable"}},
        {"$A -> ; 1; var A", {"species A in default_compartment"}},
        {"var A; $A -> ; 1", {"species A in default_compartment boundary"}},
        {"const species A; A -> ;", {"species A in default_compartment boundary"}},
        {"x := 2*time", {"parameter x variable", "assignment x = 2*time"}},
        {"x := 3", {"parameter x = 3 variable", "assignment x = 3"}},
        {"x = 2*S; species S", {"parameter x variable", "initial x = 2*S"}},
        {"x = 2*k; k = 3", {"parameter x", "initial x = 2*k"}},
        {"z = y; y = 2*x; var x = 1", {"parameter y variable", "parameter z variable"}},
        {"const z = y; var y = 1", {"parameter z", "parameter y = 1 variable"}},
        {"x = 2*time", {"parameter x", "initial x = 2*time"}},
        {"species x; x' = -x", {"species x in default_compartment", "rate x = -x"}},
        {"A -> ; 1; $A' = 2; species $A; A' = 2", {}},
        {"x = 1; x = 2; x = 3", {"parameter x = 3"}},
        {"x = 1; x = ", {"parameter x"}},
        {"x := y; x := ; x = 4; y = 1", {"parameter x = 4", "no assignment x"}},
        {"x := -a^2", {"assignment x = -a^2"}},
        {"x := 2^3^2", {"assignment x = 2^3^2"}},
        {"x := (2^3)^2", {"assignment x = (2^3)^2"}},
        {"x := 2^-a^b", {"assignment x = 2^-a^b"}},
        {"x := a/b*c", {"assignment x = a/b*c"}},
        {"x := a || b && c", {"assignment x = (a || b) && c"}},
        {"x := a < b == c", {"assignment x = a < b && b == c"}},
        {"x := (a < b) == c", {"assignment x = (a < b) == c"}},
        {"x := a < b < c", {"assignment x = lt(a, b, c)"}},
        {"x := !a == b", {"assignment x = !a == b"}},
        {"x := not(a == b)", {"assignment x = !(a == b)"}},
        {"x := a and b or 1", {"assignment x = (a && b) || 1"}},
        {"x := log(a) + log(2, a) + root(a) + root(3, a) + sqr(a) + minus(a) + pow(a, 2)",
         {"assignment x = ln(a) + log(2, a) + sqrt(a) + root(3, a) + a^2 + -a + a^2"}},
        {"x := plus(a, b, c)*times() + ceiling(a) + arcsinh(b) + eq(a, b)",
         {"assignment x = (a + b + c)*times() + ceil(a) + arcsinh(b) + (a == b)"}},
        {"function f(x) x+1 end\ny := f(2)", {"function f(x) = x + 1", "assignment y = f(2)"}},
        {"function f(x)\n x+1\nend; y := f(2)", {"function f(x) = x + 1"}},
        {"model m; x = 1; end\nm is \"n\"", {"model m \"n\"", "parameter x = 1"}},
        {"species S; S is \"nm\"; S = 1\nk is \"rate\"; k = 1",
         {"species S in default_compartment concentration 1 \"nm\"", "parameter k = 1 \"rate\""}},
        {"model a; x = 1; end\nmodel b; y = 2; end", {"model b", "parameter y = 2"}},
        {"model *a; x = 1; end\nmodel b; y = 2; end\nz = 1", {"model a", "parameter x = 1"}},
        {"model *a; x = 1; end\nmodel *b; y = 2; end", {"model b"}},
        {"model a; x = 1; end\ny = 2", {"model __main", "parameter y = 2"}},
        {"model *A_-_B/C()\n x = 1\nend\nA_-_B/C is \"t\"", {"model A___B_C \"t\""}},
        {"x := (a! = 0)", {"assignment x = a != 0"}},
        {"x = 3 % 2; y = 5.; z = .5e-1; w = 1.E3",
         {"initial x = 3 % 2", "parameter y = 5", "parameter z = 0.05", "parameter w = 1000"}},
        {"_J0: A -> ; 1\nB -> ; 1", {"reaction _J0: A ->; 1", "reaction _J1: B ->; 1"}},
        {"B -> ; 1\n_J0: A -> ; 1", {"reaction _J1: B ->; 1", "reaction _J0: A ->; 1"}},
        {"gamma = 3; min = gamma; at = 1; end = 2; unit = 1; volume = unit + at",
         {"parameter gamma = 3", "initial min = gamma", "initial volume = unit + at"}},
        {"x = a + \\\n b /* one\n two */ + c; a = (1 +\n 2); b = 1; c = 1",
         {"initial x = a + b + c", "initial a = 1 + 2"}},
        {"species A,\n B", {"species B in default_compartment"}},
        {"compartment C; C in D; species S in C", {"compartment C", "species S in C"}},
        {"ext compartment C = 2; const species B in C", {"compartment C = 2", "species B in C boundary"}},
        {"formula k = 2; reaction J; J: A -> ; k", {"parameter k = 2", "reaction J: A ->; k"}},
        {"S = 1; S -> ;\nx = S; compartment default_compartment = 2",
         {"species S in default_compartment concentration 1", "compartment default_compartment = 2"}},
        {"A -> ; piecewise(1, A > 2, 0)", {"reaction _J0: A ->; piecewise(1, A > 2, 0)"}},
    };
    for (const auto& [text, facts] : cases) {
        if (!facts.empty()) expect_facts(text, facts);
    }
}

TEST(Resolve, SaysWhatIsWrong) {
    const char* cases[] = {
        "M = 0;  k = 1\n"
        "R1: -> M; k * Q      // warning 2:15: 'Q' is never given a value\n",
        "K_n = 3; M = 1\n"
        "transcription: -> M; M/(Kn + M)  // error 2:25: unknown name 'Kn' in the rate of 'transcription'\n"
        "// help: did you mean 'K_n' (parameter, line 1)?\n",
        "species S1 = 1; k1 = 1\n"
        "S1 -> S2; k1*s1      // error 2:14: unknown name 's1' in the rate of '_J0'\n"
        "// help: did you mean 'S1' (species, line 1)?\n",
        "k1 = 1; A -> ; k2*A  // warning 1:16: 'k2' is never given a value\n",
        "x := 3; x = 4        // error 1:9: 'x' follows a rule and cannot be given a value\n"
        "// help: the rule is on line 1\n",
        "x := 3\nx' = 4             // error 2:1: 'x' has two rules\n",
        "A -> ; 1; A' = 2     // error 1:11: 'A' is changed by a rule and by reaction '_J0'\n"
        "// help: write '$A' if only the rule changes it\n",
        "x = x + 1            // error 1:1: 'x' depends on itself: x -> x\n",
        "a := b; b = c; c := a + 1  // error 1:1: 'a' depends on itself: a -> b -> c -> a\n",
        "J: A -> ; k\nJ: B -> ; 1        // error 2:1: reaction 'J' is defined twice\n"
        "k = 1\n",
        "compartment C; C -> ; 1  // error 1:16: 'C' is a compartment and cannot be a species too\n",
        "J: A -> ; 1; J' = 2  // error 1:14: 'J' is a reaction and has a rate already\n",
        "pi = 3               // error 1:1: 'pi' is a constant of the language\n",
        "x := abs(1, 2)       // error 1:6: 'abs' takes 1 argument, not 2\n"
        "y := foo(1)          // error 2:6: unknown function 'foo'\n"
        "// help: a product is written with '*': 'foo*(...)'\n"
        "z := sqrtt(1)        // error 4:6: unknown function 'sqrtt'\n"
        "// help: did you mean 'sqrt'?\n"
        "w := log(1, 2, 3)    // error 6:6: 'log' takes 1 or 2 arguments, not 3\n"
        "v := max()           // error 7:6: 'max' takes at least 1 argument, not 0\n",
        "function f(x) x + q end  // error 1:19: unknown name 'q' in function 'f'\n"
        "// help: a function sees only its arguments\n"
        "y := f(1, 2)         // error 3:6: 'f' takes 1 argument, not 2\n",
        "function f(x) g(x) end   // error 1:15: unknown function 'g'\n"
        "function g(x) x end\ny := f(1)\n",
        "function f(x) x end\nf = 3              // error 2:1: 'f' is defined twice: as a function and as a "
        "parameter\n",
        "function f(x) x end\nfunction f(y) y end\n// error 2:10: 'f' is defined twice: as a function and as "
        "a function\n"
        "z := f(1)",
        "x = default_compartment  // warning 1:5: 'default_compartment' is never given a value\n",
        "const k; x = k       // warning 1:7: 'k' is never given a value\n",
        "function f() 1 end   // error ?: there is no model in the text\n",
    };
    for (const std::string text : cases) {
        const Reading reading(text);
        expect_complaints(text, reading.diagnostics);
    }
}

TEST(Resolve, StudyModelsTakeTheFunctionsTheyCall) {
    const std::string text =
        "function unused(x) simulate(x) end\n"
        "function square(x) x*x end\n"
        "function hill(x, k) square(x)/(k + square(x)) end\n"
        "function steps(x)\n  y = x\n  return y\nend\n"
        "model m\n  A -> ; hill(A, 2)\nend\n"
        "model n\n  A -> ; steps(A)\nend\n";
    Sources sources;
    Diagnostics diagnostics(sources);
    const auto study = parse_study(sources.add("s.rondo", text), diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.render();
    std::vector<std::shared_ptr<const FunctionTree>> functions;
    std::vector<std::shared_ptr<const ModelTree>> models;
    for (const Statement& statement : study.statements) {
        if (statement.function) functions.push_back(statement.function);
        if (statement.model) models.push_back(statement.model);
    }
    const Network network = resolve(*models[0], functions, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
    ASSERT_EQ(network.functions.size(), 2u);
    EXPECT_EQ(network.functions[0].id, "square");
    EXPECT_EQ(network.functions[1].id, "hill");
    resolve(*models[1], functions, diagnostics);
    const auto found = complaints(diagnostics);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].line, "error 4:10: function 'steps' is used in a model but is no formula");
}

TEST(Check, HoldsForNetworksThatNoTextMade) {
    Network network;
    network.compartments.push_back({.id = "c", .size = 1});
    network.species.push_back({.id = "S", .compartment = "d"});
    network.parameters.push_back({.id = "S"});
    network.parameters.push_back({.id = "k_on", .value = 1});
    network.reactions.push_back(
        {.id = "R",
         .reactants = {{.species = "k_on"}, {.species = "T"}},
         .kinetic_law = make_math(Op::times, {make_symbol("kon"), make_symbol("local")}),
         .local_parameters = {{.id = "local", .value = 1}}});
    network.rules.push_back({RuleKind::rate, "R", make_number(1)});
    network.rules.push_back({RuleKind::assignment, "k_on", make_math(Op::power, {make_number(1)})});
    network.rules.push_back({RuleKind::assignment, "k_on", make_math(Op::call, {}, {}, "f")});
    network.initial_assignments.push_back({"q", make_number(1)});
    network.functions.push_back(
        {.id = "g", .arguments = {"x", "x"}, .body = make_math(Op::call, {make_symbol("x")}, {}, "g")});
    Sources sources;
    Diagnostics diagnostics(sources);
    check(network, diagnostics);
    std::vector<std::string> found;
    for (const auto& complaint : complaints(diagnostics))
        found.push_back(complaint.line.substr(9) + (complaint.help.empty() ? "" : " | " + complaint.help));
    const std::vector<std::string> expected = {
        "'S' is defined twice: as a species and as a parameter | ids are shared by everything in a model",
        "function 'g' has two arguments 'x'",
        "'g' in function 'g' takes 2 arguments, not 1",
        "unknown compartment 'd' as the compartment of 'S'",
        "'k_on' is a parameter and cannot stand as a reactant of 'R'",
        "unknown species 'T' as a reactant of 'R'",
        "unknown name 'kon' in the rate of 'R' | did you mean 'k_on' (parameter)?",
        "'R' is a reaction and cannot be the target of a rule",
        "'^' in the rule of 'k_on' takes 2 arguments, not 1",
        "'k_on' is changed by a rule and by reaction 'R' | write '$k_on' if only the rule changes it",
        "'k_on' has two rules",
        "unknown function 'f' in the rule of 'k_on'",
        "unknown name 'q' as the target of an initial assignment",
        "'g' depends on itself: g -> g",
    };
    EXPECT_EQ(found, expected);
}

TEST(Resolve, LargeModelsTakeLinearTime) {
    std::string text;
    for (int i = 0; i < 10000; ++i) {
        const std::string n = std::to_string(i), next = std::to_string(i + 1);
        text += "J" + n + ": S" + n + " -> S" + next + "; k" + n + "*S" + n + "\nk" + n + " = 0.5\nx" + n +
                " := x" + next + " + 1\n";
    }
    text += "x10000 = 1\nsum := S0";
    for (int i = 1; i < 9000; ++i) text += " + S" + std::to_string(i);
    const Reading reading(text);
    EXPECT_FALSE(reading.diagnostics.has_errors()) << reading.diagnostics.render();
    EXPECT_EQ(reading.network.reactions.size(), 10000u);
    EXPECT_EQ(find_rule(reading.network, "sum")->math->args.size(), 9000u);
}

}  // namespace
}  // namespace rondo
