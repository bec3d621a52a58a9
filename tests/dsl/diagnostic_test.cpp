// Places, carets and near names.
#include "dsl/syntax/diagnostic.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

std::string show(const std::string& text, std::uint32_t begin, std::uint32_t end, std::string help = {}) {
    Sources sources;
    const auto file = sources.add("m.ant", text);
    Diagnostics diagnostics(sources);
    diagnostics.error({file, begin, end}, "wrong", std::move(help));
    return diagnostics.render();
}

TEST(Diagnostic, ShowsPlaceCaretAndHelp) {
    EXPECT_EQ(show("a = 1\n  -> M; Kn\n", 14, 16, "did you mean 'K_n'?"),
              "m.ant:2:9: error: wrong\n"
              "  2 |   -> M; Kn\n"
              "    |         ^~\n"
              "  help: did you mean 'K_n'?\n");
}

TEST(Diagnostic, CountsCharactersAndEscapesControlBytes) {
    EXPECT_EQ(show("\"\xc3\xa9\"\t\x1b q", 7, 8),
              "m.ant:1:7: error: wrong\n"
              "  1 | \"\xc3\xa9\" \\x1b q\n"
              "    |          ^\n");
}

TEST(Diagnostic, CutsLongLinesAroundTheCaret) {
    const std::string text = show(std::string(10000, 'a') + "?" + std::string(10000, 'b'), 10000, 10001);
    EXPECT_NE(text.find("1 | ..." + std::string(70, 'a') + "?" + std::string(49, 'b') + "...\n"),
              std::string::npos);
    EXPECT_NE(text.find("| " + std::string(73, ' ') + "^\n"), std::string::npos);
}

TEST(Diagnostic, PointsPastTheEnd) {
    EXPECT_EQ(show("a\n", 2, 2), "m.ant:2:1: error: wrong\n  2 | \n    | ^\n");
}

TEST(Diagnostics, SortsByPlaceAndLimitsTheirNumber) {
    Sources sources;
    const auto file = sources.add("m.ant", std::string(300, 'x'));
    Diagnostics diagnostics(sources);
    for (std::uint32_t i = 200; i > 0; --i)
        diagnostics.error({file, i, i + 1}, "number " + std::to_string(i));
    EXPECT_EQ(diagnostics.list().size(), 100u);
    const std::string text = diagnostics.render();
    EXPECT_LT(text.find("number 101\n"), text.find("number 102\n"));
    EXPECT_TRUE(text.ends_with("further errors of m.ant are not shown\n"));
}

TEST(Diagnostics, ThrowUnsupportedOnlyIfThatIsAll) {
    Sources sources;
    Diagnostics diagnostics(sources);
    diagnostics.warning({}, "hm");
    EXPECT_NO_THROW(diagnostics.throw_if_errors());
    const auto fault = [&] {
        try {
            diagnostics.throw_if_errors();
        } catch (const Error& error) {
            return error.fault();
        }
        return Fault::usage;
    };
    diagnostics.unsupported({}, "not yet");
    EXPECT_EQ(fault(), Fault::unsupported);
    diagnostics.error({}, "wrong");
    EXPECT_EQ(fault(), Fault::input);
}

TEST(Nearest, PrefersCaseAndSeparatorsThenFewEdits) {
    const std::vector<std::string> names = {"K_m", "K_n", "transcription", "Vmax", "simulate"};
    struct Case {
        std::string_view name;
        std::optional<std::string> near;
    };
    const Case cases[] = {{"Kn", "K_n"},
                          {"vmax", "Vmax"},
                          {"transcirption", "transcription"},
                          {"Q", {}},
                          {"simluate", "simulate"},
                          {"simulate", {}},
                          {"", {}},
                          {"_", {}},
                          {"Vmx", "Vmax"}};
    for (const auto& [name, near] : cases) EXPECT_EQ(nearest(name, names), near) << name;
}

}  // namespace
}  // namespace rondo
