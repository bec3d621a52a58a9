// Reading PEtab, against what the formulas of the format say of a decay known in closed form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "tests/runtime/petab/small_problem.h"

namespace rondo::test {
namespace {

using ::testing::HasSubstr;
constexpr double log_2_pi = 1.8378770664093453;

double decay(double t) {
    return 2 * std::exp(-0.5 * t);
}

TEST(Petab, NoiseIsAsTheFormatDefinesIt) {
    const auto normal = [](double r, double sigma) { return 0.5 * log_2_pi + std::log(sigma) + 0.5 * r * r; };
    const auto laplace = [](double r, double sigma) { return std::log(2 * sigma) + std::abs(r); };
    struct Case {
        std::string transformation, distribution;
        double (*scale)(double);
        double jacobian;  // at 1, of -log; the measured value's own log is added
    };
    const auto linear = [](double x) { return x; };
    const auto natural = [](double x) { return std::log(x); };
    const auto decadic = [](double x) { return std::log10(x); };
    for (const auto& [transformation, distribution, scale, jacobian] :
         {Case{"lin", "normal", linear, -1}, Case{"log", "normal", natural, 0},
          Case{"log10", "normal", decadic, std::log(std::numbers::ln10)}, Case{"lin", "laplace", linear, -1},
          Case{"log", "laplace", natural, 0},
          Case{"log10", "laplace", decadic, std::log(std::numbers::ln10)}}) {
        SCOPED_TRACE(transformation + " " + distribution);
        SmallProblem problem;
        problem.observables =
            "observableId|observableFormula|noiseFormula|observableTransformation|noiseDistribution\nobs|A|0."
            "1|" +
            transformation + "|" + distribution + "\n";
        double expected = 0;
        for (const auto& [t, m] : {std::pair{1.0, 1.3}, std::pair{2.0, 0.7}}) {
            const double r = (scale(m) - scale(decay(t))) / 0.1;
            expected += distribution == "normal" ? normal(r, 0.1) : laplace(r, 0.1);
            if (jacobian >= 0) expected += std::log(m) + jacobian;
        }
        EXPECT_NEAR(Ready(problem).nllh(), expected, 1e-5);
    }
}

// Parameters that the model does not have; each row gives the placeholders values or parameters of its own.
TEST(Petab, PlaceholdersTakeEachRowsOwnValues) {
    SmallProblem problem;
    problem.parameters += "scale|lin|0|10|3|1\noffset|lin|-10|10|0.25|0\nsd|log|0.001|10|0.2|1\n";
    problem.observables =
        "observableId|observableFormula|noiseFormula\n"
        "obs|observableParameter1_obs*A + observableParameter2_obs|noiseParameter1_obs*obs\n";
    problem.data =
        "observableId|simulationConditionId|measurement|time|observableParameters|noiseParameters\n"
        "obs|c1|3.9|1|scale;offset|sd\nobs|c1|1.4|1|1.5;0|0.1\n";
    double expected = 0;
    for (const auto& [m, scale, offset, sd] :
         {std::array{3.9, 3.0, 0.25, 0.2}, std::array{1.4, 1.5, 0.0, 0.1}}) {
        const double s = scale * decay(1) + offset, sigma = sd * s, r = (m - s) / sigma;
        expected += 0.5 * log_2_pi + std::log(sigma) + 0.5 * r * r;
    }
    EXPECT_NEAR(Ready(problem).nllh(), expected, 1e-5);
}

std::vector<double> simulated(const SmallProblem& problem) {
    Ready ready(problem);
    const auto value = ready.runs.evaluate(ready.likelihood.nominal());
    EXPECT_EQ(value.failure, "");
    return value.simulated;
}

TEST(Petab, ConditionsSetParametersSpeciesAndCompartments) {
    SmallProblem problem;
    problem.model =
        "model decay\n  compartment V = 2\n  species A in V\n  J: A -> ; V*k*A\n  k = 1; a = 7\n  A = "
        "a\nend\n";
    problem.parameters =
        "parameterId|parameterScale|nominalValue|estimate|lowerBound|upperBound\na0|lin|3|1|0|10\n";
    problem.conditions =
        "conditionId|conditionName|k|A|V\nc1|first|0.5|a0|2\nc2||0.25|NaN|4\nc3||k_other|1|\n";
    problem.observables += "amount|A*V|1\n";
    problem.data =
        "observableId|simulationConditionId|measurement|time\nobs|c1|1|1\nobs|c2|1|1\nobs|c3|1|1\namount|c2|"
        "1|2\n";
    problem.parameters += "k_other|lin|2|0\n";
    const auto found = simulated(problem);
    const double expected[] = {3 * std::exp(-0.5), 7 * std::exp(-0.25), std::exp(-2.0), 28 * std::exp(-0.5)};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found[i], expected[i], 1e-6 * expected[i]) << i;
}

// A and B come to v/k; then the inflow stops, A goes on from there and B from what the condition says.
TEST(Petab, PreequilibrationKeepsWhatTheConditionDoesNotSet) {
    SmallProblem problem;
    problem.model =
        "model flow\n  species A = 0, B = 9\n  -> A; v\n  A -> ; k*A\n  -> B; v\n  B -> ; k*B\n  k = 1; v = "
        "1\nend\n";
    problem.conditions = "conditionId|v|B\nrest|3|5\nc1|0|1.5\nc2|0|NaN\n";
    problem.observables += "b|B|1\n";
    problem.data =
        "observableId|preequilibrationConditionId|simulationConditionId|measurement|time\n"
        "obs|rest|c1|1|0\nobs|rest|c1|1|2\nb|rest|c1|1|2\nb|rest|c2|1|2\nb||c2|1|2\nobs||c1|1|inf\nobs|rest|"
        "rest|1|inf\n";
    const auto found = simulated(problem);
    const double e = std::exp(-1.0), expected[] = {6, 6 * e, 1.5 * e, 6 * e, 9 * e, 0, 6};
    for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(found[i], expected[i], 1e-6) << i;
}

TEST(Petab, PriorsAreThoseOfTheFormat) {
    const double x = 0.5, z = std::log10(0.5);
    const auto normal = [](double v, double m, double s) {
        return 0.5 * log_2_pi + std::log(s) + 0.5 * std::pow((v - m) / s, 2);
    };
    const auto laplace = [](double v, double m, double b) { return std::log(2 * b) + std::abs(v - m) / b; };
    struct Case {
        std::string type, parameters;
        double expected;
    };
    for (const auto& [type, parameters, expected] :
         {Case{"", "", 0}, Case{"uniform", "0.25;2.25", std::log(2)}, Case{"normal", "1;2", normal(x, 1, 2)},
          Case{"laplace", "1;2", laplace(x, 1, 2)},
          Case{"logNormal", "1;2", normal(std::log(x), 1, 2) + std::log(x)},
          Case{"logLaplace", "1;2", laplace(std::log(x), 1, 2) + std::log(x)},
          Case{"parameterScaleUniform", "", std::log(4)},
          Case{"parameterScaleNormal", "1;2", normal(z, 1, 2)},
          Case{"parameterScaleLaplace", "1;2", laplace(z, 1, 2)}}) {
        SCOPED_TRACE(type);
        SmallProblem problem;
        problem.parameters =
            "parameterId|parameterScale|lowerBound|upperBound|nominalValue|estimate|objectivePriorType|"
            "objectivePriorParameters\nk|log10|0.01|100|0.5|1|" +
            type + "|" + parameters + "\n";
        Ready ready(problem);
        EXPECT_NEAR(ready.runs.evaluate(ready.likelihood.nominal()).improbability, expected, 1e-12);
    }
}

// What stands in `change` is wrong; the message names file, line and column, and a way out where there is
// one.
TEST(Petab, WrongInputIsNamedWithItsPlace) {
    struct Case {
        std::string SmallProblem::*file;
        std::string text, message;
    };
    const std::string o = "observableId|observableFormula|noiseFormula\n", p = SmallProblem().parameters,
                      d = "observableId|simulationConditionId|measurement|time\n";
    const std::string logs =
        "observableId|observableFormula|noiseFormula|observableTransformation\nobs|A|0.1|log\n";
    for (const auto& [file, text, message] : std::vector<Case>{
             {&SmallProblem::data, "observableId|measurement|time\nobs|1|1\n",
              "d.tsv:1:1: error: there is no column 'simulationConditionId'"},
             {&SmallProblem::data, d + "obx|c1|1|1\n", "d.tsv:2:1: error: there is no observable 'obx'"},
             {&SmallProblem::data, d + "obs|c2|1|1\n",
              "d.tsv:2:5: error: simulationConditionId: there is no condition 'c2'"},
             {&SmallProblem::data, d + "obs|c1|NaN|1\n", "d.tsv:2:8: error: the measurement is NaN"},
             {&SmallProblem::data, d + "obs|c1|x|1\n", "d.tsv:2:8: error: the measurement is no number: 'x'"},
             {&SmallProblem::data, d + "obs|c1||1\n", "d.tsv:2:8: error: the measurement is missing"},
             {&SmallProblem::data, d + "obs|c1|1|-1\n",
              "d.tsv:2:10: error: time is -1; it must be 0 or later, or inf"},
             {&SmallProblem::data, d, "there are no measurements"},
             {&SmallProblem::data, d + "obs|c1|1|1|7\n", "d.tsv:2:12: error: a cell too many"},
             {&SmallProblem::conditions, "conditionId\nc1\nc1\n",
              "c.tsv:3:1: error: condition 'c1' is there twice"},
             {&SmallProblem::conditions, "conditionId|kk\nc1|1\n",
              "c.tsv:1:13: error: the model has no 'kk'"},
             {&SmallProblem::conditions, "conditionId|k\nc1|inf\n",
              "c.tsv:2:4: error: the value is not finite"},
             {&SmallProblem::conditions, "conditionId|k\nc1|speed\n",
              "c.tsv:2:4: error: the value is neither a number nor a parameter: 'speed'"},
             {&SmallProblem::observables, o + "obs|A|0.1\nobs|A|1\n",
              "o.tsv:3:1: error: observable 'obs' is there twice"},
             {&SmallProblem::observables, o + "obs|AA|0.1\n",
              "o.tsv:2:5: error: unknown name 'AA' in the formula of 'obs'"},
             {&SmallProblem::observables, o + "obs|A +|0.1\n", "o.tsv:2:5"},
             {&SmallProblem::observables, o + "obs|A|\n", "the noise formula of 'obs' is missing"},
             {&SmallProblem::observables, o + "obs|A*observableParameter1_obs|1\n",
              "observableParameters gives 0 values; the formula of 'obs' takes 1"},
             {&SmallProblem::parameters, p + "k|lin|0|1|1|0\n",
              "p.tsv:3:1: error: parameter 'k' is there twice"},
             {&SmallProblem::parameters, p + "q|lin|2|1|1|1\n",
              "p.tsv:3:7: error: the bounds of 'q' leave nothing"},
             {&SmallProblem::parameters, p + "q|log|0|1|1|1\n", "the lower bound of 'q' must be positive"},
             {&SmallProblem::parameters, p + "q|lin|0|1||0\n",
              "p.tsv:3:11: error: the nominal value is missing"},
             {&SmallProblem::parameters, p + "q|lin|0|1|1|yes\n", "'estimate' is 'yes'; it must be 0 or 1"},
             {&SmallProblem::parameters, p + "q|root|0|1|1|1\n", "there is no scale 'root'"},
             {&SmallProblem::yaml, "format_version: 2\n", "PEtab version 2 is not supported"},
             {&SmallProblem::yaml, "- 1\n", "this is no PEtab problem"},
             {&SmallProblem::yaml, "a: [\n", "this is no YAML"},
             {&SmallProblem::yaml, SmallProblem().yaml + "extensions: {select: 1}\n",
              "'extensions' is not supported"},
             {&SmallProblem::model, "A -> ; kk*\n", "m.xml:1"},
         }) {
        SCOPED_TRACE(text);
        SmallProblem problem;
        problem.*file = text;
        EXPECT_THAT(complaint(problem), HasSubstr(message));
    }
    SmallProblem negative;
    negative.observables = logs;
    negative.data = d + "obs|c1|-1|1\n";
    EXPECT_THAT(complaint(negative),
                HasSubstr("d.tsv:2:8: error: the measurement is -1, which has no logarithm"));
}

TEST(Petab, FilesThatAreNotThereAreNamed) {
    SmallProblem problem;
    problem.yaml.replace(problem.yaml.find("o.tsv"), 5, "observ.tsv");
    EXPECT_THAT(complaint(problem), HasSubstr("observ.tsv"));
}

}  // namespace
}  // namespace rondo::test
