// The SBML Test Suite: what is imported runs, and gives the values of the suite's tables.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <map>
#include <sstream>

#include "jit/compile.h"
#include "network_text.h"
#include "runtime/integrate/cvode.h"
#include "runtime/integrate/record.h"
#include "runtime/table/csv.h"
#include "suite.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

struct Settings {
    std::vector<std::string> variables, amount, concentration;
    double start = 0, duration = 0, absolute = 0, relative = 0;
    int steps = 0;  // 0: no time course
};

std::vector<std::string> split(std::string text) {
    std::replace(text.begin(), text.end(), ',', ' ');
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

Settings read_settings(const fs::path& path) {
    std::map<std::string, std::string> lines;
    std::istringstream text(text_of(path));
    for (std::string line; std::getline(text, line);)
        if (const auto colon = line.find(':'); colon != std::string::npos)
            lines[line.substr(0, colon)] = line.substr(colon + 1);
    const auto number = [&](const char* key) { return parse_number(lines[key]).value_or(0); };
    Settings settings{split(lines["variables"]), split(lines["amount"]), split(lines["concentration"])};
    settings.start = number("start");
    settings.duration = number("duration");
    settings.absolute = number("absolute");
    settings.relative = number("relative");
    settings.steps = static_cast<int>(number("steps"));
    return settings;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

// Some cases list a compartment among the amounts.
std::string output_name(const Network& network, const Settings& settings, const std::string& variable) {
    if (find_species(network, variable) == nullptr) return variable;
    if (contains(settings.amount, variable)) return "amount(" + variable + ")";
    if (contains(settings.concentration, variable)) return "[" + variable + "]";
    return variable;
}

bool agrees(double expected, double value, const Settings& settings) {
    if (std::isnan(expected) || std::isnan(value)) return std::isnan(expected) && std::isnan(value);
    if (std::isinf(expected)) return value == expected;
    return std::abs(value - expected) <= settings.absolute + settings.relative * std::abs(expected);
}

// Empty if every value agrees; else the first that does not.
std::string compare(const Table& expected, const Table& got, const Settings& settings) {
    if (got.rows() != expected.rows())
        return std::to_string(got.rows()) + " rows of " + std::to_string(expected.rows());
    for (std::size_t i = 0; i < settings.variables.size(); ++i)
        for (std::size_t row = 0; row < expected.rows(); ++row) {
            const std::string& variable = settings.variables[i];
            const double wanted = expected.numbers(variable)[row];
            const double value = got.columns()[i + 1].numbers()[row];  // behind time
            if (!agrees(wanted, value, settings))
                return variable + " in row " + std::to_string(row + 1) + " is " + shortest(value) + ", not " +
                       shortest(wanted);
        }
    return {};
}

// Empty if it passes; a reason otherwise. Throws what has no equations yet.
std::string run(const Network& network, const Settings& settings, const Table& expected) {
    auto system = std::make_shared<OdeSystem>(lower(network));
    CompileOptions options;
    std::vector<std::string> names;
    for (const std::string& variable : settings.variables) {
        names.push_back(output_name(network, settings, variable));
        const auto node = system->output(names.back());
        if (!node) return "no output '" + names.back() + "'";
        options.outputs.push_back(*node);
    }
    const auto model = compile(system, options);
    std::vector<double> inputs, times;
    for (const Input& input : system->inputs) inputs.push_back(input.value);
    for (int i = 0; i <= settings.steps; ++i)
        times.push_back(settings.start + settings.duration * i / settings.steps);
    Recorder recorder(names, times);
    IntegrateOptions tight;
    tight.rtol = 1e-9;
    const Outcome outcome = integrate(*model, inputs, settings.start, times.back(), tight, recorder);
    if (outcome.kind == Outcome::Kind::failed) return describe(outcome, times.back());
    return compare(expected, recorder.table(), settings);
}

}  // namespace

TEST(SbmlSuite, ImportedModelsGiveTheSuitesValues) {
    if (!fs::exists(suite_archive())) GTEST_SKIP() << "no " << suite_archive();
    const Suite suite;
    int passed = 0, failed = 0, refused = 0;
    for (const fs::path& path : suite.models()) {
        const Read result = read(text_of(path), path.string());
        const fs::path stem = path.parent_path() / path.filename().string().substr(0, 5);
        const Settings settings = read_settings(stem.string() + "-settings.txt");
        if (settings.steps == 0) continue;
        try {
            const std::string problem =
                run(result.network, settings, read_csv(stem.string() + "-results.csv"));
            ++(problem.empty() ? passed : failed);
            if (!problem.empty()) std::cout << path.filename().string() << ": " << problem << '\n';
        } catch (const Error& error) {
            ++refused;
            EXPECT_EQ(error.fault(), Fault::unsupported) << path.filename().string() << error.what();
        }
    }
    std::cout << passed << " of " << passed + failed << " time courses agree, " << refused
              << " are refused\n";
    EXPECT_GE(passed, 1739);
}

}  // namespace rondo
