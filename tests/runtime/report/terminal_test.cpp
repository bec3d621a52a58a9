#include <gmock/gmock.h>

#include <cmath>
#include <regex>
#include <sstream>

#include "dsl/syntax/error.h"
#include "runtime/report/markup.h"
#include "runtime/report/report.h"

namespace rondo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::u32string> lines(const std::string& text) {
    std::vector<std::u32string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.push_back(decode(line));
    return result;
}

Plot waves() {
    Plot plot;
    plot.title = "one run";
    plot.x_label = "time";
    plot.y_label = "concentration";
    Series x{"X", {}, {}, {}}, y{"Y", {}, {}, {}};
    for (int i = 0; i <= 200; ++i) {
        x.x.push_back(i * 0.1);
        y.x.push_back(i * 0.1);
        x.y.push_back(2 + std::sin(i * 0.1));
        y.y.push_back(5 + std::cos(i * 0.1));
    }
    plot.series = {x, y};
    return plot;
}

TEST(TerminalPlot, DrawsADiagonal) {
    Plot plot;
    plot.series = {{"", {0, 1}, {0, 1}, {}}};
    EXPECT_EQ(to_terminal(plot, 18, 6),
              "1 ┤           ⢀⡠⠔\n"
              "  │       ⢀⡠⠔⠊⠁\n"
              "  │   ⢀⡠⠔⠊⠁\n"
              "0 ┤⡠⠔⠊⠁\n"
              "  └┬──────┬─────┬\n"
              "  0.0    0.5   1.0\n");
}

TEST(TerminalPlot, KeepsToItsSizeAndNamesEverything) {
    for (const auto& [width, height] : {std::pair{76, 20}, {40, 12}, {120, 40}}) {
        const std::string text = to_terminal(waves(), width, height);
        const auto rows = lines(text);
        EXPECT_EQ(rows.size(), static_cast<std::size_t>(height));
        for (const auto& row : rows)
            EXPECT_LE(row.size(), static_cast<std::size_t>(width + 4)) << encode(row);
        for (const char* word : {"one run", "time", "concentration", " X\n", " Y\n", "20"}) {
            EXPECT_THAT(text, HasSubstr(word));
        }
        EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    }
}

TEST(TerminalPlot, ColorsAreAddedOnRequestAndChangeNothingElse) {
    const std::string colored = to_terminal(waves(), 76, 20, true);
    EXPECT_THAT(colored, HasSubstr("\x1b[38;5;32m"));
    EXPECT_THAT(colored, HasSubstr("\x1b[38;5;166m"));
    const std::string stripped = std::regex_replace(colored, std::regex("\x1b\\[[0-9;]*m"), "");
    EXPECT_EQ(std::regex_replace(stripped, std::regex(" +\n"), "\n"), to_terminal(waves(), 76, 20));
}

TEST(TerminalPlot, GapsStayGaps) {
    Plot plot;
    plot.series = {{"", {0, 1, 2, 3}, {1, 1, NAN, 1}, {}}};
    const auto gap = [](const std::string& text) {
        for (const auto& row : lines(text)) {
            const auto first = row.find_first_of(U"⠤⣀⠒⠉");
            if (first != row.npos) return row.find(U"          ", first) != row.npos;
        }
        return false;
    };
    EXPECT_TRUE(gap(to_terminal(plot, 60, 10)));
    plot.series[0].y[2] = 1;
    EXPECT_FALSE(gap(to_terminal(plot, 60, 10)));
}

TEST(TerminalPlot, SaysThatThereIsNothing) {
    Plot plot;
    plot.title = "empty";
    EXPECT_THAT(to_terminal(plot), HasSubstr("no data"));
}

TEST(TerminalPlot, RefusesWhatIsNoLine) {
    Plot plot;
    plot.kind = Plot::Kind::heat;
    try {
        to_terminal(plot);
        FAIL() << "a heat map was drawn";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     "plot: a terminal shows line and scatter plots only; use report() for others");
    }
}

}  // namespace
}  // namespace rondo
