// The stochastic half of the SBML Test Suite, scored as its README says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tests/runtime/stochastic/ensemble.h"

namespace rondo::test {
namespace {

namespace fs = std::filesystem;

const fs::path archive = SHARED_DATA "/sbml-stochastic/cases.tar.zst";
constexpr std::size_t runs = 1000;

// Unpacked for as long as this lives.
struct Cases {
    Cases() {
        std::string pattern = fs::temp_directory_path() / "sbml-stochastic-XXXXXX";
        root = ::mkdtemp(pattern.data());
        const std::string unpack = "tar --zstd -xf '" + archive.string() + "' -C '" + root.string() + "'";
        if (std::system(unpack.c_str()) != 0) return;
        for (const auto& entry : fs::directory_iterator(root / "cases")) folders.push_back(entry.path());
        std::ranges::sort(folders);
    }
    ~Cases() { fs::remove_all(root); }
    Cases(const Cases&) = delete;

    fs::path root;
    std::vector<fs::path> folders;
};

// The deviation of Y = sqrt(n/2) (variance / sigma^2 - 1) over samples: sqrt((kurtosis - 1) / 2), which is 1
// for what is normal. In case 00003 most of 100 families (birth 1, death 1.1 a head) die out while a few
// grow, and it reaches 7: a range of +-5 means five of these. A family has a geometric size (mean g) if it
// lives (probability p), so the fourth cumulant follows from its moments.
// Source: Bailey, The Elements of Stochastic Processes (1964), section 8.6.
double spread_of_variance(const std::string& id, double t) {
    if (id != "00003") return 1;
    constexpr double birth = 1, death = 1.1, families = 100;
    const double m = std::exp((birth - death) * t);
    const double p = (birth - death) * m / (birth * m - death), g = m / p;
    const double m2 = p * g * (2 * g - 1), m3 = p * g * (6 * g * g - 6 * g + 1),
                 m4 = p * g * (24 * g * g * g - 36 * g * g + 14 * g - 1);
    const double k2 = m2 - m * m;
    const double k4 = m4 - 4 * m3 * m - 3 * m2 * m2 + 12 * m2 * m * m - 6 * m * m * m * m;
    return std::sqrt((2 + k4 / (families * k2 * k2)) / 2);
}

struct Range {
    double low, high;
    bool has(double x) const { return low <= x && x <= high; }
};

struct Case {
    explicit Case(const fs::path& folder) : id(folder.filename()) {
        std::istringstream lines(read_file(folder / (id + "-settings.txt")));
        for (std::string line; std::getline(lines, line);) {
            const auto colon = line.find(':');
            if (colon != line.npos) settings[line.substr(0, colon)] = line.substr(colon + 1);
        }
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().extension() == ".xml") model = entry.path();
        expected = read_csv(folder / (id + "-results.csv"));
    }

    double number(const std::string& name) const { return std::stod(settings.at(name)); }
    Range range(const std::string& name) const {
        Range result{};
        std::sscanf(settings.at(name).c_str(), " (%lf, %lf)", &result.low, &result.high);
        return result;
    }

    std::string id;
    std::map<std::string, std::string> settings;
    fs::path model;
    Table expected;
};

SimulateOptions options_of(const Case& given, const std::vector<std::string>& names) {
    SimulateOptions options;
    options.start = given.number("start");
    options.end = options.start + given.number("duration");
    options.points = static_cast<std::size_t>(given.number("steps")) + 1;
    for (const auto& name : names) options.select.push_back("amount(" + name + ")");
    return options;
}

// Points of time at which a variable's mean or deviation lies outside its range.
struct Score {
    int mean = 0, sd = 0;
};

Score score(const Case& given, const Table& result, const std::string& name) {
    const auto mu = given.expected.numbers(name + "-mean"), sigma = given.expected.numbers(name + "-sd"),
               mean = result.numbers("amount(" + name + ")_mean"),
               sd = result.numbers("amount(" + name + ")_sd");
    const Range means = given.range("meanRange"), deviations = given.range("sdRange");
    Score score;
    for (std::size_t row = 1; row < mu.size(); ++row) {
        if (sigma[row] == 0) {
            score.mean += mean[row] != mu[row];
            score.sd += sd[row] != 0;
            continue;
        }
        const double n = runs, ratio = sd[row] / sigma[row];
        const double spread = spread_of_variance(given.id, given.expected.numbers("time")[row]);
        score.mean += !means.has(std::sqrt(n) * (mean[row] - mu[row]) / sigma[row]);
        score.sd += !deviations.has(std::sqrt(n / 2) * (ratio * ratio - 1) / spread);
    }
    return score;
}

std::vector<std::string> variables(const Case& given) {
    std::vector<std::string> names;
    std::istringstream text(given.settings.at("variables"));
    for (std::string name; text >> name;) {
        std::erase(name, ',');
        names.push_back(name);
    }
    return names;
}

// Points in a row share their past, so one that strays takes its neighbours along: three are no failure.
void expect_passes(const Case& given, const Model& model, JumpMethod method) {
    const auto names = variables(given);
    const Runs result = stochastic_moments(model, options_of(given, names), {method, 1, runs}, Executor(0));
    for (const auto& name : names) {
        const auto [mean, sd] = score(given, result.table, name);
        if (mean + sd > 0)
            std::cout << given.id << " " << name << ": outside " << mean << " means, " << sd
                      << " deviations\n";
        EXPECT_LE(mean, 3) << name;
        EXPECT_LE(sd, 3) << name;
    }
}

TEST(StochasticSuite, PlainCasesPassAndOthersAreRefusedByName) {
    if (!fs::exists(archive)) GTEST_SKIP() << "no " << archive;
    const Cases cases;
    ASSERT_FALSE(cases.folders.empty());
    int passed = 0, refused = 0;
    for (const auto& folder : cases.folders) {
        const Case given(folder);
        SCOPED_TRACE(given.id);
        if (read_file(given.model).find("distrib:required") != std::string::npos) {
            try {
                load_model(given.model);
                ADD_FAILURE() << "not refused";
            } catch (const Error& error) {
                EXPECT_EQ(error.fault(), Fault::unsupported);
                EXPECT_THAT(error.what(), testing::HasSubstr("distrib"));
            }
            ++refused;
            continue;
        }
        const Model model = load_model(given.model);
        expect_passes(given, model, JumpMethod::direct);
        expect_passes(given, model, JumpMethod::next_reaction);
        ++passed;
    }
    std::cout << passed << " plain cases scored, " << refused << " of distrib refused\n";
    EXPECT_EQ(passed, 20);
    EXPECT_EQ(refused, 31);
}

}  // namespace
}  // namespace rondo::test
